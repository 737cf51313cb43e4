package dev.architect.server.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.change.RecordedChange;
import dev.architect.server.access.Principal;
import dev.architect.server.live.LiveTopic;
import dev.architect.server.operation.Permission;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The sessions of all nodes, by incarnation and name. Nodes state them with their heartbeats, which are in no log. */
final class SessionTopic implements LiveTopic {

    private final Architect architect;

    SessionTopic(Architect architect) {
        this.architect = architect;
    }

    @Override
    public Permission permission() {
        return Permission.read("sessions");
    }

    /** It is of no project. */
    @Override
    public boolean isFor(Principal principal) {
        return true;
    }

    @Override
    public Set<String> keys(RecordedChange change) {
        return Set.of();
    }

    @Override
    public Map<String, ObjectNode> all() {
        Map<String, ObjectNode> all = new LinkedHashMap<>();
        architect
                .sessions()
                .all()
                .forEach(each ->
                        all.put(each.incarnation() + "/" + each.session().name(), SessionApi.json(each)));
        return all;
    }

    @Override
    public Optional<Duration> period() {
        return Optional.of(Duration.ofSeconds(1));
    }
}
