package dev.architect.router.policy;

import dev.architect.chat.Quality;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.request.CallLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which models may answer, how good they are, and how long calls and failures may last. Read from YAML by {@link #load}; every field is
 * described in {@code standard-policy.yaml}, which is also what {@link #standard()} returns. Its {@code with} methods return
 * changed copies, checked as a file is. Immutable.
 *
 * @param baseline the model that savings are measured against; it need not be among the models
 * @param requestTimeout the longest time for a whole request, failovers included
 * @param callTimeout the longest time for one call whose answer comes whole
 * @param limits how long one streamed call may take, for models without limits of their own
 * @param floors the least quality that a request accepts
 * @param circuitBreaker when no calls go to a model for a while
 * @param retry when a call is repeated on the same model, and how long a request waits for one that rests
 * @param models the models that may answer, at least one, each once
 */
public record RoutingPolicy(
        ModelId baseline,
        Duration requestTimeout,
        Duration callTimeout,
        CallLimits limits,
        QualityFloors floors,
        CircuitBreakerSettings circuitBreaker,
        RetrySettings retry,
        List<ModelPolicy> models) {

    /** How long a streamed call may take when nothing else is said: ten seconds each until its head, until its first token and without a byte, and ten minutes as a whole. */
    public static final CallLimits USUAL_LIMITS = new CallLimits(
            Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofMinutes(10));

    /** The largest number of models. */
    static final int MAX_MODELS = 500;

    /** The largest quality. */
    public static final int MAX_QUALITY = 100;

    /** Copies the models and checks that there is one and that none is listed twice. */
    public RoutingPolicy {
        models = List.copyOf(models);
        PolicyChecks.duration("requestTimeout", requestTimeout);
        PolicyChecks.duration("callTimeout", callTimeout);
        PolicyChecks.limits(limits);
        PolicyChecks.range("number of models", models.size(), 1, MAX_MODELS);
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
        return new RoutingPolicy(baseline, requestTimeout, callTimeout, limits, floors, circuitBreaker, retry, changed);
    }

    /**
     * Returns this policy without a model.
     *
     * @throws IllegalArgumentException when it has no such model, or no other one
     */
    public RoutingPolicy withoutModel(ModelId id) {
        List<ModelPolicy> changed =
                models.stream().filter(model -> !model.id().equals(id)).toList();
        if (changed.size() == models.size()) {
            throw new IllegalArgumentException("model is '" + id + "', expected one of the policy");
        }
        return new RoutingPolicy(baseline, requestTimeout, callTimeout, limits, floors, circuitBreaker, retry, changed);
    }

    /** Returns this policy with another model that savings are measured against. */
    public RoutingPolicy withBaseline(ModelId changed) {
        return new RoutingPolicy(changed, requestTimeout, callTimeout, limits, floors, circuitBreaker, retry, models);
    }

    /** Returns this policy with another limit for a whole request, 1 ms to 24 h. */
    public RoutingPolicy withRequestTimeout(Duration changed) {
        return new RoutingPolicy(baseline, changed, callTimeout, limits, floors, circuitBreaker, retry, models);
    }

    /** Returns this policy with another limit for one call whose answer comes whole, 1 ms to 24 h. */
    public RoutingPolicy withCallTimeout(Duration changed) {
        return new RoutingPolicy(baseline, requestTimeout, changed, limits, floors, circuitBreaker, retry, models);
    }

    /** Returns this policy with other limits for one streamed call, each 1 ms to 24 h. */
    public RoutingPolicy withLimits(CallLimits changed) {
        return new RoutingPolicy(baseline, requestTimeout, callTimeout, changed, floors, circuitBreaker, retry, models);
    }

    /** Returns this policy with other settings for repeated calls. */
    public RoutingPolicy withRetry(RetrySettings changed) {
        return new RoutingPolicy(
                baseline, requestTimeout, callTimeout, limits, floors, circuitBreaker, changed, models);
    }

    /** How long one streamed call to {@code model} may take. */
    public CallLimits limitsOf(ModelPolicy model) {
        return model.limits().orElse(limits);
    }

    /** Returns this policy with other floors of quality. */
    public RoutingPolicy withFloors(QualityFloors changed) {
        return new RoutingPolicy(baseline, requestTimeout, callTimeout, limits, changed, circuitBreaker, retry, models);
    }

    /** Returns this policy with other settings of the circuit breakers. */
    public RoutingPolicy withCircuitBreaker(CircuitBreakerSettings changed) {
        return new RoutingPolicy(baseline, requestTimeout, callTimeout, limits, floors, changed, retry, models);
    }

    /** The least quality that an answer to such a request may have, 0 to 100. */
    public int floor(Quality requested, Complexity complexity) {
        return floors.of(requested, complexity);
    }
}
