package dev.architect.server.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.change.RecordedChange;
import dev.architect.server.access.Principal;
import dev.architect.server.operation.Permission;
import dev.architect.server.report.StatusView;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The providers as this node sees them, by name. */
final class ProviderTopic implements LiveTopic {

    private final Architect architect;

    ProviderTopic(Architect architect) {
        this.architect = architect;
    }

    @Override
    public Permission permission() {
        return Permission.read("providers");
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
        for (JsonNode each : StatusView.providers(architect.providers().statuses())) {
            all.put(each.get("name").textValue(), (ObjectNode) each);
        }
        return all;
    }

    @Override
    public Optional<Duration> period() {
        return Optional.of(Duration.ofSeconds(1));
    }
}
