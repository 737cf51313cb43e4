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
    private final Deque<Mark> marks = new ArrayDeque<>();

    TaskThroughput(TimeSource time) {
        this.time = time;
    }

    /** Notes that {@code ended} tasks have ended in all, and returns the rate with one decimal place. */
    BigDecimal perSecond(long ended) {
        long now = time.nanoTime();
        marks.addLast(new Mark(now, ended));
        while (marks.size() > 2 && now - marks.getFirst().atNanos > WINDOW.toNanos()) {
            marks.removeFirst();
        }
        Mark first = marks.getFirst();
        long nanos = now - first.atNanos;
        if (nanos <= 0 || ended <= first.ended) {
            return BigDecimal.ZERO;
        }
        return BigDecimal.valueOf(ended - first.ended)
                .multiply(BigDecimal.valueOf(Duration.ofSeconds(1).toNanos()))
                .divide(BigDecimal.valueOf(nanos), 1, RoundingMode.HALF_UP);
    }

    private record Mark(long atNanos, long ended) {}
}
