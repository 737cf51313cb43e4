package dev.architect.cost;

import dev.architect.check.Check;
import dev.architect.model.ModelId;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All known prices of one version. Pricing is a pure function of usage, instant and this catalogue.
 *
 * <p>Of the rows that cover a call, one with the exact model id wins over prefixes, then the longest prefix, then the
 * largest prompt tier. Immutable and safe for use by several threads.
 *
 * @param version names the catalogue in ledger rows
 * @param prices the rows; two rows that could both claim the same call are an error
 */
public record PriceCatalogue(String version, List<Price> prices) {

    private static final Comparator<Price> BEST_LAST = Comparator.comparing(
                    (Price price) -> price.match() == Price.Match.EXACT)
            .thenComparingInt(price -> price.model().length())
            .thenComparingLong(price -> price.tier().tokens());

    /** Copies the rows and checks that none overlaps another. */
    public PriceCatalogue {
        Check.notNull("version", version);
        prices = List.copyOf(Check.noNulls("prices", prices));
        // Quadratic, but done only once for a catalogue.
        for (int i = 0; i < prices.size(); i++) {
            for (int j = i + 1; j < prices.size(); j++) {
                if (prices.get(i).overlaps(prices.get(j))) {
                    throw new IllegalArgumentException("prices of "
                            + prices.get(i).provider() + "/" + prices.get(i).model() + " from "
                            + prices.get(i).validFrom() + " and from "
                            + prices.get(j).validFrom() + " overlap, expected one price at a time");
                }
            }
        }
    }

    /** Returns the row that prices such a call, empty when the model is unknown. */
    public Optional<Price> find(ModelId model, String serviceTier, Instant at, long promptTokens) {
        return prices.stream()
                .filter(price -> price.covers(model, serviceTier, at, promptTokens))
                .max(BEST_LAST);
    }

    /** Returns the cost of {@code usage} on the standard service tier. */
    public Cost cost(ModelId model, TokenUsage usage, Instant at) {
        return cost(model, Price.STANDARD, usage, at);
    }

    /**
     * Returns the exact cost of {@code usage}, or {@link Cost#UNPRICED} when the model, or a bucket that was used, has no
     * price, or nothing is known of the usage.
     *
     * @param at when the call started
     */
    public Cost cost(ModelId model, String serviceTier, TokenUsage usage, Instant at) {
        Optional<Price> price = find(model, serviceTier, at, usage.promptTokens());
        // Unknown usage is not a usage of zero, which would cost nothing.
        if (price.isEmpty() || usage.isUnknown()) {
            return Cost.UNPRICED;
        }
        Money sum = Money.ZERO;
        for (Map.Entry<UsageBucket, Long> entry : usage.counts().entrySet()) {
            // Informative counts are contained in another bucket, and a bucket that was not used needs no rate.
            if (entry.getKey().side() == UsageBucket.Side.INFORMATIVE || entry.getValue() == 0) {
                continue;
            }
            Optional<Rate> rate = rate(price.get(), entry.getKey());
            if (rate.isEmpty()) {
                // A sum without this bucket would look like the price of the call.
                return Cost.UNPRICED;
            }
            sum = sum.plus(rate.get().cost(entry.getValue()));
        }
        return Cost.priced(sum);
    }

    /** Some buckets are priced as another where they have no rate of their own, as {@link UsageBucket} states of each. */
    private static Optional<Rate> rate(Price price, UsageBucket bucket) {
        Rate rate = price.rates().get(bucket);
        return Optional.ofNullable(rate != null ? rate : price.rates().get(pricedAs(bucket)));
    }

    private static UsageBucket pricedAs(UsageBucket bucket) {
        return switch (bucket) {
            case CACHE_WRITE -> UsageBucket.CACHE_WRITE_5M;
            case INPUT_IMAGE, INPUT_AUDIO -> UsageBucket.INPUT;
            case OUTPUT_IMAGE, OUTPUT_AUDIO -> UsageBucket.OUTPUT;
            case INPUT,
                    CACHE_READ,
                    CACHE_WRITE_5M,
                    CACHE_WRITE_1H,
                    OUTPUT,
                    REASONING,
                    CITATION,
                    WEB_SEARCH,
                    WEB_FETCH,
                    REQUEST,
                    REASONING_IN_OUTPUT -> bucket;
        };
    }
}
