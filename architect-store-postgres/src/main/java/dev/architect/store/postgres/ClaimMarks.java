package dev.architect.store.postgres;

import dev.architect.spi.TimeSource;
import dev.architect.store.jdbi.task.ClaimedRow;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each lane's ready tasks begin, as far as this process knows: the largest place that it has claimed. Versions of rows that were
 * claimed stay in the index until a vacuum may remove them, which a long transaction elsewhere prevents; a claim that begins at the mark
 * does not walk through them.
 *
 * <p>A mark is never more than a guess. It rises after the commit of a claim, and falls with every task of this process that becomes ready
 * below it; what others make ready below it is found by a sweep, a claim without marks. A sweep is due a quarter of a second after the
 * last one, or at once when others have made something ready, but never so often that sweeps take more than a twentieth of the time.
 *
 * <p>Safe for use by several threads.
 */
final class ClaimMarks {

    private static final long SWEEP_INTERVAL = Duration.ofMillis(250).toNanos();

    /** So many times as long as a sweep took is the shortest time to the next one. */
    private static final long REST = 20;

    /** How long a lane is taken to have tasks with affinity keys after the last one was seen. */
    private static final long AFFINITY_MEMORY = Duration.ofMinutes(1).toNanos();

    private final TimeSource time = TimeSource.system();
    /** When a task with an affinity key was last seen in a lane: some of them are left to other nodes, and have to be found later. */
    private final Map<Long, Long> affinitySeen = new HashMap<>();

    private final Map<Long, Long> marks = new HashMap<>();
    private long sweptAt = time.nanoTime() - SWEEP_INTERVAL;
    private long restUntil = sweptAt;
    private boolean isHinted;

    /** The place to begin at; the least possible when nothing is known. */
    synchronized long of(long lane) {
        return marks.getOrDefault(lane, Long.MIN_VALUE);
    }

    /** Raises the marks to what was claimed; the claim is committed. */
    synchronized void claimed(List<ClaimedRow> rows) {
        for (ClaimedRow row : rows) {
            if (row.hasAffinity()) {
                affinitySeen(row.lane());
            }
            // A suspect has a place of its own in the order, and an index of its own.
            if (row.history().crashes() < 2 && !mayWithhold(row.lane())) {
                marks.merge(row.lane(), row.sortKey(), Math::max);
            }
        }
    }

    /** A task of this process becomes ready at {@code sortKey}. Before the commit and after it: a claim in between may raise the mark again. */
    synchronized void becomesReady(long lane, long sortKey) {
        marks.computeIfPresent(lane, (number, mark) -> Math.min(mark, sortKey));
    }

    /** A lane has a task with an affinity key: it has no mark for a while, since what is left to other nodes would be behind it. */
    synchronized void affinitySeen(long lane) {
        affinitySeen.put(lane, time.nanoTime());
        marks.remove(lane);
    }

    private boolean mayWithhold(long lane) {
        Long seen = affinitySeen.get(lane);
        if (seen != null && time.nanoTime() - seen >= AFFINITY_MEMORY) {
            affinitySeen.remove(lane);
            return false;
        }
        return seen != null;
    }

    /** Tasks of this process became ready, anywhere. */
    synchronized void clear() {
        marks.clear();
    }

    /** Others have made tasks ready. */
    synchronized void hint() {
        isHinted = true;
    }

    /** Whether the next claim is to be made without marks. */
    synchronized boolean isSweepDue() {
        long now = time.nanoTime();
        return !marks.isEmpty() && now - restUntil >= 0 && (isHinted || now - sweptAt >= SWEEP_INTERVAL);
    }

    /** Notes a sweep that began at {@code start} by {@link TimeSource#nanoTime}. */
    synchronized void swept(long start) {
        long now = time.nanoTime();
        sweptAt = now;
        restUntil = now + (now - start) * REST;
        isHinted = false;
    }

    long nanoTime() {
        return time.nanoTime();
    }
}
