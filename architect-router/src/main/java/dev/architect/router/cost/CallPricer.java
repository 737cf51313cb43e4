package dev.architect.router.cost;

import dev.architect.cost.Cost;
import dev.architect.cost.CostStatus;
import dev.architect.cost.ModelPrices;
import dev.architect.cost.Price;
import dev.architect.cost.PriceCatalogue;
import dev.architect.model.ModelId;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Prices calls with one version of the catalogue. Immutable and safe for use by several threads. */
public final class CallPricer {

    private static final List<UsageBucket> BUCKETS = List.of(UsageBucket.values());

    private final PriceCatalogue catalogue;
    private final ModelId baseline;
    /** Whether any row has a price of time, which few catalogues have. */
    private final boolean isTimed;

    /** The rows of each model of the policy, so that a look-up filters a few rows and not the whole catalogue. */
    private final Map<ModelId, ModelPrices> byModel = new HashMap<>();

    public CallPricer(PriceCatalogue catalogue, ModelId baseline, List<ModelId> indexed) {
        this.catalogue = catalogue;
        this.baseline = baseline;
        this.isTimed =
                catalogue.prices().stream().anyMatch(price -> price.rates().containsKey(UsageBucket.COMPUTE_MILLIS));
        indexed.forEach(this::index);
        index(baseline);
    }

    private void index(ModelId model) {
        byModel.put(model, catalogue.of(model));
    }

    private ModelPrices pricesOf(ModelId model) {
        ModelPrices known = byModel.get(model);
        // Providers may answer with a dated name that no policy has.
        return known == null ? catalogue.of(model) : known;
    }

    /** The rows that price a model of the policy, at some time, on some tier. */
    public List<Price> rowsOf(ModelId model) {
        return pricesOf(model).rows();
    }

    public String version() {
        return catalogue.version();
    }

    /** The exact cost; unpriced when it is unknown, or so large that it cannot be true. */
    public Cost cost(ModelId model, String serviceTier, String region, TokenUsage usage, Instant at) {
        try {
            return pricesOf(model).cost(serviceTier, region, usage, at);
        } catch (ArithmeticException absurd) {
            // A count that overflows the money type cannot be true; the call itself must not fail because of it.
            return Cost.UNPRICED;
        }
    }

    /** Whether the time of such a call has a price. */
    public boolean hasPriceOfTime(ModelId model, Instant at, long promptTokens) {
        return isTimed
                && find(model, at, promptTokens)
                        .filter(price -> price.rates().containsKey(UsageBucket.COMPUTE_MILLIS))
                        .isPresent();
    }

    /** The row that prices such a call on the usual tier. */
    public Optional<Price> find(ModelId model, Instant at, long promptTokens) {
        return find(model, Price.STANDARD, at, promptTokens);
    }

    /** The row that prices such a call on a service tier. */
    public Optional<Price> find(ModelId model, String serviceTier, Instant at, long promptTokens) {
        return pricesOf(model).find(serviceTier, "", at, promptTokens);
    }

    /**
     * What {@code usage} would have cost on the baseline model. Where that model has no rate of its own, cached tokens count
     * as plain input and separate reasoning as output; fees and citations, which it would not have had, are left out. An
     * unpriced call has no baseline either, because it is on neither side of the savings.
     */
    public Cost baseline(TokenUsage usage, Cost paid, Instant at) {
        if (paid.status() == CostStatus.UNPRICED) {
            return Cost.UNPRICED;
        }
        try {
            Price price = find(baseline, at, usage.promptTokens()).orElse(null);
            return price == null || usage.isUnknown() ? Cost.UNPRICED : baseline(usage, price, at);
        } catch (ArithmeticException absurd) {
            return Cost.UNPRICED;
        }
    }

    private Cost baseline(TokenUsage usage, Price price, Instant at) {
        for (UsageBucket bucket : BUCKETS) {
            if (usage.isKnown(bucket) && !price.rates().containsKey(bucket)) {
                return cost(baseline, Price.STANDARD, "", price.comparable(usage), at);
            }
        }
        return PriceCatalogue.cost(price, usage);
    }
}
