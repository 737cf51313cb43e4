package dev.architect.server.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.change.ChangeTopic;
import dev.architect.change.RecordedChange;
import dev.architect.server.access.Principal;
import dev.architect.server.operation.Permission;
import dev.architect.server.task.TaskView;
import dev.architect.task.TaskId;
import dev.architect.task.TaskQuery;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tasks by their ids: the newest ones and whatever changes, or one. */
final class TaskTopic implements LiveTopic {

    private static final String ALL = "tasks";
    private static final String ONE = "task:";

    private final Architect architect;
    private final Optional<TaskId> only;

    private TaskTopic(Architect architect, Optional<TaskId> only) {
        this.architect = architect;
        this.only = only;
    }

    static Optional<LiveTopic> find(Architect architect, String name) {
        if (name.equals(ALL)) {
            return Optional.of(new TaskTopic(architect, Optional.empty()));
        }
        if (!name.startsWith(ONE)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new TaskTopic(architect, Optional.of(TaskId.parse(name.substring(ONE.length())))));
        } catch (IllegalArgumentException noId) {
            return Optional.empty();
        }
    }

    @Override
    public Permission permission() {
        return Permission.read("tasks");
    }

    /** A token of an agent may be for some projects only. */
    @Override
    public boolean isFor(Principal principal) {
        return principal.projects().isEmpty()
                || only.flatMap(id -> architect.tasks().find(id))
                        .map(task -> principal.sees(task.request().attribution().project()))
                        .orElse(false);
    }

    @Override
    public Set<String> keys(RecordedChange change) {
        if (change.topic() != ChangeTopic.TASK) {
            return Set.of();
        }
        Set<String> keys = new LinkedHashSet<>();
        for (String key : change.keys()) {
            TaskId id = new TaskId(Long.parseLong(key));
            if (only.isEmpty() || only.get().equals(id)) {
                keys.add(id.toString());
            }
        }
        return keys;
    }

    @Override
    public Map<String, ObjectNode> all() {
        Map<String, ObjectNode> all = new LinkedHashMap<>();
        if (only.isPresent()) {
            put(all, only.get());
        } else {
            architect
                    .tasks()
                    .list(TaskQuery.newest(MAX_ITEMS))
                    .forEach(task -> all.put(task.id().toString(), TaskView.summary(task)));
        }
        return all;
    }

    private void put(Map<String, ObjectNode> into, TaskId id) {
        architect.tasks().find(id).ifPresent(task -> into.put(id.toString(), TaskView.summary(task)));
    }

    @Override
    public Optional<Map<String, ObjectNode>> read(Set<String> keys) {
        Map<String, ObjectNode> read = new LinkedHashMap<>();
        keys.forEach(key -> put(read, TaskId.parse(key)));
        return Optional.of(read);
    }
}
