package dev.architect.router.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A window counts everything of the last period, and nothing that is older by more than a slot. */
final class SlidingWindowTest {

    private static final long PERIOD = 12_800_000;
    private static final long SLOT = PERIOD / SlidingWindow.SLOTS;

    @Test
    void countsAtLeastThePeriodAndAtMostASlotMore() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            long start = random.nextLong() >> 2;
            SlidingWindow window = new SlidingWindow(PERIOD, start);
            Deque<long[]> added = new ArrayDeque<>();
            long now = start;
            for (int step = 0; step < 2_000; step++) {
                now += random.nextInt(50) == 0 ? random.nextLong(3 * PERIOD) : random.nextLong(PERIOD / 20);
                long units = random.nextInt(100);
                window.add(window.slotAt(now), units, now);
                added.add(new long[] {now, units});
                long least = 0;
                long most = 0;
                for (long[] each : added) {
                    least += now - each[0] < PERIOD ? each[1] : 0;
                    most += now - each[0] < PERIOD + SLOT ? each[1] : 0;
                }
                assertThat(window.used(now)).as("seed %d, step %d", seed, step).isBetween(least, most);
            }
        }
    }

    @Test
    void tellsWhenUnitsComeBack() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            SlidingWindow window = new SlidingWindow(PERIOD, 0);
            long now = 0;
            for (int step = 0; step < 300; step++) {
                now += random.nextLong(PERIOD / 100);
                window.add(window.slotAt(now), random.nextInt(100), now);
            }
            long used = window.used(now);
            long missing = 1 + random.nextLong(used);
            long until = window.nanosUntilLess(missing, now);

            assertThat(window.used(now + until - 1)).isGreaterThan(used - missing);
            assertThat(window.used(now + until)).isLessThanOrEqualTo(used - missing);
        }
    }

    @Test
    void whatIsTakenBackCountsNoMore() {
        SlidingWindow window = new SlidingWindow(PERIOD, 0);
        long slot = window.slotAt(10);
        window.add(slot, 100, 10);
        window.add(slot, -40, PERIOD / 2);
        assertThat(window.used(PERIOD / 2)).isEqualTo(60);
        window.add(slot, -60, 2 * PERIOD);
        assertThat(window.used(2 * PERIOD)).as("of a slot that is over").isZero();
    }
}
