package dev.architect.cost;

import dev.architect.check.Check;
import dev.architect.usage.TokenUsage;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a {@linkplain PriceCatalogue catalogue} for one model, prepared for many calls of it: pricing one compares neither names nor
 * creates objects. Its prices are those of the catalogue. Immutable and safe for use by several threads.
 */
public final class ModelPrices {

    /** What {@link #picoUsd} returns for a call whose price is unknown. */
    public static final long UNPRICED = -1;

    /** The first that covers a call is the one that prices it. */
    private final Price[] bestFirst;

    /** {@code rows} match the model; the last of those that cover a call by {@code bestLast} prices it. */
    ModelPrices(List<Price> rows, Comparator<Price> bestLast) {
        this.bestFirst = rows.stream().sorted(bestLast.reversed()).toArray(Price[]::new);
    }

    /** Returns the rows, the best first. */
    public List<Price> rows() {
        return List.of(bestFirst);
    }

    /**
     * Returns the row that prices such a call, empty when there is none.
     *
     * @param serviceTier the tier that served it, as the provider reports it
     * @param region where it was served, as the provider reports it; empty when it does not
     */
    public Optional<Price> find(String serviceTier, String region, Instant at, long promptTokens) {
        return Optional.ofNullable(row(serviceTier, region, at, promptTokens));
    }

    private @Nullable Price row(String serviceTier, String region, Instant at, long promptTokens) {
        String tier = Price.tierOf(serviceTier);
        Check.notNull("region", region);
        Check.notNull("at", at);
        for (Price price : bestFirst) {
            if (price.coversCall(tier, region, at, promptTokens)) {
                return price;
            }
        }
        return null;
    }

    /** As {@link PriceCatalogue#cost(dev.architect.model.ModelId, String, String, TokenUsage, Instant)}. */
    public Cost cost(String serviceTier, String region, TokenUsage usage, Instant at) {
        long picoUsd = picoUsd(serviceTier, region, usage, at);
        return picoUsd == UNPRICED ? Cost.UNPRICED : Cost.priced(new Money(picoUsd));
    }

    /**
     * Returns the exact cost in pico-dollars (10⁻¹² dollars), or {@link #UNPRICED} where {@link #cost} returns {@link Cost#UNPRICED}.
     * Creates no object.
     *
     * @throws ArithmeticException when it is more than a {@code long} holds
     */
    public long picoUsd(String serviceTier, String region, TokenUsage usage, Instant at) {
        Price price = row(serviceTier, region, at, Check.notNull("usage", usage).promptTokens());
        // Unknown usage is not a usage of zero, which would cost nothing.
        return price == null || usage.isUnknown() ? UNPRICED : PriceCatalogue.picoUsd(price, usage);
    }
}
