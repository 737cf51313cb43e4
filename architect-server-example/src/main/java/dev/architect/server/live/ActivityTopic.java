package dev.architect.server.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.change.ChangeTopic;
import dev.architect.change.RecordedChange;
import dev.architect.server.operation.Permission;
import dev.architect.server.report.StatusView;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The newest entries of the activity log, by their sequence. */
final class ActivityTopic implements LiveTopic {

    private static final int ENTRIES = 100;

    private final Architect architect;

    ActivityTopic(Architect architect) {
        this.architect = architect;
    }

    @Override
    public Permission permission() {
        return Permission.read("activity");
    }

    @Override
    public Set<String> keys(RecordedChange change) {
        return change.topic() == ChangeTopic.ACTIVITY ? Set.copyOf(change.keys()) : Set.of();
    }

    @Override
    public Map<String, ObjectNode> all() {
        Map<String, ObjectNode> all = new LinkedHashMap<>();
        for (JsonNode each : StatusView.activities(architect.activity().before(Long.MAX_VALUE, ENTRIES))) {
            all.put(each.get("sequence").asText(), (ObjectNode) each);
        }
        return all;
    }
}
