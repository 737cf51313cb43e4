package dev.architect.router.policy;

import dev.architect.chat.Quality;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which models may answer, how good they are, and how patient the router is. Read from YAML by {@link #load}; every field is
 * described in {@code standard-policy.yaml}, which is also what {@link #standard()} returns.
 *
 * @param baseline the model that savings are measured against; it needs no place among the models
 * @param requestTimeout the longest time for a whole request, failovers included
 * @param callTimeout the longest time for one call
 * @param floors the least quality that a request accepts
 * @param breaker when a provider is left alone
 * @param models the models that may answer, at least one, each once
 */
public record RoutingPolicy(
        ModelId baseline,
        Duration requestTimeout,
        Duration callTimeout,
        Floors floors,
        Breaker breaker,
        List<Model> models) {

    /** The largest quality. */
    public static final int MAX_QUALITY = 100;

    /** Copies the models and checks that there is one and that none is listed twice. */
    public RoutingPolicy {
        models = List.copyOf(models);
        positive("requestTimeout", requestTimeout);
        positive("callTimeout", callTimeout);
        if (models.isEmpty()) {
            throw new IllegalArgumentException("models has 0 entries, expected 1 or more");
        }
        Set<ModelId> seen = new HashSet<>();
        for (Model model : models) {
            if (!seen.add(model.id())) {
                throw new IllegalArgumentException("models has " + model.id() + " twice, expected once");
            }
        }
    }

    /**
     * Reads a policy file.
     *
     * @throws PolicyException with everything that is wrong with the file
     */
    public static RoutingPolicy load(Path file) {
        return PolicyReader.load(file);
    }

    /**
     * Reads the text of a policy.
     *
     * @throws PolicyException with everything that is wrong with the text, which it calls {@code policy}
     */
    public static RoutingPolicy parse(String yaml) {
        return PolicyReader.parse("policy", yaml);
    }

    /** Returns the policy that comes with Architect: a sensible set of models over all six providers. */
    public static RoutingPolicy standard() {
        return PolicyReader.standard();
    }

    /** The least quality that an answer to such a request may have, 0 to 100. */
    public int floor(Quality asked, Complexity complexity) {
        return floors.of(asked, complexity);
    }

    /**
     * A model that may answer.
     *
     * @param id the model
     * @param quality how good its answers are, 0 to 100
     * @param maxConcurrent the most calls to it at the same time, at least 1
     * @param contextTokens its window: prompt and answer together
     * @param expectedOutputTokensOrNull tokens of its usual answer, for estimates; null uses a value by complexity
     * @param isEnabled whether it takes part
     */
    public record Model(
            ModelId id,
            int quality,
            int maxConcurrent,
            int contextTokens,
            @Nullable Integer expectedOutputTokensOrNull,
            boolean isEnabled) {

        /** Checks every number. */
        public Model {
            range("quality", quality, 0, MAX_QUALITY);
            range("maxConcurrent", maxConcurrent, 1, Integer.MAX_VALUE);
            range("contextTokens", contextTokens, 1, Integer.MAX_VALUE);
            if (expectedOutputTokensOrNull != null) {
                range("expectedOutputTokens", expectedOutputTokensOrNull, 1, Integer.MAX_VALUE);
            }
        }

        /** Tokens of its usual answer. */
        public OptionalInt expectedOutputTokens() {
            return expectedOutputTokensOrNull == null
                    ? OptionalInt.empty()
                    : OptionalInt.of(expectedOutputTokensOrNull);
        }
    }

    /**
     * The least quality by what was asked.
     *
     * @param byComplexity for requests that leave the quality to the router, one for each complexity, not falling
     * @param byQuality for requests that name it, one for each quality but {@link Quality#AUTO}, not falling
     */
    public record Floors(Map<Complexity, Integer> byComplexity, Map<Quality, Integer> byQuality) {

        /** Copies the maps and checks that every class has a floor and that floors do not fall. */
        public Floors {
            byComplexity = Collections.unmodifiableMap(new EnumMap<>(byComplexity));
            byQuality = Collections.unmodifiableMap(new EnumMap<>(byQuality));
            rising("complexity", byComplexity, List.of(Complexity.values()));
            rising("quality", byQuality, List.of(Quality.BASIC, Quality.STANDARD, Quality.HIGH));
        }

        int of(Quality asked, Complexity complexity) {
            Integer floor = asked == Quality.AUTO ? byComplexity.get(complexity) : byQuality.get(asked);
            return floor == null ? 0 : floor;
        }

        private static <K> void rising(String name, Map<K, Integer> floors, List<K> keys) {
            int before = 0;
            for (K key : keys) {
                Integer floor = floors.get(key);
                if (floor == null) {
                    throw new IllegalArgumentException(
                            "floor of " + key + " is missing, expected one for each " + name);
                }
                range("floor of " + key, floor, before, MAX_QUALITY);
                before = floor;
            }
        }
    }

    /**
     * When calls to a provider stop for a while: when {@code failures} of its last {@code calls} calls failed. After
     * {@code firstDelay} one trial call goes through; each trial that fails doubles the delay, up to {@code longestDelay}.
     *
     * @param failures how many failures open the breaker
     * @param calls of how many last calls
     * @param firstDelay the wait before the first trial
     * @param longestDelay the longest wait between two trials
     */
    public record Breaker(int failures, int calls, Duration firstDelay, Duration longestDelay) {

        /** Five of the last ten calls; trials after 2, 4, 8, 8 … seconds. */
        public static final Breaker STANDARD = new Breaker(5, 10, Duration.ofSeconds(2), Duration.ofSeconds(8));

        /** Checks that the numbers fit each other. */
        public Breaker {
            range("failures", failures, 1, Integer.MAX_VALUE);
            range("calls", calls, failures, Integer.MAX_VALUE);
            positive("firstDelay", firstDelay);
            if (longestDelay.compareTo(firstDelay) < 0) {
                throw new IllegalArgumentException(
                        "longestDelay is " + longestDelay + ", expected " + firstDelay + " or more");
            }
        }
    }

    private static void range(String field, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(field + " is " + value + ", expected " + min + ".." + max);
        }
    }

    private static void positive(String field, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(field + " is " + value + ", expected more than zero");
        }
    }
}
