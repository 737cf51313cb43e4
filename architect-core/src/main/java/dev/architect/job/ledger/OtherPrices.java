package dev.architect.job.ledger;

import dev.architect.check.Check;
import dev.architect.cost.PriceCatalogue;
import dev.architect.ledger.Rerating;
import dev.architect.model.ModelId;
import java.util.Map;
import java.util.Optional;

/**
 * By which other prices calls are rated.
 *
 * @param file the text of a price file; empty for the prices that are usual where it is used
 * @param everyModel the model that every call counts as one of; empty for the model that answered
 * @param models the models that calls count as ones of, by those that answered; before {@code everyModel}
 */
public record OtherPrices(Optional<String> file, Optional<ModelId> everyModel, Map<ModelId, ModelId> models) {

    /** The most characters of a price file: the one of all vendors that comes with Architect has 120,000. */
    public static final int MAX_FILE_CHARACTERS = 400_000;

    /** The most models of {@link #models}. */
    public static final int MAX_MODELS = 1_000;

    /** The usual prices, for the models that answered. */
    public static final OtherPrices USUAL = new OtherPrices(Optional.empty(), Optional.empty(), Map.of());

    /** Copies the map and checks every field. */
    public OtherPrices {
        Check.notNull("file", file).ifPresent(text -> Check.atMost("file", text, MAX_FILE_CHARACTERS));
        Check.notNull("everyModel", everyModel);
        models = Map.copyOf(Check.noNulls("models", models));
        Check.range("models size", models.size(), 0, MAX_MODELS);
    }

    /** Returns the same without the text of its file, which can be long. */
    OtherPrices withoutFile() {
        return new OtherPrices(Optional.empty(), everyModel, models);
    }

    /** Returns the rating by the prices of {@code catalogue}, which is that of {@link #file} where there is one. */
    public Rerating rerating(PriceCatalogue catalogue) {
        Rerating rerating = Rerating.by(catalogue);
        if (everyModel.isPresent()) {
            rerating = rerating.withEveryModel(everyModel.get());
        }
        for (Map.Entry<ModelId, ModelId> each : models.entrySet()) {
            rerating = rerating.withModel(each.getKey(), each.getValue());
        }
        return rerating;
    }
}
