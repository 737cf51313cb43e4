package dev.architect.request;

import dev.architect.check.Check;
import dev.architect.cost.Cost;
import dev.architect.model.ModelId;
import dev.architect.route.CostEstimate;
import dev.architect.route.OutputForecast;
import java.util.Optional;

/**
 * What a request would cost, before it is made. The prompt is counted and never forecast; the length of the answer is.
 *
 * @param model the model: the first candidate of the request's route
 * @param promptTokens tokens of the prompt, counted or estimated
 * @param basis which earlier calls the length of the answer is forecast from; empty when there are too few, and it is the usual one of the policy
 * @param calls how many earlier calls these are; 0 without a basis
 * @param low what it costs at least: with an answer of no tokens where the router can tell, and without anything from a cache
 * @param p50 what half of such requests do not exceed
 * @param p90 what nine of ten such requests do not exceed; without a basis, with the longest answer that the request allows, where it has a limit
 */
public record CostForecast(
        ModelId model,
        long promptTokens,
        Optional<OutputForecast.Basis> basis,
        int calls,
        Level low,
        Level p50,
        Level p90) {

    /**
     * A possible cost.
     *
     * @param answerTokens tokens of the answer
     * @param cost what prompt and answer cost together; unpriced when the model has no price
     */
    public record Level(long answerTokens, Cost cost) {

        /** Checks both. */
        public Level {
            Check.notNegative("answerTokens", answerTokens);
            Check.notNull("cost", cost);
        }
    }

    /** Checks every field. */
    public CostForecast {
        Check.notNull("model", model);
        Check.notNegative("promptTokens", promptTokens);
        Check.notNull("basis", basis);
        Check.notNegative("calls", calls);
        Check.notNull("low", low);
        Check.notNull("p50", p50);
        Check.notNull("p90", p90);
    }

    /** Returns the forecast of a router that knows no earlier calls: the estimate of its route, whatever the share. */
    public static CostForecast of(ModelId model, CostEstimate estimate) {
        Level usual = new Level(Check.notNull("estimate", estimate).answerTokens(), estimate.cost());
        return new CostForecast(model, estimate.promptTokens(), Optional.empty(), 0, usual, usual, usual);
    }
}
