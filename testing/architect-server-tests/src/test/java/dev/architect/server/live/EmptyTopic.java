package dev.architect.server.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.change.RecordedChange;
import dev.architect.server.operation.Permission;
import java.util.Map;
import java.util.Set;

/** A topic without things. */
final class EmptyTopic implements LiveTopic {

    @Override
    public Permission permission() {
        return Permission.read("tasks");
    }

    @Override
    public Set<String> keys(RecordedChange change) {
        return Set.of();
    }

    @Override
    public Map<String, ObjectNode> all() {
        return Map.of();
    }
}
