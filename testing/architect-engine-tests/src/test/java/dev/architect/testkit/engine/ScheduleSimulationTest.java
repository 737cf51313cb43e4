package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** That each instant of a schedule is fired once, or as its policy says, around both changes of the wall clock. */
final class ScheduleSimulationTest {

    private static final int SCHEDULES = 30;
    private static final Duration SPAN = Duration.ofDays(24);

    /** Berlin, New York, Lord Howe and Santiago set their clocks in these weeks. */
    private static final Instant SPRING = Instant.parse("2026-03-03T00:00:00Z");

    private static final Instant AUTUMN = Instant.parse("2026-10-12T00:00:00Z");

    private static final int SEEDS = 10;

    @Test
    void everyInstantIsFiredOnce() {
        long seed = Long.getLong("schedules.seed", System.nanoTime());
        long races = 0;
        for (long each = seed; each < seed + SEEDS; each++) {
            races += run(each, SPRING.plus(Duration.ofDays(14)), true).races();
            races += run(each, SPRING, true).races();
            races += run(each, AUTUMN, true).races();
        }
        assertThat(races).isPositive();
    }

    private static ScheduleSimulation.Outcome run(long seed, Instant start, boolean comparesAndSets) {
        try {
            ScheduleSimulation.Outcome outcome = ScheduleSimulation.run(seed, SCHEDULES, start, SPAN, comparesAndSets);
            assertThat(outcome.fired()).isGreaterThan(SCHEDULES);
            return outcome;
        } catch (AssertionError failure) {
            throw new AssertionError("seed " + seed + " from " + start + ": " + failure.getMessage(), failure);
        }
    }

    @Test
    void theLackOfTheCompareAndSetIsFound() {
        AssertionError found = null;
        for (long seed = 1; seed <= 50 && found == null; seed++) {
            try {
                run(seed, AUTUMN, false);
            } catch (AssertionError failure) {
                found = failure;
            }
        }
        assertThat(found).isNotNull();
    }
}
