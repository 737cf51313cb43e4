package dev.architect.store.jdbi;

import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Notices nodes whose beat counter stands still although this process looks at it again and again. It is judged by the monotonic
 * clock of the one who looks, so that no two clocks have to agree. Safe for use by several threads.
 */
final class BeatWatch {

    /** A node whose counter stood still for so long has lost its tasks. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** The most that one look adds: time in which this process itself was suspended shows nothing about others. */
    private static final Duration LONGEST_STEP = Duration.ofSeconds(2);

    private final TimeSource time;
    private final Map<Long, Seen> seen = new HashMap<>();

    private record Seen(long beat, long lookedAt, long stillNanos) {}

    BeatWatch(TimeSource time) {
        this.time = time;
    }

    /** Notes the counter of a node, and returns whether it has stood still for too long. */
    boolean isStill(long incarnation, long beat) {
        return stillNanos(incarnation, beat) >= LIMIT.toNanos();
    }

    /** Notes the counter of a node, and returns for how long this process has seen it stand still. */
    synchronized long stillNanos(long incarnation, long beat) {
        long now = time.nanoTime();
        Seen before = seen.get(incarnation);
        long still = before == null || before.beat() != beat
                ? 0
                : before.stillNanos() + Math.min(now - before.lookedAt(), LONGEST_STEP.toNanos());
        seen.put(incarnation, new Seen(beat, now, still));
        return still;
    }

    /** Forgets all nodes but these. */
    synchronized void retain(Collection<Long> incarnations) {
        seen.keySet().retainAll(incarnations);
    }

    /** Starts anew: while the store takes no beats of this process, it takes none of others either. */
    synchronized void reset() {
        seen.clear();
    }
}
