package dev.architect.router.budget;

import dev.architect.chat.ChatRequest;
import dev.architect.cost.Cost;
import dev.architect.cost.Money;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.request.CostForecast;
import dev.architect.route.Candidate;
import dev.architect.route.CostEstimate;
import dev.architect.route.OutputForecast;
import dev.architect.route.OutputHistory;
import dev.architect.router.cost.RequestedTier;
import java.time.Instant;
import java.util.Optional;

/**
 * What calls probably cost: the estimate of the route, with the length of answer that the earlier ones of the model let expect. While there are too
 * few of these, the estimate as it is.
 *
 * @param outputs the lengths of earlier answers
 * @param taskType the type of the task that the request is part of
 * @param complexity the class of the prompt
 * @param bound the most that a call can cost
 */
public record ProbableCost(OutputHistory outputs, Optional<String> taskType, Complexity complexity, CostBound bound) {

    /** Returns what nine of ten calls like one do not exceed; zero when the model has no price. */
    Money of(ChatRequest request, ModelId model, CostEstimate estimate, Instant at) {
        return outputs.forecast(model, taskType, complexity, estimate.promptTokens())
                .map(forecast ->
                        level(request, model, estimate, forecast.p90(), at).cost())
                .orElse(estimate.cost())
                .amount()
                .orElse(Money.ZERO);
    }

    /** Returns what a request would cost on a candidate of its route at {@code at}. */
    public CostForecast forecast(ChatRequest request, Candidate candidate, Instant at) {
        ModelId model = candidate.model();
        CostEstimate estimate = candidate.estimate();
        Optional<OutputForecast> forecast = outputs.forecast(model, taskType, complexity, estimate.promptTokens());
        long usual = estimate.answerTokens();
        long longest =
                request.generation().maxOutputTokens().map(Integer::longValue).orElse(usual);
        return new CostForecast(
                model,
                estimate.promptTokens(),
                forecast.map(OutputForecast::basis),
                forecast.map(OutputForecast::calls).orElse(0),
                level(request, model, estimate, 0, at),
                level(
                        request,
                        model,
                        estimate,
                        forecast.map(OutputForecast::p50).orElse(usual),
                        at),
                level(
                        request,
                        model,
                        estimate,
                        forecast.map(OutputForecast::p90).orElse(longest),
                        at));
    }

    /** With an answer of that length, as far as the request allows it. */
    private CostForecast.Level level(
            ChatRequest request, ModelId model, CostEstimate estimate, long answerTokens, Instant at) {
        long most =
                request.generation().maxOutputTokens().map(Integer::longValue).orElse(Long.MAX_VALUE);
        long answer = Math.min(most, answerTokens);
        Optional<Money> usual = estimate.cost().amount();
        // The fees that the estimate has beside its tokens stay.
        String tier = RequestedTier.of(request, model.provider());
        Optional<Money> before = bound.tokens(model, tier, estimate.promptTokens(), estimate.answerTokens(), at);
        Optional<Money> after = bound.tokens(model, tier, estimate.promptTokens(), answer, at);
        if (usual.isEmpty() || before.isEmpty() || after.isEmpty()) {
            return new CostForecast.Level(answer, estimate.cost());
        }
        long fees = Math.max(0, usual.get().picoUsd() - before.get().picoUsd());
        return new CostForecast.Level(answer, Cost.priced(after.get().plus(new Money(fees))));
    }
}
