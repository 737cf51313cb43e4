package dev.architect.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same for so many seeds that rare orders of steps come up. */
@Tag("slow")
final class SimulationSlowTest {

    private static final long FIRST = 1_000_000;
    private static final int SEEDS = 10_000;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @Test
    void holdsForTenThousandSeeds() throws InterruptedException {
        long first = Long.getLong("simulation.first", FIRST);
        int count = Integer.getInteger("simulation.count", SEEDS);
        long start = System.nanoTime();

        assertThat(Simulations.runAll(first, count)).containsEntry("ended in order", count);

        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isLessThan(LIMIT.multipliedBy(Math.max(1, count / SEEDS)));
    }
}
