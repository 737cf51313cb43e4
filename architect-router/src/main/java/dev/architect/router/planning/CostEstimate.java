package dev.architect.router.planning;

import dev.architect.cost.Cost;
import dev.architect.cost.Money;
import dev.architect.cost.MoneyTotal;
import dev.architect.router.policy.RoutingPolicy;
import java.util.List;

/**
 * What a request would probably cost on a model.
 *
 * @param model the model
 * @param input tokens of the prompt, counted or estimated
 * @param output tokens that the answer will probably have
 * @param cost the cost of both, or unpriced
 */
record CostEstimate(RoutingPolicy.Model model, long input, long output, Cost cost) {

    boolean isUnpriced() {
        return cost.amount().isEmpty();
    }

    Money costOrZero() {
        return cost.amount().orElse(Money.ZERO);
    }

    /** Whether prompt and answer fit the window. */
    boolean fits() {
        return input + output <= model.contextTokens();
    }

    String tooSmall() {
        return "has a window of " + model.contextTokens() + " tokens, about " + (input + output) + " are needed";
    }

    int quality() {
        return model.quality();
    }

    String name() {
        return model.id().toString();
    }

    String words() {
        String money = cost.amount()
                .map(amount -> "about " + MoneyTotal.sum(List.of(amount)).display())
                .orElse("no known price, so after all priced ones,");
        return money + " for " + input + " prompt and " + output + " answer tokens, quality " + quality();
    }
}
