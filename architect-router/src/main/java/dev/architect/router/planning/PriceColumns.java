package dev.architect.router.planning;

import dev.architect.cost.Price;
import dev.architect.cost.PromptTier;
import dev.architect.cost.Rate;
import dev.architect.model.ModelId;
import dev.architect.router.cost.CallPricer;
import dev.architect.usage.UsageBucket;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The prices of the models of a snapshot as they are at one time, in arrays: for each model the sizes of prompts from which a row
 * counts, and the rates of that row. Valid until the next row of the catalogue begins or ends. Immutable.
 */
final class PriceColumns {

    /** The cost of a call without a known price: more than every known one. */
    static final long UNPRICED = Long.MAX_VALUE;

    /** No rate. */
    private static final long NONE = -1;

    private final Instant from;
    private final Instant until;
    // The rows of model i are those from first[i] until before first[i + 1].
    private final int[] first;
    private final long[] minimumPrompt;
    private final long[] inputRate;
    private final long[] outputRate;
    private final long[] requestFee;
    private final long[] searchFee;
    private final long[] cacheReadRate;
    // Whether a prompt is cached only where the request marks it: such caching has a price of writing for a stated
    // time.
    private final boolean[] marksCache;
    // The rates of rows that have one which is not whole for a token; null for all others.
    private final @Nullable Map<UsageBucket, Rate>[] uneven;

    @SuppressWarnings("unchecked") // An array of a generic type cannot be made in another way.
    private PriceColumns(int models, int rows, Instant from, Instant until) {
        this.from = from;
        this.until = until;
        this.first = new int[models + 1];
        this.minimumPrompt = new long[rows];
        this.inputRate = new long[rows];
        this.outputRate = new long[rows];
        this.requestFee = new long[rows];
        this.searchFee = new long[rows];
        this.cacheReadRate = new long[rows];
        this.marksCache = new boolean[rows];
        this.uneven = (Map<UsageBucket, Rate>[]) new Map<?, ?>[rows];
    }

    /** Returns the prices of {@code models} at {@code at} on the usual service tier. */
    static PriceColumns of(CallPricer prices, List<ModelId> models, Instant at) {
        return of(prices, models, Collections.nCopies(models.size(), Price.STANDARD), at);
    }

    /**
     * Returns the prices of {@code models} at {@code at}.
     *
     * @param serviceTiers the tier of each model; it has no price on a tier that the catalogue does not know
     */
    static PriceColumns of(CallPricer prices, List<ModelId> models, List<String> serviceTiers, Instant at) {
        Instant from = Instant.MIN;
        Instant until = Instant.MAX;
        int rows = 0;
        for (ModelId model : models) {
            for (Price price : prices.rowsOf(model)) {
                for (Instant change :
                        List.of(price.validFrom(), price.validTo() == null ? Instant.MAX : price.validTo())) {
                    if (change.isAfter(at)) {
                        until = change.isBefore(until) ? change : until;
                    } else {
                        from = change.isAfter(from) ? change : from;
                    }
                }
            }
            rows += thresholds(prices, model).size();
        }
        PriceColumns columns = new PriceColumns(models.size(), rows, from, until);
        int row = 0;
        for (int i = 0; i < models.size(); i++) {
            columns.first[i] = row;
            for (long threshold : thresholds(prices, models.get(i))) {
                columns.set(
                        row++,
                        threshold,
                        prices.find(models.get(i), serviceTiers.get(i), at, threshold)
                                .map(Price::rates)
                                .orElse(Map.of()));
            }
        }
        columns.first[models.size()] = row;
        return columns;
    }

    /** The sizes of prompts at which another row may begin to count. */
    private static SortedSet<Long> thresholds(CallPricer prices, ModelId model) {
        SortedSet<Long> thresholds = new TreeSet<>();
        thresholds.add(0L);
        for (Price price : prices.rowsOf(model)) {
            PromptTier tier = price.tier();
            thresholds.add(tier.bound() == PromptTier.Bound.FROM ? tier.tokens() : tier.tokens() + 1);
        }
        return thresholds;
    }

