package dev.architect.store.memory;

import dev.architect.project.ProjectId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Which task last had each unique key. Guarded by the store's lock. */
final class InMemoryUniqueKeys {

    private final Map<Key, InMemoryTask> holders = new HashMap<>();

    private record Key(ProjectId project, String value) {}

    /** The unfinished task that has the key. */
    Optional<InMemoryTask> holder(ProjectId project, String value) {
        return Optional.ofNullable(holders.get(new Key(project, value))).filter(task -> !task.state.isTerminal());
    }

    /** Whether no other unfinished task has the key of this one, which then has it. */
    boolean take(InMemoryTask task) {
        Optional<Key> key = key(task);
        if (key.isEmpty()) {
            return true;
        }
        InMemoryTask present = holders.get(key.get());
        if (present != null && present != task && !present.state.isTerminal()) {
            return false;
        }
        holders.put(key.get(), task);
        return true;
    }

    /** The task is no longer in this store. */
    void remove(InMemoryTask task) {
        key(task).ifPresent(key -> holders.remove(key, task));
    }

    private static Optional<Key> key(InMemoryTask task) {
        return task.request
                .options()
                .uniqueKey()
                .map(key -> new Key(task.request.attribution().project(), key.value()));
    }
}
