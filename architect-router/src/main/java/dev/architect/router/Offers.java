package dev.architect.router;

import dev.architect.chat.ChatRequest;
import dev.architect.cost.Cost;
import dev.architect.cost.Price;
import dev.architect.model.Capability;
import dev.architect.model.ModelId;
import dev.architect.route.Complexity;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** Estimates one request on any model: counted prompt, expected answer, and the fees that the request will probably cause. */
final class Offers {

    private final PriceBook prices;
    private final TokenEstimate tokens;
    private final ChatRequest request;
    private final Complexity complexity;
    private final Instant at;

    Offers(PriceBook prices, TokenEstimate tokens, ChatRequest request, Complexity complexity, Instant at) {
        this.prices = prices;
        this.tokens = tokens;
        this.request = request;
        this.complexity = complexity;
        this.at = at;
    }

    Offer of(RoutingPolicy.Model model) {
        long input = tokens.input(model.id(), request);
        long output = tokens.expectedOutput(model, request, complexity);
        return new Offer(model, input, output, cost(model.id(), input, output));
    }

    private Cost cost(ModelId model, long input, long output) {
        TokenUsage.Builder usage =
                TokenUsage.builder().add(UsageBucket.INPUT, input).add(UsageBucket.OUTPUT, output);
        Set<UsageBucket> priced =
                prices.find(model, at, input).map(Price::rates).map(Map::keySet).orElse(Set.of());
        if (priced.contains(UsageBucket.REQUEST)) {
            usage.add(UsageBucket.REQUEST, 1);
        }
        if (priced.contains(UsageBucket.WEB_SEARCH) && request.needs().contains(Capability.WEB_SEARCH)) {
            usage.add(UsageBucket.WEB_SEARCH, 1);
        }
        return prices.cost(model, Price.STANDARD, usage.build(), at);
    }
}
