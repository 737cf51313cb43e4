package dev.architect.router.budget;

import dev.architect.chat.ChatRequest;
import dev.architect.cost.Money;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.route.CostEstimate;
import dev.architect.route.OutputForecast;
import dev.architect.route.OutputHistory;
import dev.architect.router.cost.RequestedTier;
import java.time.Instant;
import java.util.Optional;

/**
 * What nine of ten calls like one do not exceed: the estimate of the route, with the length of answer that the earlier ones of the model let
 * expect. While there are too few of these, the estimate as it is.
 *
 * @param outputs the lengths of earlier answers
 * @param taskType the type of the task that the request is part of
 * @param complexity the class of the prompt
 * @param bound the most that a call can cost
 */
record ProbableCost(OutputHistory outputs, Optional<String> taskType, Complexity complexity, CostBound bound) {

    /** Returns the amount; zero when the model has no price. */
    Money of(ChatRequest request, ModelId model, CostEstimate estimate, Instant at) {
        Optional<Money> usual = estimate.cost().amount();
        Optional<OutputForecast> forecast = outputs.forecast(model, taskType, complexity, estimate.promptTokens());
        if (usual.isEmpty() || forecast.isEmpty()) {
            return usual.orElse(Money.ZERO);
        }
        long most =
                request.generation().maxOutputTokens().map(Integer::longValue).orElse(Long.MAX_VALUE);
        long answer = Math.min(most, forecast.get().p90());
        // The fees that the estimate has beside its tokens stay.
        String tier = RequestedTier.of(request, model.provider());
        Optional<Money> before = bound.tokens(model, tier, estimate.promptTokens(), estimate.answerTokens(), at);
        Optional<Money> after = bound.tokens(model, tier, estimate.promptTokens(), answer, at);
        if (before.isEmpty() || after.isEmpty()) {
            return usual.get();
        }
        long fees = Math.max(0, usual.get().picoUsd() - before.get().picoUsd());
        return after.get().plus(new Money(fees));
    }
}
