package dev.architect.router.cost;

import dev.architect.cost.CostStatus;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Price;
import dev.architect.event.Event;
import dev.architect.model.ModelId;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Tells of calls whose price is missing or was checked long ago, each model once a day. Between two checks of a model this costs a look into a
 * map. Safe for use by several threads.
 */
public final class PriceAlarms {

    /** Vendors change prices about once in some months, and announce it some weeks ahead. */
    static final Duration OLD = Duration.ofDays(30);

    private static final Duration AGAIN = Duration.ofDays(1);

    /** Providers may answer with any name, so there must be a bound. */
    private static final int MOST_MODELS = 1_000;

    private final CallPricer prices;
    private final Map<ModelId, Instant> missing = new ConcurrentHashMap<>();
    private final Map<ModelId, Instant> checked = new ConcurrentHashMap<>();

    /** Creates the alarms of one catalogue. */
    public PriceAlarms(CallPricer prices) {
        this.prices = prices;
    }

    /** Looks at a call that has ended, at {@code now}. */
    public void check(LedgerEntry call, Instant now, Consumer<Event> events) {
        TokenUsage usage = call.metering().usage();
        if (usage.isUnknown()) {
            return;
        }
        ModelId model = call.route().answered();
        if (call.charge().cost().status() == CostStatus.UNPRICED) {
            if (isDue(missing, model, now)) {
                events.accept(new Event.PriceMissing(now, model, call.charge().catalogueVersion()));
            }
        } else if (isDue(checked, model, now)) {
            Optional<Price> row = prices.find(model, call.timing().startedAt(), usage.promptTokens());
            row.filter(price -> isPaid(price) && isOld(price, now))
                    .ifPresent(price -> events.accept(new Event.PriceAged(now, model, price.checked())));
        }
    }

    /** Whether nothing was said of the model for a day; then that day begins. */
    private static boolean isDue(Map<ModelId, Instant> told, ModelId model, Instant now) {
        Instant next = told.get(model);
        if (next == null) {
            return told.size() < MOST_MODELS && told.putIfAbsent(model, now.plus(AGAIN)) == null;
        }
        return !now.isBefore(next) && told.replace(model, next, now.plus(AGAIN));
    }

    private static boolean isPaid(Price price) {
        return price.rates().values().stream().anyMatch(rate -> rate.amount().picoUsd() > 0);
    }

    private static boolean isOld(Price price, Instant now) {
        return price.checked()
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant()
                .plus(OLD)
                .isBefore(now);
    }
}
