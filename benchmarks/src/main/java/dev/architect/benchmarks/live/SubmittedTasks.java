package dev.architect.benchmarks.live;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** When which task was submitted, by its id. Safe for use by several threads. */
final class SubmittedTasks {

    private final Map<String, Submitted> byId = new ConcurrentHashMap<>();
    private int next;

    /**
     * A task.
     *
     * @param number from 0 on, in the order of their submission
     * @param at before its submission, by the monotonic clock
     * @param isCounted whether it is one of those that are measured
     */
    record Submitted(int number, long at, boolean isCounted) {}

    /** Adds a task; called by one thread. */
    void add(String id, long at, boolean isCounted) {
        byId.put(id, new Submitted(next, at, isCounted));
        next++;
    }

    @Nullable
    Submitted find(String id) {
        return byId.get(id);
    }
}