    private void set(int row, long threshold, Map<UsageBucket, Rate> rates) {
        minimumPrompt[row] = threshold;
        inputRate[row] = rate(rates, UsageBucket.INPUT);
        outputRate[row] = rate(rates, UsageBucket.OUTPUT);
        requestFee[row] = rate(rates, UsageBucket.REQUEST);
        searchFee[row] = rate(rates, UsageBucket.WEB_SEARCH);
        cacheReadRate[row] = rate(rates, UsageBucket.CACHE_READ);
        marksCache[row] =
                rates.containsKey(UsageBucket.CACHE_WRITE_5M) || rates.containsKey(UsageBucket.CACHE_WRITE_1H);
        uneven[row] = isUneven(rates, UsageBucket.INPUT) || isUneven(rates, UsageBucket.OUTPUT) ? rates : null;
    }

    /** What one unit costs, rounded down; exact for every published rate of tokens. */
    private static long rate(Map<UsageBucket, Rate> rates, UsageBucket bucket) {
        Rate rate = rates.get(bucket);
        return rate == null ? NONE : rate.amount().picoUsd() / rate.units();
    }

    private static boolean isUneven(Map<UsageBucket, Rate> rates, UsageBucket bucket) {
        Rate rate = rates.get(bucket);
        return rate != null && rate.amount().picoUsd() % rate.units() != 0;
    }

    /** Whether these are the prices at that time. */
    boolean isValidAt(Instant at) {
        return !at.isBefore(from) && at.isBefore(until);
    }

    /**
     * Returns what a call would cost in pico-dollars, {@link #UNPRICED} when that is unknown or too much to be true. Without
     * cache reads: whether a prompt is still cached is known only after the call.
     *
     * @param searches whether the request needs a search, which costs its fee where the fee of the request does not cover it
     */
    long cost(int model, long promptTokens, long answerTokens, boolean searches) {
        int row = first[model + 1] - 1;
        while (promptTokens < minimumPrompt[row]) {
            row--;
        }
        if (inputRate[row] < 0 || outputRate[row] < 0) {
            return UNPRICED;
        }
        long input = cost(row, UsageBucket.INPUT, inputRate[row], promptTokens);
        long output = cost(row, UsageBucket.OUTPUT, outputRate[row], answerTokens);
        long fees = Math.max(0, requestFee[row]);
        if (searches && (searchFee[row] >= 0 || requestFee[row] < 0)) {
            if (searchFee[row] < 0) {
                return UNPRICED;
            }
            fees += searchFee[row];
        }
        long sum = input + output + fees;
        // Of three amounts that are not negative the sum shows an overflow by its sign, or by being less than a part.
        return input < 0 || output < 0 || fees < 0 || sum < input || sum < output ? UNPRICED : sum;
    }

    /**
     * Returns how much less a call costs in pico-dollars, rounded down, when so many tokens of its prompt are read from a cache; zero
     * where no price is known.
     *
     * @param isMarked whether the request marks what is to be cached
     */
    long cacheSaving(int model, long promptTokens, long cachedTokens, boolean isMarked) {
        int row = first[model + 1] - 1;
        while (promptTokens < minimumPrompt[row]) {
            row--;
        }
        if (cacheReadRate[row] < 0 || inputRate[row] <= cacheReadRate[row] || (marksCache[row] && !isMarked)) {
            return 0;
        }
        long saved = inputRate[row] - cacheReadRate[row];
        return Math.multiplyHigh(saved, cachedTokens) == 0 ? Math.max(0, saved * cachedTokens) : 0;
    }

    /** What so many tokens cost; negative when that is too much for a number. */
    private long cost(int row, UsageBucket bucket, long rate, long count) {
        Map<UsageBucket, Rate> exact = uneven[row];
        if (exact != null) {
            try {
                return Objects.requireNonNull(exact.get(bucket)).cost(count).picoUsd();
            } catch (ArithmeticException absurd) {
                return NONE;
            }
        }
        return Math.multiplyHigh(rate, count) == 0 ? rate * count : NONE;
    }
}
