package dev.architect.server.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.change.ChangeTopic;
import dev.architect.change.RecordedChange;
import dev.architect.recurring.ScheduleStore;
import dev.architect.server.operation.Permission;
import dev.architect.server.task.ScheduleApi;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The schedules by their numbers, in the order of their names. */
final class ScheduleTopic implements LiveTopic {

    private final Architect architect;

    ScheduleTopic(Architect architect) {
        this.architect = architect;
    }

    @Override
    public Permission permission() {
        return Permission.read("schedules");
    }

    @Override
    public Set<String> keys(RecordedChange change) {
        return change.topic() == ChangeTopic.SCHEDULE ? Set.copyOf(change.keys()) : Set.of();
    }

    @Override
    public Map<String, ObjectNode> all() {
        Map<String, ObjectNode> all = new LinkedHashMap<>();
        int limit = Math.min(MAX_ITEMS, ScheduleStore.MAX_PAGE);
        architect
                .schedules()
                .list(Optional.empty(), limit)
                .forEach(schedule -> all.put(Long.toString(schedule.id()), ScheduleApi.json(schedule)));
        return all;
    }
}
