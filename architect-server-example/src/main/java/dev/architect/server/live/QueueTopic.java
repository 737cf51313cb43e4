package dev.architect.server.live;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.change.ChangeTopic;
import dev.architect.change.RecordedChange;
import dev.architect.server.access.Principal;
import dev.architect.server.operation.Permission;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.task.LimitApi;
import dev.architect.server.task.QueueApi;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The queues, as {@code queue:} and their names, with what is set for them and their tenants and what waits and runs in their lanes; which types
 * are paused, as {@code paused-types}; and the limits of keys, as {@code key-limits}. What is set for queues is in the log. The rest, of which lanes are
 * changed by each task, is read from time to time.
 */
final class QueueTopic implements LiveTopic {

    private static final String QUEUE = "queue:";

    private final Architect architect;

    QueueTopic(Architect architect) {
        this.architect = architect;
    }

    @Override
    public Permission permission() {
        return Permission.read("queues");
    }

    /** It is of no project. */
    @Override
    public boolean isFor(Principal principal) {
        return true;
    }

    @Override
    public Set<String> keys(RecordedChange change) {
        return change.topic() == ChangeTopic.QUEUE
                ? change.keys().stream().map(name -> QUEUE + name).collect(Collectors.toSet())
                : Set.of();
    }

    @Override
    public Map<String, ObjectNode> all() {
        Map<String, ObjectNode> all = new LinkedHashMap<>();
        ArrayNode paused = JsonResponseWriter.array();
        architect.queues().pausedTypes().forEach(paused::add);
        all.put("paused-types", JsonResponseWriter.object().set("types", paused));
        ArrayNode limits = JsonResponseWriter.array();
        architect.limits().list(Optional.empty(), MAX_ITEMS).forEach(limit -> limits.add(LimitApi.json(limit)));
        all.put("key-limits", JsonResponseWriter.object().set("limits", limits));
        architect
                .queues()
                .lanes()
                .forEach(lane -> queue(all, lane.lane().queue())
                        .ifPresent(queue -> queue.withArray("lanes").add(QueueApi.json(lane))));
        architect
                .queues()
                .settings()
                .forEach(each -> queue(all, each.scope().queue())
                        .ifPresent(queue -> queue.withArray("settings").add(QueueApi.json(each))));
        return all;
    }

    private static Optional<ObjectNode> queue(Map<String, ObjectNode> all, String name) {
        String key = QUEUE + name;
        if (!all.containsKey(key) && all.size() < MAX_ITEMS) {
            ObjectNode queue = JsonResponseWriter.object().put("queue", name);
            queue.putArray("lanes");
            queue.putArray("settings");
            all.put(key, queue);
        }
        return Optional.ofNullable(all.get(key));
    }

    @Override
    public Optional<Duration> period() {
        return Optional.of(Duration.ofSeconds(1));
    }
}
