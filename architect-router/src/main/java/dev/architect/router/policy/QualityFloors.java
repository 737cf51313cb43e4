package dev.architect.router.policy;

import dev.architect.chat.Quality;
import dev.architect.model.Complexity;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The least quality that an answer may have, by complexity of the prompt and by requested quality.
 *
 * @param byComplexity for requests that leave the quality to the router, one for each complexity, not falling
 * @param byQuality for requests that name it, one for each quality but {@link Quality#AUTO}, not falling
 */
public record QualityFloors(Map<Complexity, Integer> byComplexity, Map<Quality, Integer> byQuality) {

    /** Each class of complexity at least 40, 65, 85; each named quality at least 0, 65, 90. */
    public static final QualityFloors STANDARD = new QualityFloors(
            Map.of(Complexity.SIMPLE, 40, Complexity.MEDIUM, 65, Complexity.COMPLEX, 85),
            Map.of(Quality.BASIC, 0, Quality.STANDARD, 65, Quality.HIGH, 90));

    /** Copies the maps and checks that every class has a floor and that floors do not fall. */
    public QualityFloors {
        byComplexity = Collections.unmodifiableMap(new EnumMap<>(byComplexity));
        byQuality = Collections.unmodifiableMap(new EnumMap<>(byQuality));
        rising("complexity", byComplexity, List.of(Complexity.values()));
        rising("quality", byQuality, List.of(Quality.BASIC, Quality.STANDARD, Quality.HIGH));
    }

    int of(Quality requested, Complexity complexity) {
        Integer floor = requested == Quality.AUTO ? byComplexity.get(complexity) : byQuality.get(requested);
        return floor == null ? 0 : floor;
    }

    private static <K> void rising(String name, Map<K, Integer> floors, List<K> keys) {
        int before = 0;
        for (K key : keys) {
            Integer floor = floors.get(key);
            if (floor == null) {
                throw new IllegalArgumentException("floor of " + key + " is missing, expected one for each " + name);
            }
            PolicyChecks.range("floor of " + key, floor, before, RoutingPolicy.MAX_QUALITY);
            before = floor;
        }
    }
}
