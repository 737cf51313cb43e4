package dev.architect.cost;

import dev.architect.check.Check;
import dev.architect.model.ModelId;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All known prices of one version. Pricing is a pure function of usage, instant and this catalogue.
 *
 * <p>Of the rows that cover a call, one with the exact model id wins over one with a date behind it, that over prefixes, then
 * the longest id, then a row of the region, then the largest prompt tier. Immutable and safe for use by several threads.
 *
 * @param version names the catalogue in ledger rows
 * @param prices the rows; two rows that could both claim the same call are an error
 */
public record PriceCatalogue(String version, List<Price> prices) {

    private static final UsageBucket[] BUCKETS = UsageBucket.values();
    private static final Comparator<Price> BEST_LAST = Comparator.comparingInt(PriceCatalogue::exactness)
            .thenComparingInt(price -> price.model().length())
            .thenComparing(price -> price.region().isPresent())
            .thenComparingLong(price -> price.tier().tokens());

    /** Copies the rows and checks that none overlaps another. */
    public PriceCatalogue {
        Check.notNull("version", version);
        prices = List.copyOf(Check.noNulls("prices", prices));
        // By model, because rows of different ones never overlap and a catalogue has thousands.
        Map<ModelId, List<Price>> byModel = new HashMap<>();
        for (Price price : prices) {
            List<Price> others = byModel.computeIfAbsent(key(price), key -> new ArrayList<>());
            for (Price other : others) {
                if (other.overlaps(price)) {
                    throw new IllegalArgumentException(
                            "prices of " + other.provider() + "/" + other.model() + " from " + other.validFrom()
                                    + " and from " + price.validFrom() + " overlap, expected one price at a time");
                }
            }
            others.add(price);
        }
    }

    private static ModelId key(Price price) {
        return new ModelId(price.provider(), price.model().isEmpty() ? "*" : price.model());
    }

    private static int exactness(Price price) {
        return switch (price.match()) {
            case PREFIX -> 0;
            case DATED -> 1;
            case EXACT -> 2;
        };
    }

    /**
     * Returns this catalogue with {@code own} rows on top: for a model, match, service tier and region that they name, only
     * they count.
     *
     * @param ownVersion names them; the version of the result has both names
     */
    public PriceCatalogue with(String ownVersion, List<Price> own) {
        List<Price> merged = new ArrayList<>();
        Set<List<Object>> named = new HashSet<>();
        Check.noNulls("own", own).forEach(price -> named.add(claim(price)));
        prices.stream().filter(price -> !named.contains(claim(price))).forEach(merged::add);
        merged.addAll(own);
        return new PriceCatalogue(version + "+" + Check.notBlank("ownVersion", ownVersion), merged);
    }

    private static List<Object> claim(Price price) {
        return List.of(price.provider(), price.model(), price.match(), price.serviceTier(), price.region());
    }

    /** Returns the row that prices such a call in no certain region, empty when the model is unknown. */
    public Optional<Price> find(ModelId model, String serviceTier, Instant at, long promptTokens) {
        return find(model, serviceTier, "", at, promptTokens);
    }

    /**
     * Returns the row that prices such a call, empty when the model is unknown.
     *
     * @param serviceTier the tier that served it, as the provider reports it
     * @param region where it was served, as the provider reports it; empty when it does not
     */
    public Optional<Price> find(ModelId model, String serviceTier, String region, Instant at, long promptTokens) {
        return of(model).find(serviceTier, region, at, promptTokens);
    }

    /** Returns the rows for a model, prepared for many calls of it. */
    public ModelPrices of(ModelId model) {
        Check.notNull("model", model);
        return new ModelPrices(
                prices.stream().filter(price -> price.matches(model)).toList(), BEST_LAST);
    }

    /** Returns the cost of {@code usage} on the standard service tier. */
    public Cost cost(ModelId model, TokenUsage usage, Instant at) {
        return cost(model, Price.STANDARD, usage, at);
    }

    /** Returns the cost of {@code usage} in no certain region. */
    public Cost cost(ModelId model, String serviceTier, TokenUsage usage, Instant at) {
        return cost(model, serviceTier, "", usage, at);
    }

    /**
     * Returns the exact cost of {@code usage}, or {@link Cost#UNPRICED} when the model, or a bucket that was used, has no
     * price, or nothing is known of the usage. Images and sound are never priced as text: a row states their rates, be they
     * those of text, or a call that used them is unpriced.
     *
     * @param serviceTier the tier that served the call, as the provider reports it
     * @param region where it was served, as the provider reports it; empty when it does not
     * @param at when the call started
     */
    public Cost cost(ModelId model, String serviceTier, String region, TokenUsage usage, Instant at) {
        return of(model).cost(serviceTier, region, usage, at);
    }

    /**
     * Returns the exact cost of {@code usage} by one row, or {@link Cost#UNPRICED} when a bucket that was used has no rate there. Whether the
     * row covers the call is not checked.
     */
    public static Cost cost(Price price, TokenUsage usage) {
        long picoUsd = picoUsd(Check.notNull("price", price), Check.notNull("usage", usage));
        return picoUsd == ModelPrices.UNPRICED ? Cost.UNPRICED : Cost.priced(new Money(picoUsd));
    }

    /** The same in pico-dollars, or {@link ModelPrices#UNPRICED}. */
    static long picoUsd(Price price, TokenUsage usage) {
        long sum = 0;
        for (UsageBucket bucket : BUCKETS) {
            long count = count(price, usage, bucket);
            // Informative counts are contained in another bucket, and a bucket that was not used needs no rate.
            if (count == 0 || bucket.side() == UsageBucket.Side.INFORMATIVE) {
                continue;
            }
            Rate rate = rate(price, bucket);
            if (rate == null) {
                // A sum without this bucket would look like the price of the call.
                return ModelPrices.UNPRICED;
            }
            sum = Math.addExact(sum, rate.picoUsd(count));
        }
        return sum;
    }

    /** Every call pays the fee of a request where its row has one, unless the provider states how often it was due. */
    private static long count(Price price, TokenUsage usage, UsageBucket bucket) {
        return bucket == UsageBucket.REQUEST
                        && !usage.isKnown(bucket)
                        && price.rates().containsKey(bucket)
                ? 1
                : usage.count(bucket);
    }

    /** A cache write whose lifetime was not stated is one of the shorter. */
    private static @Nullable Rate rate(Price price, UsageBucket bucket) {
        Rate rate = price.rates().get(bucket);
        return rate == null && bucket == UsageBucket.CACHE_WRITE ? price.rates().get(UsageBucket.CACHE_WRITE_5M) : rate;
    }
}
