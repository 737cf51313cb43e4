package dev.architect.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ThroughputDipTest {

    private static final long SECOND = 1_000_000;
    private static final Duration WINDOW = Duration.ofSeconds(2);

    private final List<Long> ends = new ArrayList<>();

    /** Adds so many ends a second, evenly, from one second until another. */
    private void ends(int perSecond, int from, int to) {
        for (long at = from * SECOND; at < to * SECOND; at += SECOND / perSecond) {
            ends.add(at);
        }
    }

    private ThroughputDip dip() {
        return ThroughputDip.of(ends, 0, 10 * SECOND, 30 * SECOND, WINDOW);
    }

    @Test
    void isNothingWhereNothingChanged() {
        ends(100, 0, 40);

        assertThat(dip().percent()).isCloseTo(0, within(0.01));
        assertThat(dip().length()).isZero();
    }

    @Test
    void isNothingWhereMoreWasDone() {
        ends(100, 0, 10);
        ends(150, 10, 40);

        assertThat(dip().percent()).isZero();
    }

    @Test
    void measuresDepthAndLength() {
        ends(100, 0, 12);
        ends(60, 12, 18);
        ends(100, 18, 40);

        ThroughputDip dip = dip();

        assertThat(dip.percent()).isCloseTo(40, within(1.0));
        // The mean of two seconds is below nine tenths from half a second into the loss until half a second before its
        // end.
        assertThat(dip.length()).isBetween(Duration.ofMillis(6_500), Duration.ofMillis(7_500));
    }

    @Test
    void isWholeWhenNothingEndsAnyMore() {
        ends(100, 0, 10);

        assertThat(dip().percent()).isEqualTo(100);
        assertThat(dip().length()).isBetween(Duration.ofSeconds(18), Duration.ofSeconds(20));
    }

    @Test
    void isNothingWithoutAnythingBefore() {
        ends(100, 10, 40);

        assertThat(dip()).isEqualTo(ThroughputDip.NONE);
    }
}
