package dev.architect.simulator.answer;

import dev.architect.simulator.script.SimulatedPrices;
import java.math.BigDecimal;

/** What one call costs, by component, in pico-dollars. */
public record CallCost(long input, long cacheRead, long cacheWrite, long output, long request, long searches) {

    private static final long FIFTH_DECIMAL = 10_000_000;

    /** The exact price of the tokens. */
    public static CallCost of(SimulatedPrices prices, TokenCounts counts) {
        return new CallCost(
                Math.multiplyExact(counts.uncached(), prices.inputPicoUsd()),
                Math.multiplyExact(counts.cacheRead(), prices.cacheReadPicoUsd()),
                Math.addExact(
                        Math.multiplyExact(counts.cacheWrite(), prices.cacheWritePicoUsd()),
                        Math.multiplyExact(counts.longCacheWrite(), prices.longCacheWritePicoUsd())),
                Math.multiplyExact(counts.output(), prices.outputPicoUsd()),
                prices.requestPicoUsd(),
                Math.multiplyExact(counts.searches(), prices.searchPicoUsd()));
    }

    /** Each component rounded half up to five decimals of a dollar, as Perplexity states its cost. */
    public CallCost roundedToFiveDecimals() {
        return new CallCost(
                round(input), round(cacheRead), round(cacheWrite), round(output), round(request), round(searches));
    }

    public long total() {
        return Math.addExact(
                Math.addExact(Math.addExact(input, cacheRead), Math.addExact(cacheWrite, output)),
                Math.addExact(request, searches));
    }

    /** Pico-dollars as dollars without trailing zeros. */
    public static BigDecimal usd(long pico) {
        return pico == 0 ? BigDecimal.ZERO : BigDecimal.valueOf(pico, 12).stripTrailingZeros();
    }

    private static long round(long pico) {
        return (pico + FIFTH_DECIMAL / 2) / FIFTH_DECIMAL * FIFTH_DECIMAL;
    }
}
