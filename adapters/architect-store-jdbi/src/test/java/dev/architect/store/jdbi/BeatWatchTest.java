package dev.architect.store.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class BeatWatchTest {

    private final Clock time = new Clock();
    private final BeatWatch watch = new BeatWatch(time);

    @Test
    void noticesACounterThatStandsStillForTenSeconds() {
        assertThat(lookEachSecond(10, 7)).isFalse();
        assertThat(lookEachSecond(1, 7)).isTrue();
    }

    @Test
    void startsAnewWithEachBeat() {
        lookEachSecond(10, 7);
        assertThat(lookEachSecond(10, 8)).isFalse();
    }

    @Test
    void countsNoTimeInWhichItDidNotLook() {
        watch.isStill(1, 7);
        time.advance(Duration.ofMinutes(5));

        assertThat(watch.isStill(1, 7)).isFalse();
    }

    @Test
    void startsAnewAfterTheStoreTookNoBeats() {
        lookEachSecond(10, 7);
        watch.reset();

        assertThat(lookEachSecond(2, 7)).isFalse();
    }

    private boolean lookEachSecond(int times, long beat) {
        boolean still = false;
        for (int i = 0; i < times; i++) {
            still = watch.isStill(1, beat);
            time.advance(Duration.ofSeconds(1));
        }
        return still;
    }

    /** A monotonic clock that a test moves. */
    private static final class Clock implements TimeSource {
        private long nanos;

        void advance(Duration duration) {
            nanos += duration.toNanos();
        }

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public Instant wallTime() {
            throw new UnsupportedOperationException("the wall clock was read, expected the monotonic one");
        }

        @Override
        public void sleep(Duration duration) {
            throw new UnsupportedOperationException("nothing sleeps here");
        }

        @Override
        public WakeUp newWakeUp() {
            throw new UnsupportedOperationException("nothing waits here");
        }

        @Override
        public long random(long bound) {
            throw new UnsupportedOperationException("nothing is random here");
        }
    }
}
