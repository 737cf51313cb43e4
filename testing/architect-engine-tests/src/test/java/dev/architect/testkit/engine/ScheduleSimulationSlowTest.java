package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The same for a thousand schedules and a whole year. */
@Tag("slow")
final class ScheduleSimulationSlowTest {

    private static final Logger LOG = LoggerFactory.getLogger(ScheduleSimulationSlowTest.class);

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void everyInstantOfAYearIsFiredOnce() {
        long seed = Long.getLong("schedules.seed", System.nanoTime());
        long begin = System.nanoTime();

        ScheduleSimulation.Outcome outcome =
                ScheduleSimulation.run(seed, 1_000, Instant.parse("2026-01-01T00:00:00Z"), Duration.ofDays(365), true);

        LOG.info(
                "seed {}: {} within {} s",
                seed,
                outcome,
                Duration.ofNanos(System.nanoTime() - begin).toSeconds());
        assertThat(outcome.fired()).isGreaterThan(100_000);
    }
}
