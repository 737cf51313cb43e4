package dev.architect.router.policy;

import dev.architect.router.yaml.YamlObject;
import java.util.List;
import java.util.Optional;

/** Reads {@code probe} and {@code hedging} of a policy. */
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

    static HedgingSettings hedging(YamlObject root) {
        HedgingSettings usual = HedgingSettings.ON;
        Optional<YamlObject> object = root.object("hedging");
        if (object.isEmpty()) {
            return HedgingSettings.OFF;
        }
        YamlObject given =
                object.get().allowOnly(List.of("enabled", "requestPercent", "spendPercent", "percentile", "samples"));
        return new HedgingSettings(
                given.bool("enabled").orElse(true),
                given.integer("requestPercent", 1, HedgingSettings.MAX_PERCENT).orElse(usual.requestPercent()),
                given.integer("spendPercent", 1, HedgingSettings.MAX_PERCENT).orElse(usual.spendPercent()),
                given.integer("percentile", HedgingSettings.MIN_PERCENTILE, HedgingSettings.MAX_PERCENTILE)
                        .orElse(usual.percentile()),
                given.integer("samples", HedgingSettings.MIN_SAMPLES, HedgingSettings.MAX_SAMPLES)
                        .orElse(usual.samples()));
    }
}
