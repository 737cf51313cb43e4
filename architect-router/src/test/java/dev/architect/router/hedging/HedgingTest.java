package dev.architect.router.hedging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.model.ModelId;
import dev.architect.router.policy.HedgingSettings;
import dev.architect.testkit.time.ManualTime;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which calls get a rival, in a simulation of latencies. */
class HedgingTest {

    private static final ModelId MODEL = ModelId.parse("a/b");
    private static final long COST = 1_000_000;
    private static final int REQUESTS = 20_000;

    private final ManualTime time = new ManualTime();
    private final ThreadRunner threads = new ThreadRunner("hedging-test");

    @AfterEach
    void close() {
        threads.close();
    }

    @Test
    void aFewSecondCallsCutTheTailOfAProviderThatIsSometimesSlow() {
        for (int seed = 0; seed < 5; seed++) {
            Run plain = run(seed, new HedgingSettings(true, 1, 1, 95, 256), false);
            Run hedged = run(seed, new HedgingSettings(true, 5, 5, 95, 50), true);

            System.out.printf(
                    "seed %d: p99 %.1f ms, hedged %.1f ms with %.2f %% more calls%n",
                    seed, plain.p99() / 1e6, hedged.p99() / 1e6, hedged.extraPercent());
            assertThat(hedged.p99()).isLessThan(plain.p99() * 4 / 10);
            assertThat(hedged.extraPercent()).isLessThanOrEqualTo(5);
        }
    }

    @Test
    void theStandardBudgetIsKeptAtAnyTime() {
        Run run = run(7, HedgingSettings.ON, true);

        assertThat(run.extraPercent()).isBetween(1.0, 2.0);
        assertThat(run.mostExtraPercentAtAnyTime).isLessThanOrEqualTo(2);
    }

    @Test
    void inABrownOutNothingIsHedged() {
        Hedging hedging = new Hedging(new HedgingSettings(true, 100, 100, 95, 50), threads, time);
        warmUp(hedging);
        assertThat(hedging.isBrownOut()).isFalse();

        int late = 0;
        while (!hedging.isBrownOut() && late < 100) {
            late++;
            hedging.recordLatency(
                    MODEL,
                    true,
                    Duration.ofSeconds(2).toNanos(),
                    Duration.ofMillis(100).toNanos());
        }

        assertThat(late).isBetween(5, 12);
        assertThat(hedging.tryTake(0)).isFalse();
        for (int i = 0; i < 40; i++) {
            hedging.recordLatency(
                    MODEL,
                    true,
                    Duration.ofMillis(90).toNanos(),
                    Duration.ofMillis(100).toNanos());
        }
        assertThat(hedging.tryTake(0)).as("when it is over").isTrue();
    }

    @Test
    void spendIsBoundedByWhatAllCallsCost() {
        Hedging hedging = new Hedging(new HedgingSettings(true, 100, 5, 95, 50), threads, time);
        for (int i = 0; i < 20; i++) {
            hedging.requestBegins();
        }
        assertThat(hedging.tryTake(1)).as("nothing was spent").isFalse();

        hedging.spend(100);

        assertThat(hedging.tryTake(5)).isTrue();
        assertThat(hedging.tryTake(1)).isFalse();
        hedging.settle(5, 2);
        assertThat(hedging.tryTake(3)).as("it cost less than expected").isTrue();
        hedging.giveBack(3);
        assertThat(hedging.tryTake(3)).isTrue();
    }

    @Test
    void aModelIsKnownAfterEnoughCallsAndForATime() {
        Hedging hedging = new Hedging(new HedgingSettings(true, 5, 5, 90, 10), threads, time);
        for (int i = 1; i <= 9; i++) {
            hedging.recordLatency(MODEL, true, i, -1);
        }
        assertThat(hedging.delayNanos(MODEL, true)).isEqualTo(-1);

        hedging.recordLatency(MODEL, true, 10, -1);

        assertThat(hedging.delayNanos(MODEL, true)).isEqualTo(9);
        assertThat(hedging.delayNanos(MODEL, false)).as("whole answers").isEqualTo(-1);
        time.advance(Duration.ofMinutes(11));
        assertThat(hedging.delayNanos(MODEL, true)).as("long ago").isEqualTo(-1);
    }

    @Test
    void newLatenciesReplaceOldOnes() {
        Hedging hedging = new Hedging(new HedgingSettings(true, 5, 5, 95, 50), threads, time);
        warmUp(hedging);
        assertThat(hedging.delayNanos(MODEL, true))
                .isEqualTo(Duration.ofMillis(100).toNanos());

        for (int i = 0; i < LatencyEstimate.SIZE; i++) {
            hedging.recordLatency(MODEL, true, Duration.ofMillis(300).toNanos(), -1);
        }

        assertThat(hedging.delayNanos(MODEL, true))
                .isEqualTo(Duration.ofMillis(300).toNanos());
    }

    private void warmUp(Hedging hedging) {
        for (int i = 0; i < 300; i++) {
            hedging.requestBegins();
            hedging.spend(COST);
            hedging.recordLatency(MODEL, true, Duration.ofMillis(100).toNanos(), -1);
        }
    }

    /** Requests one after the other; two in a hundred calls take twenty times as long. */
    private Run run(int seed, HedgingSettings settings, boolean isHedged) {
        Hedging hedging = new Hedging(settings, threads, time);
        SplittableRandom random = new SplittableRandom(seed);
        Run run = new Run();
        for (int request = 0; request < REQUESTS; request++) {
            hedging.requestBegins();
            long first = latency(random);
            long delay = hedging.delayNanos(MODEL, true);
            long took = first;
            if (isHedged && delay >= 0 && first > delay && hedging.tryTake(COST)) {
                run.secondCalls++;
                long second = delay + latency(random);
                took = Math.min(first, second);
                hedging.settle(COST, COST);
                hedging.spend(COST);
            }
            hedging.spend(COST);
            hedging.recordLatency(MODEL, true, Math.min(first, Math.max(took, delay)), delay);
            run.latencies[request] = took;
            run.mostExtraPercentAtAnyTime =
                    Math.max(run.mostExtraPercentAtAnyTime, 100.0 * run.secondCalls / (request + 1));
            time.advance(Duration.ofMillis(1));
        }
        return run;
    }

    private static long latency(SplittableRandom random) {
        // Normal ones vary by a tenth.
        long normal = Duration.ofMillis(50).toNanos()
                + random.nextLong(Duration.ofMillis(5).toNanos());
        return random.nextInt(50) == 0 ? 20 * normal : normal;
    }

    private static final class Run {
        private final long[] latencies = new long[REQUESTS];
        private int secondCalls;
        private double mostExtraPercentAtAnyTime;

        long p99() {
            long[] sorted = latencies.clone();
            Arrays.sort(sorted);
            return sorted[REQUESTS * 99 / 100];
        }

        double extraPercent() {
            return 100.0 * secondCalls / REQUESTS;
        }
    }
}
