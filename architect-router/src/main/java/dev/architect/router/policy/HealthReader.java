package dev.architect.router.policy;

import dev.architect.router.yaml.YamlObject;
import java.util.List;
import java.util.Optional;

/** Reads {@code probe} of a policy. */
final class HealthReader {

    private HealthReader() {}

    static ProbeSettings probe(YamlObject root) {
        Optional<YamlObject> object = root.object("probe");
        if (object.isEmpty()) {
            return ProbeSettings.OFF;
        }
        YamlObject given = object.get().allowOnly(List.of("enabled", "interval"));
        return new ProbeSettings(
                given.bool("enabled").orElse(true),
                given.duration("interval", ProbeSettings.SHORTEST_INTERVAL, PolicyChecks.LONGEST)
                        .orElse(ProbeSettings.ON.interval()));
    }
}
