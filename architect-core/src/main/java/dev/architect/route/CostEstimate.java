package dev.architect.route;

import dev.architect.check.Check;
import dev.architect.cost.Cost;
import dev.architect.cost.MoneyTotal;

/**
 * What a request would probably cost on a model.
 *
 * @param promptTokens tokens of the prompt, counted or estimated
 * @param answerTokens tokens that the answer will probably have
 * @param cost the cost of both, or unpriced
 */
public record CostEstimate(long promptTokens, long answerTokens, Cost cost) {

    /** Checks every field. */
    public CostEstimate {
        Check.notNull("cost", cost);
    }

    /** Tokens of prompt and answer together, which the model's window has to hold. */
    public long totalTokens() {
        return promptTokens + answerTokens;
    }

    /** Renders the estimate in English. */
    String description() {
        String money = cost.amount()
                .map(amount -> "about " + MoneyTotal.ZERO.plus(amount).display())
                .orElse("no known price, so after all priced ones,");
        return money + " for " + promptTokens + " prompt and " + answerTokens + " answer tokens";
    }
}
