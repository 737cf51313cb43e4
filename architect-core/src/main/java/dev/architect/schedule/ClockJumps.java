package dev.architect.schedule;

import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices jumps of the wall clock by the monotonic one, and takes them out of times that were measured by the wall clock. Safe for
 * use by several threads.
 */
final class ClockJumps {

    private static final Logger LOG = LoggerFactory.getLogger(ClockJumps.class);

    /** Smaller differences are corrections of the time service. */
    private static final Duration SMALLEST = Duration.ofSeconds(5);

    /** So many jumps are remembered. */
    private static final int LIMIT = 16;

    private final TimeSource time;
    private final Deque<Era> eras = new ArrayDeque<>();

    /** A time without a jump: from when on, by both clocks. */
    private record Era(Instant wall, long nanos) {

        Instant wallAt(long otherNanos) {
            return wall.plusNanos(otherNanos - nanos);
        }
    }

    ClockJumps(TimeSource time) {
        this.time = time;
        eras.add(new Era(time.wallTime(), time.nanoTime()));
    }

    /** Compares the clocks; called again and again. */
    synchronized void look() {
        long nanos = time.nanoTime();
        Instant wall = time.wallTime();
        Duration jump = Duration.between(eras.getLast().wallAt(nanos), wall);
        if (jump.abs().compareTo(SMALLEST) < 0) {
            return;
        }
        LOG.warn("the wall clock jumped by {} ms; due times follow it, running work does not", jump.toMillis());
        eras.add(new Era(wall, nanos));
        if (eras.size() > LIMIT) {
            eras.removeFirst();
        }
    }

    /** What passed since {@code then} was read from the wall clock, without its jumps; never negative. */
    synchronized Duration since(Instant then) {
        look();
        long now = time.nanoTime();
        long end = now;
        for (var each = eras.descendingIterator(); each.hasNext(); ) {
            Era era = each.next();
            long nanos = era.nanos() + Duration.between(era.wall(), then).toNanos();
            // The newest era that it may have been read in; what is older than the first one belongs to that.
            if ((nanos - era.nanos() >= 0 || !each.hasNext()) && nanos - end <= 0) {
                return Duration.ofNanos(now - nanos);
            }
            end = era.nanos();
        }
        return Duration.ZERO;
    }
}
