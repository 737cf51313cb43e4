package dev.architect.router.policy;

import dev.architect.chat.Quality;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which models may answer, how good they are, and how long calls and failures may last. Read from YAML by {@link #load}; every field is
 * described in {@code standard-policy.yaml}, which is also what {@link #standard()} returns.
 *
 * @param baseline the model that savings are measured against; it need not be among the models
 * @param requestTimeout the longest time for a whole request, failovers included
 * @param callTimeout the longest time for one call
 * @param floors the least quality that a request accepts
 * @param circuitBreaker when no calls go to a provider for a while
 * @param models the models that may answer, at least one, each once
 */
public record RoutingPolicy(
        ModelId baseline,
        Duration requestTimeout,
        Duration callTimeout,
        QualityFloors floors,
        CircuitBreakerSettings circuitBreaker,
        List<ModelPolicy> models) {

    /** The largest quality. */
    public static final int MAX_QUALITY = 100;

    /** Copies the models and checks that there is one and that none is listed twice. */
    public RoutingPolicy {
        models = List.copyOf(models);
        PolicyChecks.positive("requestTimeout", requestTimeout);
        PolicyChecks.positive("callTimeout", callTimeout);
        if (models.isEmpty()) {
            throw new IllegalArgumentException("models has 0 entries, expected 1 or more");
        }
        Set<ModelId> seen = new HashSet<>();
        for (ModelPolicy model : models) {
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

    /** Returns this policy with {@code model}, which comes last or takes the place of the model with the same id. */
    public RoutingPolicy withModel(ModelPolicy model) {
        List<ModelPolicy> changed = new ArrayList<>(models);
        changed.replaceAll(each -> each.id().equals(model.id()) ? model : each);
        if (!changed.contains(model)) {
            changed.add(model);
        }
        return new RoutingPolicy(baseline, requestTimeout, callTimeout, floors, circuitBreaker, changed);
    }

    /** The least quality that an answer to such a request may have, 0 to 100. */
    public int floor(Quality requested, Complexity complexity) {
        return floors.of(requested, complexity);
    }
}
