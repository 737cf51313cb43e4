package dev.architect.pool;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How a pool has changed its size in the last hour, and what that leaves it to do: at most {@value #MOST} changes an hour. It may always grow
 * while work waits, so shrinking leaves two changes, and the last growth of the hour goes to the maximum; what is drained by order does not count.
 *
 * <p>A pool that has shrunk and grows again changes back and forth. So the more it has shrunk, the longer work has to wait until it grows, and the
 * more it has changed, the more sessions have to be closed at a time. Used by one thread.
 */
final class PoolChanges {

    /** The most changes within an hour. */
    static final int MOST = 6;

    /** Shrinking leaves one change to grow by a step, and one to grow to the maximum. */
    private static final int MOST_BEFORE_SHRINKING = MOST - 2;

    /** Growing soon after growing is one rise of the load. */
    private static final long SOON = Duration.ofMinutes(2).toNanos();

    private static final long HOUR = Duration.ofHours(1).toNanos();

    /** How long work waits without a free slot until the pool grows, by how often it has shrunk within the hour. */
    private static final Duration[] PATIENCE = {Duration.ofMillis(50), Duration.ofSeconds(2), Duration.ofSeconds(15)};

    private final Deque<Change> changes = new ArrayDeque<>();

    private record Change(long at, boolean isGrowth) {}

    /** The pool has grown. */
    void grown(long now) {
        changes.addLast(new Change(now, true));
    }

    /** The pool has shrunk. */
    void shrunk(long now) {
        changes.addLast(new Change(now, false));
    }

    /** Forgets what is older than an hour. */
    void advance(long now) {
        while (!changes.isEmpty() && now - changes.getFirst().at >= HOUR) {
            changes.removeFirst();
        }
    }

    /** How many changes there were within the hour. */
    int count() {
        return changes.size();
    }

    /** How long work has to wait without a free slot until the pool grows. */
    Duration patience() {
        long shrinks = changes.stream().filter(change -> !change.isGrowth).count();
        return PATIENCE[(int) Math.min(shrinks, PATIENCE.length - 1)];
    }

    /** Whether the pool may grow once more within the hour and no further. */
    boolean isLastGrowth() {
        return changes.size() >= MOST - 1;
    }

    /** Whether the pool has just grown, so that growing again goes on with the same rise. */
    boolean hasJustGrown(long now) {
        return hasGrownWithin(SOON, now);
    }

    /** Whether the pool has grown within this many nanoseconds. */
    boolean hasGrownWithin(long nanos, long now) {
        return changes.stream().anyMatch(change -> change.isGrowth && now - change.at < nanos);
    }

    /** Whether closing so many sessions is worth a change. */
    boolean allowsClosing(int sessions) {
        return changes.size() <= Math.min(MOST_BEFORE_SHRINKING, sessions);
    }
}
