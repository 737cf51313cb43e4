package dev.architect.router.planning;

import dev.architect.cost.Money;
import dev.architect.model.ModelId;
import dev.architect.route.Candidate;
import dev.architect.route.CostEstimate;
import dev.architect.route.Exclusion;
import dev.architect.route.QualityFloor;
import dev.architect.route.SelectionReason;
import dev.architect.router.admission.Deployment;
import java.util.Comparator;

/**
 * A model that can serve a request, with what the request would probably cost on it.
 *
 * @param deployment the model and its provider
 * @param estimate the tokens and their cost
 */
record RatedModel(Deployment deployment, CostEstimate estimate) {

    /** Unpriced ones last. Models of equal cost and quality come in the order of their ids, so that routes repeat. */
    static final Comparator<RatedModel> CHEAPEST_FIRST = Comparator.comparing(RatedModel::isUnpriced)
            .thenComparing(RatedModel::costOrZero)
            .thenComparing(Comparator.comparingInt(RatedModel::quality).reversed())
            .thenComparing(rated -> rated.id().provider())
            .thenComparing(rated -> rated.id().model());

    static final Comparator<RatedModel> BEST_FIRST =
            Comparator.comparingInt(RatedModel::quality).reversed().thenComparing(CHEAPEST_FIRST);

    ModelId id() {
        return deployment.id();
    }

    int quality() {
        return deployment.modelPolicy().quality();
    }

    /** Whether prompt and answer fit the window. */
    boolean fitsWindow() {
        return estimate.totalTokens() <= deployment.modelPolicy().contextTokens();
    }

    Exclusion windowExclusion() {
        return new Exclusion.ContextWindowTooSmall(
                id(), deployment.modelPolicy().contextTokens(), estimate.totalTokens());
    }

    Candidate candidate(SelectionReason selection, QualityFloor floor) {
        return new Candidate(id(), quality(), estimate, selection, floor);
    }

    private boolean isUnpriced() {
        return estimate.cost().amount().isEmpty();
    }

    private Money costOrZero() {
        return estimate.cost().amount().orElse(Money.ZERO);
    }
}
