package dev.architect.router.planning;

import dev.architect.chat.ChatRequest;
import dev.architect.cost.Cost;
import dev.architect.cost.Price;
import dev.architect.model.Capability;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.route.CostEstimate;
import dev.architect.router.cost.CallPricer;
import dev.architect.router.cost.TokenEstimator;
import dev.architect.router.policy.ModelPolicy;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** Estimates one request on any model: counted prompt, expected answer, and the fees that the request will probably cause. */
final class CostEstimator {

    private final CallPricer prices;
    private final TokenEstimator tokens;
    private final ChatRequest request;
    private final Complexity complexity;
    private final Instant at;

    CostEstimator(CallPricer prices, TokenEstimator tokens, ChatRequest request, Complexity complexity, Instant at) {
        this.prices = prices;
        this.tokens = tokens;
        this.request = request;
        this.complexity = complexity;
        this.at = at;
    }

    CostEstimate estimate(ModelPolicy model) {
        long promptTokens = tokens.promptTokens(model.id(), request);
        long answerTokens = tokens.expectedAnswerTokens(model, request, complexity);
        return new CostEstimate(promptTokens, answerTokens, cost(model.id(), promptTokens, answerTokens));
    }

    private Cost cost(ModelId model, long promptTokens, long answerTokens) {
        TokenUsage.Builder usage =
                TokenUsage.builder().add(UsageBucket.INPUT, promptTokens).add(UsageBucket.OUTPUT, answerTokens);
        Set<UsageBucket> priced = prices.find(model, at, promptTokens)
                .map(Price::rates)
                .map(Map::keySet)
                .orElse(Set.of());
        boolean paysByRequest = priced.contains(UsageBucket.REQUEST);
        if (paysByRequest) {
            usage.add(UsageBucket.REQUEST, 1);
        }
        if (needsSearch(priced.contains(UsageBucket.WEB_SEARCH), paysByRequest)) {
            usage.add(UsageBucket.WEB_SEARCH, 1);
        }
        // Without cache reads: whether a prompt is still cached is known only after the call.
        return prices.cost(model, Price.STANDARD, "", usage.build(), at);
    }

    /** A search without a known fee makes the estimate unpriced, unless the fee of the request covers it. */
    private boolean needsSearch(boolean hasFee, boolean paysByRequest) {
        return request.selection().needs().contains(Capability.WEB_SEARCH) && (hasFee || !paysByRequest);
    }
}
