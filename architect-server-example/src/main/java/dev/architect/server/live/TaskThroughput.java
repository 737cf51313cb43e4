package dev.architect.server.live;

import dev.architect.spi.TimeSource;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** How many tasks end in a second, over the last five seconds. Used by one thread. */
final class TaskThroughput {

    private static final Duration WINDOW = Duration.ofSeconds(5);

    private final TimeSource time;
    private final Deque<Sample> samples = new ArrayDeque<>();

    TaskThroughput(TimeSource time) {
        this.time = time;
    }

    /** Records that {@code ended} tasks have ended in total, and returns the rate with one decimal place. */
    BigDecimal perSecond(long ended) {
        long now = time.nanoTime();
        samples.addLast(new Sample(now, ended));
        while (samples.size() > 2 && now - samples.getFirst().atNanos > WINDOW.toNanos()) {
            samples.removeFirst();
        }
        Sample first = samples.getFirst();
        long nanos = now - first.atNanos;
        if (nanos <= 0 || ended <= first.ended) {
            return BigDecimal.ZERO;
        }
        return BigDecimal.valueOf(ended - first.ended)
                .multiply(BigDecimal.valueOf(Duration.ofSeconds(1).toNanos()))
                .divide(BigDecimal.valueOf(nanos), 1, RoundingMode.HALF_UP);
    }

    private record Sample(long atNanos, long ended) {}
}
