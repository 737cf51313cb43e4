package dev.architect.router.policy;

import dev.architect.model.ModelId;
import dev.architect.request.CallLimits;
import dev.architect.router.choice.LearnedSettings;
import java.time.Duration;
import java.util.List;

/** Checks that name the field, the value seen and the value expected. */
final class PolicyChecks {

    static final Duration SHORTEST = Duration.ofMillis(1);
    static final Duration LONGEST = Duration.ofHours(24);

    private PolicyChecks() {}

    static void range(String field, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(field + " is " + value + ", expected " + min + ".." + max);
        }
    }

    static void duration(String field, Duration value) {
        if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(field + " is " + value + ", expected " + SHORTEST + ".." + LONGEST);
        }
    }

    static void durationOrZero(String field, Duration value) {
        if (!value.isZero()) {
            duration(field, value);
        }
    }

    /** Both models are of the policy, and the strong one is better: answers of the cheap one that are rejected go to better models. */
    static void learned(LearnedSettings settings, List<ModelPolicy> models) {
        int cheap = quality("cheap", settings.cheap(), models);
        int strong = quality("strong", settings.strong(), models);
        if (strong <= cheap) {
            throw new IllegalArgumentException("learned.strong " + settings.strong() + " has the quality " + strong
                    + ", expected more than the " + cheap + " of learned.cheap");
        }
    }

    private static int quality(String field, ModelId id, List<ModelPolicy> models) {
        return models.stream()
                .filter(model -> model.id().equals(id))
                .mapToInt(ModelPolicy::quality)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "learned." + field + " is " + id + ", expected one of the models of the policy"));
    }

    static void limits(CallLimits limits) {
        duration("headers", limits.headers());
        duration("firstToken", limits.firstToken());
        duration("idle", limits.idle());
        duration("total", limits.total());
    }
}
