package dev.architect.server.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.change.ChangeTopic;
import dev.architect.change.RecordedChange;
import dev.architect.node.NodeRole;
import dev.architect.server.access.Principal;
import dev.architect.server.live.LiveTopic;
import dev.architect.server.operation.Permission;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The nodes by their incarnations. What they run comes with their heartbeats, which are in no log. */
final class NodeTopic implements LiveTopic {

    private static final String SINCE_BEAT = "sinceBeatMs";

    private final Architect architect;

    NodeTopic(Architect architect) {
        this.architect = architect;
    }

    @Override
    public Permission permission() {
        return Permission.read("nodes");
    }

    /** It is of no project. */
    @Override
    public boolean isFor(Principal principal) {
        return true;
    }

    @Override
    public Set<String> keys(RecordedChange change) {
        return change.topic() == ChangeTopic.NODE ? Set.copyOf(change.keys()) : Set.of();
    }

    @Override
    public Map<String, ObjectNode> all() {
        Map<String, ObjectNode> all = new LinkedHashMap<>();
        List<NodeRole> roles = architect.nodes().roles();
        architect.nodes().list().forEach(node -> {
            ObjectNode json = NodeJson.of(node, roles);
            // It is another one at each reading.
            json.remove(SINCE_BEAT);
            all.put(Long.toString(node.incarnation()), json);
        });
        return all;
    }

    @Override
    public Optional<Duration> period() {
        return Optional.of(Duration.ofSeconds(1));
    }
}
