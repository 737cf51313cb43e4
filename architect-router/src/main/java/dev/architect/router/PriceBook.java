package dev.architect.router;

import dev.architect.cost.Cost;
import dev.architect.cost.CostStatus;
import dev.architect.cost.Price;
import dev.architect.cost.PriceCatalogue;
import dev.architect.model.ModelId;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Asks the price catalogue on behalf of the router. Immutable and safe for use by several threads. */
final class PriceBook {

    private final String version;
    private final ModelId baseline;

    /** The rows of each provider alone, so that a question looks at few rows. */
    private final Map<String, PriceCatalogue> byProvider;

    PriceBook(PriceCatalogue catalogue, ModelId baseline) {
        this.version = catalogue.version();
        this.baseline = baseline;
        Map<String, List<Price>> rows = catalogue.prices().stream().collect(Collectors.groupingBy(Price::provider));
        this.byProvider = rows.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, entry -> new PriceCatalogue(version, entry.getValue())));
    }

    String version() {
        return version;
    }

    /** The exact cost; unpriced when it is unknown, or so large that it cannot be true. */
    Cost cost(ModelId model, String serviceTier, TokenUsage usage, Instant at) {
        PriceCatalogue rows = byProvider.get(model.provider());
        if (rows == null) {
            return Cost.UNPRICED;
        }
        try {
            return rows.cost(model, serviceTier, usage, at);
        } catch (ArithmeticException absurd) {
            return Cost.UNPRICED;
        }
    }

    /** The row that prices such a call. */
    Optional<Price> find(ModelId model, Instant at, long promptTokens) {
        return Optional.ofNullable(byProvider.get(model.provider()))
                .flatMap(rows -> rows.find(model, Price.STANDARD, at, promptTokens));
    }

    /**
     * What {@code usage} would have cost on the baseline model. Where that model has no rate of its own, cached tokens count
     * as plain input and separate reasoning as output; fees and citations, which it would not have had, are left out. An
     * unpriced call has no baseline either, because it is on neither side of the savings.
     */
    Cost baseline(TokenUsage usage, Cost paid, Instant at) {
        if (paid.status() == CostStatus.UNPRICED) {
            return Cost.UNPRICED;
        }
        try {
            return find(baseline, at, usage.promptTokens())
                    .map(price -> cost(baseline, Price.STANDARD, translated(usage, price), at))
                    .orElse(Cost.UNPRICED);
        } catch (ArithmeticException absurd) {
            return Cost.UNPRICED;
        }
    }

    private static TokenUsage translated(TokenUsage usage, Price price) {
        TokenUsage.Builder translated = TokenUsage.builder();
        usage.counts().forEach((bucket, count) -> {
            if (price.rates().containsKey(bucket)) {
                translated.add(bucket, count);
            } else {
                substitute(bucket, price).ifPresent(other -> translated.add(other, count));
            }
        });
        return translated.build();
    }

    private static Optional<UsageBucket> substitute(UsageBucket bucket, Price price) {
        return switch (bucket) {
            case INPUT, CACHE_READ, CACHE_WRITE_5M, CACHE_WRITE_1H -> Optional.of(UsageBucket.INPUT);
            case CACHE_WRITE ->
                Optional.of(
                        price.rates().containsKey(UsageBucket.CACHE_WRITE_5M)
                                ? UsageBucket.CACHE_WRITE_5M
                                : UsageBucket.INPUT);
            case OUTPUT, REASONING -> Optional.of(UsageBucket.OUTPUT);
            case CITATION, WEB_SEARCH, WEB_FETCH, REQUEST, REASONING_IN_OUTPUT -> Optional.empty();
        };
    }
}
