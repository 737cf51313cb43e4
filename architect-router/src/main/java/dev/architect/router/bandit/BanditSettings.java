package dev.architect.router.bandit;

import dev.architect.cost.Money;
import java.time.Duration;

/**
 * What online learning aims at: the reward of an answer is its quality by feedback, less what its cost and its latency take from it.
 *
 * @param usdWeight what each dollar takes, 0 to 1,000,000
 * @param secondWeight what each second takes, 0 to 1,000
 * @param memory after so many answers with feedback of one kind, an answer counts for a third of what it counted at first; 10 to 100,000. The
 *     smaller, the sooner a change is followed
 * @param seed decides, with the id of a request, what is tried; the same in every process
 */
public record BanditSettings(double usdWeight, double secondWeight, int memory, long seed) {

    /** Quality alone counts, and about the last hundred answers of a kind. */
    public static final BanditSettings STANDARD = new BanditSettings(0, 0, 100, 1);

    private static final double MOST_USD_WEIGHT = 1_000_000;
    private static final double MOST_SECOND_WEIGHT = 1_000;
    private static final int LEAST_MEMORY = 10;
    private static final int MOST_MEMORY = 100_000;
    private static final double USD_PER_PICO = 1e-12;
    private static final double SECONDS_PER_NANO = 1e-9;

    /** Checks the ranges. */
    public BanditSettings {
        weight("usdWeight", usdWeight, MOST_USD_WEIGHT);
        weight("secondWeight", secondWeight, MOST_SECOND_WEIGHT);
        if (memory < LEAST_MEMORY || memory > MOST_MEMORY) {
            throw new IllegalArgumentException(
                    "memory is " + memory + ", expected " + LEAST_MEMORY + ".." + MOST_MEMORY);
        }
    }

    private static void weight(String field, double value, double most) {
        // Also false for NaN.
        if (!(value >= 0 && value <= most)) {
            throw new IllegalArgumentException(field + " is " + value + ", expected 0 to " + most);
        }
    }

    /**
     * The reward of an answer.
     *
     * @param quality how good it was, 0 to 1
     */
    public double reward(double quality, Money cost, Duration latency) {
        return quality
                - usdWeight * cost.picoUsd() * USD_PER_PICO
                - secondWeight * latency.toNanos() * SECONDS_PER_NANO;
    }
}
