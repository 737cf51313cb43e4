package dev.architect.ledger;

import dev.architect.check.Check;
import dev.architect.cost.Cost;
import dev.architect.cost.CostStatus;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.ModelPrices;
import dev.architect.cost.Money;
import dev.architect.cost.Price;
import dev.architect.cost.PriceCatalogue;
import dev.architect.cost.SpendDimension;
import dev.architect.model.ModelId;
import dev.architect.spend.MeteredCall;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How recorded calls are priced anew: by another catalogue, and where wanted as calls of other models. A pure function of the entry: usage, begin,
 * service tier, region and answering model are those of the ledger, so the catalogue by which a call was priced gives the amount that was
 * recorded, to the pico-dollar.
 *
 * <ul>
 *   <li>What was not billed stays so, and so does a call of which no usage is known.
 *   <li>A cost that the provider stated stays as long as our own computation of it is the same as before; else the new computation counts.
 *   <li>An estimated usage gives an estimated cost.
 *   <li>A call that is priced as one of another model counts on the usual service tier; {@link Price#comparable} says how its usage is read. It is
 *       a same-token estimate: that model would have used another tokenizer and answered at another length.
 * </ul>
 *
 * <p>Immutable but for what it remembers of the catalogue for each model; safe for use by several threads.
 */
public final class Rerating {

    private final PriceCatalogue catalogue;
    private final Map<ModelId, ModelId> models;
    private final @Nullable ModelId anyModel;
    private final Map<ModelId, ModelPrices> prices = new ConcurrentHashMap<>();

    private Rerating(PriceCatalogue catalogue, Map<ModelId, ModelId> models, @Nullable ModelId anyModelOrNull) {
        this.catalogue = catalogue;
        this.models = Map.copyOf(models);
        this.anyModel = anyModelOrNull;
    }

    /** Returns a rating of every call by {@code catalogue}, as one of the model that answered it. */
    public static Rerating by(PriceCatalogue catalogue) {
        return new Rerating(Check.notNull("catalogue", catalogue), Map.of(), null);
    }

    /** Returns a copy that prices calls which {@code answered} has answered as if {@code other} had. */
    public Rerating withModel(ModelId answered, ModelId other) {
        Map<ModelId, ModelId> changed = new HashMap<>(models);
        changed.put(Check.notNull("answered", answered), Check.notNull("other", other));
        return new Rerating(catalogue, changed, anyModel);
    }

    /** Returns a copy that prices every call that no {@link #withModel} names as if {@code other} had answered it. */
    public Rerating withEveryModel(ModelId other) {
        return new Rerating(catalogue, models, Check.notNull("other", other));
    }

    /** The version of the catalogue. */
    public String catalogueVersion() {
        return catalogue.version();
    }

    /** Returns what a call would have cost; {@link Cost#UNPRICED} when no price is known. */
    public Cost rate(LedgerEntry entry) {
        return rate(MeteredCall.of(SpendDimension.MODEL, entry));
    }

    /** Returns what a call would have cost; {@link Cost#UNPRICED} when no price is known. */
    public Cost rate(MeteredCall call) {
        CostStatus recorded = Check.notNull("call", call).cost().status();
        TokenUsage usage = call.metering().usage();
        if (recorded == CostStatus.NOT_BILLED || usage.isUnknown()) {
            return call.cost();
        }
        ModelId other = otherModel(call.answered());
        Cost cost = other == null ? cost(call) : comparableCost(other, usage, call.startedAt());
        if (other == null && recorded == CostStatus.STATED && cost.amount().equals(call.computed())) {
            return call.cost();
        }
        return call.metering().source() == UsageSource.ESTIMATED ? cost.estimated() : cost;
    }

    private @Nullable ModelId otherModel(ModelId answered) {
        ModelId other = models.getOrDefault(answered, anyModel);
        return answered.equals(other) ? null : other;
    }

    private ModelPrices pricesOf(ModelId model) {
        return prices.computeIfAbsent(model, catalogue::of);
    }

    private Cost cost(MeteredCall call) {
        try {
            return pricesOf(call.answered())
                    .cost(call.serviceTier(), call.region(), call.metering().usage(), call.startedAt());
        } catch (ArithmeticException absurd) {
            // As when the call was made: a count that overflows the money type cannot be true.
            return Cost.UNPRICED;
        }
    }

    private Cost comparableCost(ModelId model, TokenUsage usage, Instant at) {
        try {
            Optional<Price> row = pricesOf(model).find(Price.STANDARD, "", at, usage.promptTokens());
            return row.map(price -> PriceCatalogue.cost(price, price.comparable(usage)))
                    .orElse(Cost.UNPRICED);
        } catch (ArithmeticException absurd) {
            return Cost.UNPRICED;
        }
    }

    /** The amount of a cost in pico-dollars, zero for none. */
    static long picoUsd(Cost cost) {
        return cost.amount().orElse(Money.ZERO).picoUsd();
    }
}
