package dev.architect.server.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.change.RecordedChange;
import dev.architect.micrometer.ArchitectMeters;
import dev.architect.server.operation.Permission;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The state of the whole as one thing, which is read twice a second. */
final class StatusTopic implements LiveTopic {

    static final String KEY = "status";

    private final LiveSnapshot snapshot;

    StatusTopic(Architect architect, ArchitectMeters meters, TimeSource time) {
        this.snapshot = new LiveSnapshot(architect, meters, time);
    }

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
        return Map.of(KEY, snapshot.write());
    }

    @Override
    public Optional<Duration> period() {
        return Optional.of(Duration.ofMillis(500));
    }
}
