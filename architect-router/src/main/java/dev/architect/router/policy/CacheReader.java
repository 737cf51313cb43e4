package dev.architect.router.policy;

import dev.architect.router.yaml.YamlObject;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads whether answers are kept. */
final class CacheReader {

    private CacheReader() {}

    static CacheSettings read(YamlObject root) {
        CacheSettings usual = CacheSettings.OFF;
        Optional<YamlObject> object = root.object("cache");
        if (object.isEmpty()) {
            return usual;
        }
        YamlObject given = object.get().allowOnly(List.of("enabled", "maxEntries", "maxBytes", "ttl", "scope"));
        return new CacheSettings(
                given.bool("enabled").orElse(true),
                given.integer("maxEntries", 1, CacheSettings.MAX_ENTRIES).orElse(usual.maxEntries()),
                given.integer("maxBytes", CacheSettings.LEAST_BYTES, Integer.MAX_VALUE)
                        .orElse(usual.maxBytes()),
                given.duration("ttl", PolicyChecks.SHORTEST, PolicyChecks.LONGEST)
                        .orElse(usual.ttl()),
                given.text("scope", "project, user or none", CacheReader::scope).orElse(usual.scope()));
    }

    private static CacheSettings.@Nullable Scope scope(String word) {
        return switch (word) {
            case "project" -> CacheSettings.Scope.PROJECT;
            case "user" -> CacheSettings.Scope.USER;
            case "none" -> CacheSettings.Scope.NONE;
            default -> null;
        };
    }
}
