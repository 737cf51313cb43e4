package dev.architect.simulator.script;

import java.math.BigDecimal;

/**
 * What a simulated model charges, in pico-dollars (1e-12 USD). One dollar per million tokens is 1,000,000 per token.
 *
 * @param inputPicoUsd per prompt token that is neither read from nor written to the cache
 * @param cacheReadPicoUsd per prompt token read from the cache
 * @param cacheWritePicoUsd per prompt token written to the cache; 0 means that the model charges no cache writes
 * @param outputPicoUsd per output token, reasoning included
 * @param requestPicoUsd per answered call
 * @param searchPicoUsd per web search
 */
public record SimulatedPrices(
        long inputPicoUsd,
        long cacheReadPicoUsd,
        long cacheWritePicoUsd,
        long outputPicoUsd,
        long requestPicoUsd,
        long searchPicoUsd) {

    private static final long HIGHEST = 1_000_000_000_000_000L;

    /** Checks the values. */
    public SimulatedPrices {
        check("inputPicoUsd", inputPicoUsd);
        check("cacheReadPicoUsd", cacheReadPicoUsd);
        check("cacheWritePicoUsd", cacheWritePicoUsd);
        check("outputPicoUsd", outputPicoUsd);
        check("requestPicoUsd", requestPicoUsd);
        check("searchPicoUsd", searchPicoUsd);
    }

    /** Every price 0, as for a local model. */
    public static SimulatedPrices free() {
        return new SimulatedPrices(0, 0, 0, 0, 0, 0);
    }

    /** Token prices as price pages print them: dollars per million tokens, with up to six decimals. */
    public static SimulatedPrices perMillion(String input, String cacheRead, String cacheWrite, String output) {
        return new SimulatedPrices(pico(input, 6), pico(cacheRead, 6), pico(cacheWrite, 6), pico(output, 6), 0, 0);
    }

    /** The same prices with a fee per answered call, in dollars. */
    public SimulatedPrices withRequestFee(String usd) {
        return new SimulatedPrices(
                inputPicoUsd, cacheReadPicoUsd, cacheWritePicoUsd, outputPicoUsd, pico(usd, 12), searchPicoUsd);
    }

    /** The same prices with a fee per web search, in dollars. */
    public SimulatedPrices withSearchFee(String usd) {
        return new SimulatedPrices(
                inputPicoUsd, cacheReadPicoUsd, cacheWritePicoUsd, outputPicoUsd, requestPicoUsd, pico(usd, 12));
    }

    /** The price of one token written to the cache for the longer time: 8/5 of the price for the usual time. */
    public long longCacheWritePicoUsd() {
        return cacheWritePicoUsd * 8 / 5;
    }

    private static long pico(String usd, int shift) {
        return new BigDecimal(usd).movePointRight(shift).longValueExact();
    }

    private static void check(String name, long value) {
        if (value < 0 || value > HIGHEST) {
            throw new IllegalArgumentException(name + " is " + value + ", expected 0 to " + HIGHEST);
        }
    }
}
