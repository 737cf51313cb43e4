package dev.architect.task;

import dev.architect.check.Check;
import dev.architect.filter.NameFilter;

/**
 * Which lanes of tasks: those with a type, a queue and a tenant that pass. Stores know how many tasks each lane has, so tasks of some lanes are found
 * without reading others. Immutable.
 *
 * @param types of their tasks
 * @param queues they belong to, as in {@link TaskOptions#queue}
 * @param tenants they belong to, as in {@link TaskOptions#tenant}
 */
public record TaskLanes(NameFilter types, NameFilter queues, NameFilter tenants) {

    /** Every lane. */
    public static final TaskLanes ALL = new TaskLanes(NameFilter.ALL, NameFilter.ALL, NameFilter.ALL);

    /** Checks every field. */
    public TaskLanes {
        Check.notNull("types", types);
        Check.notNull("queues", queues);
        Check.notNull("tenants", tenants);
    }

    /** Returns the lanes of some types of tasks. */
    public static TaskLanes ofTypes(NameFilter types) {
        return new TaskLanes(types, NameFilter.ALL, NameFilter.ALL);
    }

    /** Whether every lane passes. */
    public boolean isAll() {
        return types.isAll() && queues.isAll() && tenants.isAll();
    }

    /** Whether a lane passes, by what its tasks have. */
    public boolean accepts(String type, String queue, String tenant) {
        return types.accepts(type) && queues.accepts(queue) && tenants.accepts(tenant);
    }

    /** Whether the lane of a task passes. */
    public boolean accepts(TaskRequest request) {
        TaskOptions options = Check.notNull("request", request).options();
        return accepts(request.type(), options.queue(), options.tenant());
    }
}
