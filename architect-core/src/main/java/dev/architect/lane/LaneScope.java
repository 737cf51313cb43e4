package dev.architect.lane;

import dev.architect.check.Check;
import dev.architect.task.TaskOptions;
import java.util.Optional;

/**
 * What {@link LaneSettings} are for: a whole queue, or one tenant of it.
 *
 * @param queue as in {@link TaskOptions#queue}
 * @param tenant as in {@link TaskOptions#tenant}; empty for the whole queue
 */
public record LaneScope(String queue, Optional<String> tenant) implements Comparable<LaneScope> {

    /** Checks every field. */
    public LaneScope {
        TaskOptions.checkName("queue", queue);
        Check.notNull("tenant", tenant).ifPresent(name -> TaskOptions.checkName("tenant", name));
    }

    /** A whole queue. */
    public static LaneScope of(String queue) {
        return new LaneScope(queue, Optional.empty());
    }

    /** One tenant of a queue. */
    public static LaneScope of(String queue, String tenant) {
        return new LaneScope(queue, Optional.of(Check.notNull("tenant", tenant)));
    }

    /** Whether a lane belongs to it. */
    public boolean has(Lane lane) {
        return lane.queue().equals(queue) && (tenant.isEmpty() || tenant.get().equals(lane.tenant()));
    }

    /** By queue, then tenant; a whole queue comes before its tenants. */
    @Override
    public int compareTo(LaneScope other) {
        int byQueue = queue.compareTo(other.queue);
        return byQueue != 0 ? byQueue : tenant.orElse("").compareTo(other.tenant.orElse(""));
    }

    /** For people: {@code queue} or {@code queue/tenant}. */
    @Override
    public String toString() {
        return tenant.map(name -> queue + "/" + name).orElse(queue);
    }
}
