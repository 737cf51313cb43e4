package dev.architect.testkit.simulation;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * Which faults one simulation injects, and how often. Each kind is left out of half of the seeds, because many kinds at once hide what
 * one of them alone would show.
 *
 * @param end when the last fault is over
 * @param calls how often calls of the store go wrong
 * @param nodes what happens to nodes
 * @param signals how often wake-ups do
 * @param yieldRate how often another thread comes between at a call of the store
 * @param strictLease whether the store refuses the beat of a lease that is over although nobody has noticed
 * @param roles how many roles the nodes share
 */
record FaultPlan(
        Duration end, Calls calls, Nodes nodes, Signals signals, double yieldRate, boolean strictLease, int roles) {

    /**
     * Chances for each call of the store.
     *
     * @param slow it takes long
     * @param error it fails without an effect
     * @param unknown it is unknown whether it had its effect; it had it or not, each as often
     * @param late its effect comes later, after the caller was told that it is unknown
     * @param lostReply it had its effect, and the caller gets an error
     * @param crash its node crashes, before or after the effect
     */
    record Calls(double slow, double error, double unknown, double late, double lostReply, double crash) {}

    /**
     * How many of each happen.
     *
     * @param crashes nodes that crash at some time
     * @param freezes nodes that stand still for longer than their lease
     * @param pauses nodes that stand still for a shorter time
     * @param outages nodes whose every call fails for a while
     * @param storeOutages times in which every call of every node fails
     * @param clockJumps wall clocks that are set by up to an hour
     * @param stops nodes that are stopped in order and started again
     * @param noThread how often there is no thread for an attempt
     * @param suspicions nodes that another one takes for dead, rightly or not, and ends if they are silent
     * @param orders orders to nodes: to cordon, to drain, to go on
     */
    record Nodes(
            int crashes,
            int freezes,
            int pauses,
            int outages,
            int storeOutages,
            int clockJumps,
            int stops,
            double noThread,
            int suspicions,
            int orders) {}

    /** Chances for each signal: it never comes, it comes late, it comes twice. */
    record Signals(double lost, double late, double twice) {}

    static FaultPlan random(SplittableRandom random) {
        Nodes nodes = new Nodes(
                count(random, 2),
                count(random, 2),
                count(random, 3),
                count(random, 2),
                count(random, 2),
                count(random, 4),
                count(random, 3),
                chance(random, 0.05),
                count(random, 6),
                count(random, 4));
        // Long enough for a lease to run out.
        int least = nodes.freezes() + nodes.outages() > 0 ? 14_000 : 5_000;
        return new FaultPlan(
                Duration.ofMillis(least + random.nextInt(14_000)),
                new Calls(
                        chance(random, 0.05),
                        chance(random, 0.06),
                        chance(random, 0.06),
                        chance(random, 0.03),
                        chance(random, 0.06),
                        chance(random, 0.002)),
                nodes,
                new Signals(chance(random, 0.5), chance(random, 0.3), chance(random, 0.3)),
                random.nextDouble() * 0.5,
                random.nextBoolean(),
                // Few, because each is one more loop on every node.
                random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0);
    }

    private static double chance(SplittableRandom random, double most) {
        return random.nextBoolean() ? 0 : random.nextDouble() * most;
    }

    private static int count(SplittableRandom random, int most) {
        return random.nextBoolean() ? 0 : 1 + random.nextInt(most);
    }
}
