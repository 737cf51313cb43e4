package dev.architect.pool;

import dev.architect.attempt.ClaimedTask;
import dev.architect.spi.TimeSource;
import dev.architect.task.TaskId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that were claimed before there was a slot for them, and how many of them are worth it: what the node ends within ten
 * milliseconds, if its tasks are short. So a slot that becomes free is filled at once, and not after the commit of another claim. For
 * tasks that take longer than a tenth of a second it is none. Safe for use by several threads.
 */
public final class ClaimsAhead {

    /** The longest that a claim waits for a slot, by the measured rate. */
    private static final Duration LOOKAHEAD = Duration.ofMillis(10);

    /** Tasks that take longer in the mean are not claimed ahead. */
    private static final Duration SHORT = Duration.ofMillis(100);

    /** A claim that has waited longer is given back: the rate has changed, and another node may have a slot. */
    public static final Duration LIMIT = Duration.ofSeconds(1);

    /** The time over which the rate is measured. */
    private static final Duration WINDOW = Duration.ofMillis(50);

    private final TimeSource time;
    private final int most;
    // All guarded by this object's lock.
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Map<String, Integer> byType = new HashMap<>();
    private long windowStart;
    private int ended;
    private long endedNanos;
    private int worthwhile;

    private record Waiting(ClaimedTask claim, long since) {}

    /** Of at most {@code most} claims. */
    public ClaimsAhead(TimeSource time, int most) {
        this.time = time;
        this.most = most;
        this.windowStart = time.nanoTime();
    }

    /** Notes that an attempt has ended that took {@code nanos}, the write of its end included. */
    public synchronized void noteEnd(long nanos) {
        ended++;
        endedNanos += nanos;
        measure();
    }

    private void measure() {
        long now = time.nanoTime();
        long passed = now - windowStart;
        if (passed >= WINDOW.toNanos()) {
            boolean isShort = ended > 0 && endedNanos / ended < SHORT.toNanos();
            worthwhile = isShort ? (int) Math.min(most, ended * LOOKAHEAD.toNanos() / passed) : 0;
            windowStart = now;
            ended = 0;
            endedNanos = 0;
        }
    }

    /** How many more are worth to be claimed now; none while half of them still wait. */
    public synchronized int missing() {
        measure();
        return waiting.size() > worthwhile / 2 ? 0 : worthwhile - waiting.size();
    }

    /** How many of a type wait. */
    public synchronized int count(String type) {
        return byType.getOrDefault(type, 0);
    }

    /** Adds one as the last. */
    public synchronized void add(ClaimedTask claim) {
        waiting.addLast(new Waiting(claim, time.nanoTime()));
        byType.merge(claim.request().type(), 1, Integer::sum);
    }

    /** Removes and returns the one that was claimed first; null when there is none. */
    public synchronized @Nullable ClaimedTask next() {
        Waiting first = waiting.pollFirst();
        return first == null ? null : taken(first);
    }

    private ClaimedTask taken(Waiting each) {
        byType.merge(each.claim().request().type(), -1, Integer::sum);
        return each.claim();
    }

    /** Removes and returns the claims of a task. */
    public synchronized List<ClaimedTask> remove(TaskId id) {
        List<ClaimedTask> removed = new ArrayList<>();
        for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
            Waiting next = each.next();
            if (next.claim().fencingToken().id().equals(id)) {
                each.remove();
                removed.add(taken(next));
            }
        }
        return removed;
    }

    /** Removes and returns those that have waited for longer than {@code limit}. */
    public synchronized List<ClaimedTask> removeOlder(Duration limit) {
        List<ClaimedTask> removed = new ArrayList<>();
        long now = time.nanoTime();
        // In the order of their age.
        while (!waiting.isEmpty() && now - waiting.getFirst().since() >= limit.toNanos()) {
            removed.add(taken(waiting.removeFirst()));
        }
        return removed;
    }
}
