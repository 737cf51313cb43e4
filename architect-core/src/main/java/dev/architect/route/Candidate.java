package dev.architect.route;

import dev.architect.check.Check;
import dev.architect.model.ModelId;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A model that may answer, at its place on the route, and the numbers that put it there.
 *
 * @param model the model
 * @param quality how good its answers are by the policy, 0 to 100
 * @param estimate what the request would probably cost on it
 * @param selection why it is a candidate
 * @param floor the least quality that the route looked for
 * @param values what the strategies saw of it, in their order; empty on the route of a request that was made, because nothing is
 *     kept for a decision that is not read
 */
public record Candidate(
        ModelId model,
        int quality,
        CostEstimate estimate,
        SelectionReason selection,
        QualityFloor floor,
        List<StrategyValue> values) {

    /** Creates a candidate without the values of its strategies. */
    public Candidate(ModelId model, int quality, CostEstimate estimate, SelectionReason selection, QualityFloor floor) {
        this(model, quality, estimate, selection, floor, List.of());
    }

    /** Checks every field and copies the values. */
    public Candidate {
        Check.notNull("model", model);
        Check.notNull("estimate", estimate);
        Check.notNull("selection", selection);
        Check.notNull("floor", floor);
        values = List.copyOf(Check.noNulls("values", values));
    }

    /** Renders why it stands at this place, in English and without text of the prompt. */
    public String reason() {
        String why = switch (selection) {
            case NAMED_BY_REQUEST -> "the request names it";
            case MEETS_FLOOR -> "the floor is " + floor.minimum();
            case BEST_BELOW_FLOOR -> "under the " + floor.description() + " that no model reaches, so best first";
        };
        String seen = values.isEmpty()
                ? ""
                : "; " + values.stream().map(StrategyValue::description).collect(Collectors.joining(", "));
        return estimate.description() + ", quality " + quality + "; " + why + seen;
    }
}
