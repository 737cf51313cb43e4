package dev.architect.router.policy;

import dev.architect.chat.Quality;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.request.CallLimits;
import dev.architect.router.choice.LearnedSettings;
import dev.architect.router.rule.ModelNames;
import dev.architect.router.rule.RoutingRules;
import dev.architect.router.yaml.BundledFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Which models may answer, how good they are, and how long calls and failures may last. Read from YAML by {@link #load}; every field is
 * described in {@code standard-policy.yaml}, which is also what {@link #standard()} returns. Built by {@link #builder}, and changed by
 * {@link #toBuilder} or the {@code with} methods, which return checked copies. Immutable.
 */
public final class RoutingPolicy {

    /** How long a streamed call may take when nothing else is said: ten seconds each until its head, until its first token and without a byte, and ten minutes as a whole. */
    public static final CallLimits USUAL_LIMITS = new CallLimits(
            Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofMinutes(10));

    /** The largest number of models. */
    static final int MAX_MODELS = 500;

    /** The largest quality. */
    public static final int MAX_QUALITY = 100;

    private final ModelId baseline;
    private final Duration requestTimeout;
    private final Duration callTimeout;
    private final CallLimits limits;
    private final QualityFloors floors;
    private final CircuitBreakerSettings circuitBreaker;
    private final RetrySettings retry;
    private final ProbeSettings probes;
    private final HedgingSettings hedging;
    private final List<QuotaRule> quotas;
    private final ThrottleSettings throttling;
    private final RoutingRules rules;
    private final List<ModelPolicy> models;
    private final VerificationSettings verification;
    private final CacheSettings cache;
    private final RecordSettings records;
    private final Optional<LearnedSettings> learned;

    private RoutingPolicy(Builder parts) {
        this.baseline = Objects.requireNonNull(parts.baseline, "baseline");
        this.requestTimeout = parts.requestTimeout;
        this.callTimeout = parts.callTimeout;
        this.limits = parts.limits;
        this.floors = Objects.requireNonNull(parts.floors, "floors");
        this.circuitBreaker = Objects.requireNonNull(parts.circuitBreaker, "circuitBreaker");
        this.retry = Objects.requireNonNull(parts.retry, "retry");
        this.probes = Objects.requireNonNull(parts.probes, "probes");
        this.hedging = Objects.requireNonNull(parts.hedging, "hedging");
        this.quotas = List.copyOf(parts.quotas);
        this.throttling = Objects.requireNonNull(parts.throttling, "throttling");
        this.rules = Objects.requireNonNull(parts.rules, "rules");
        this.models = List.copyOf(parts.models);
        this.verification = Objects.requireNonNull(parts.verification, "verification");
        this.cache = Objects.requireNonNull(parts.cache, "cache");
        this.records = Objects.requireNonNull(parts.records, "records");
        this.learned = Objects.requireNonNull(parts.learned, "learned");
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
        names().check(rules);
        learned.ifPresent(settings -> PolicyChecks.learned(settings, models));
    }

    /**
     * Returns a builder of a policy with everything else as it is when a file leaves it out.
     *
     * @param baseline the model that savings are measured against; it need not be among the models
     * @param models the models that may answer, 1 to 500, each once
     */
    public static Builder builder(ModelId baseline, List<ModelPolicy> models) {
        return new Builder(baseline, models);
    }

    /** Returns a builder that starts from this policy. */
    public Builder toBuilder() {
        return new Builder(baseline, models)
                .requestTimeout(requestTimeout)
                .callTimeout(callTimeout)
                .limits(limits)
                .floors(floors)
                .circuitBreaker(circuitBreaker)
                .retry(retry)
                .probes(probes)
                .hedging(hedging)
                .verification(verification)
                .cache(cache)
                .quotas(quotas)
                .throttling(throttling)
                .records(records)
                .rules(rules)
                .learned(learned);
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

    /** Returns the text of {@link #standard()}, which describes every field. */
    public static String standardText() {
        return BundledFile.text(PolicyReader.class, "standard-policy.yaml");
    }

    /** The model that savings are measured against; it need not be among the models. */
    public ModelId baseline() {
        return baseline;
    }

    /** The longest time for a whole request, failovers included. */
    public Duration requestTimeout() {
        return requestTimeout;
    }

    /** The longest time for one call whose answer comes whole. */
    public Duration callTimeout() {
        return callTimeout;
    }

    /** How long one streamed call may take, for models without limits of their own. */
    public CallLimits limits() {
        return limits;
    }

    /** The least quality that a request accepts. */
    public QualityFloors floors() {
        return floors;
    }

    /** When no calls go to a model for a while. */
    public CircuitBreakerSettings circuitBreaker() {
        return circuitBreaker;
    }

    /** When a call is repeated on the same model, and how long a request waits for one that rests. */
    public RetrySettings retry() {
        return retry;
    }

    /** Whether providers are probed while no call shows how they are; off unless set. */
    public ProbeSettings probes() {
        return probes;
    }

    /** Whether a call that takes unusually long gets a rival; off unless set. */
    public HedgingSettings hedging() {
        return hedging;
    }

    /** How much may be used within a time, by key, model and tenant. */
    public List<QuotaRule> quotas() {
        return quotas;
    }

    /** When calls to a provider that refuses most of them are not sent. */
    public ThrottleSettings throttling() {
        return throttling;
    }

    /** What is decided about single requests: tiers, strategies, rules and experiments. */
    public RoutingRules rules() {
        return rules;
    }

    /**
     * Returns the models that a rule means by a name: that of a model, {@code provider/model}, or of a tier.
     *
     * @return in the order of the policy, at least one
     * @throws IllegalArgumentException when the policy has no model and no tier of that name
     */
    public List<ModelId> modelsOf(String name) {
        return names().resolve(name);
    }

    /**
     * Returns the JSON Schema (draft 2020-12) of a policy file, for editors and other tools. It describes the names and types of the
     * fields; what depends on other fields is checked by {@link #load} alone.
     */
    public static String schema() {
        return BundledFile.text(PolicyReader.class, "policy-schema.json");
    }

    /** The models that may answer, at least one, each once. */
    public List<ModelPolicy> models() {
        return models;
    }

    /** Which answers are checked before they are returned. */
    public VerificationSettings verification() {
        return verification;
    }

    /** Whether answers are kept and given again to equal requests. */
    public CacheSettings cache() {
        return cache;
    }

    /** Which decisions are recorded. */
    public RecordSettings records() {
        return records;
    }

    /** A choice between a cheap and a strong model by what was learned; empty for none. */
    public Optional<LearnedSettings> learned() {
        return learned;
    }

    /** Returns this policy with {@code model}, which comes last or takes the place of the model with the same id. */
    public RoutingPolicy withModel(ModelPolicy model) {
        List<ModelPolicy> changed = new ArrayList<>(models);
        changed.replaceAll(each -> each.id().equals(model.id()) ? model : each);
        if (!changed.contains(model)) {
            changed.add(model);
        }
        return toBuilder().models(changed).build();
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
        return toBuilder().models(changed).build();
    }

    /** Returns this policy with another model that savings are measured against. */
    public RoutingPolicy withBaseline(ModelId changed) {
        return toBuilder().baseline(changed).build();
    }

    /** Returns this policy with another limit for a whole request, 1 ms to 24 h. */
    public RoutingPolicy withRequestTimeout(Duration changed) {
        return toBuilder().requestTimeout(changed).build();
    }

    /** Returns this policy with another limit for one call whose answer comes whole, 1 ms to 24 h. */
    public RoutingPolicy withCallTimeout(Duration changed) {
        return toBuilder().callTimeout(changed).build();
    }

    /** Returns this policy with other limits for one streamed call, each 1 ms to 24 h. */
    public RoutingPolicy withLimits(CallLimits changed) {
        return toBuilder().limits(changed).build();
    }

    /** Returns this policy with other settings for repeated calls. */
    public RoutingPolicy withRetry(RetrySettings changed) {
        return toBuilder().retry(changed).build();
    }

    /** Returns this policy with other rules for single requests. */
    public RoutingPolicy withRules(RoutingRules changed) {
        return toBuilder().rules(changed).build();
    }

    /** Returns this policy with other floors of quality. */
    public RoutingPolicy withFloors(QualityFloors changed) {
        return toBuilder().floors(changed).build();
    }

    /** Returns this policy with other settings of the circuit breakers. */
    public RoutingPolicy withCircuitBreaker(CircuitBreakerSettings changed) {
        return toBuilder().circuitBreaker(changed).build();
    }

    /** Returns this policy with other quotas. */
    public RoutingPolicy withQuotas(List<QuotaRule> changed) {
        return toBuilder().quotas(changed).build();
    }

    /** How long one streamed call to {@code model} may take. */
    public CallLimits limitsOf(ModelPolicy model) {
        return model.limits().orElse(limits);
    }

    /** The least quality that an answer to such a request may have, 0 to 100. */
    public int floor(Quality requested, Complexity complexity) {
        return floors.of(requested, complexity);
    }

    private ModelNames names() {
        ModelNames names = new ModelNames(rules.tiers());
        models.forEach(model -> names.add(model.id(), model.quality(), model.traits()));
        return names;
    }

    private List<Object> parts() {
        return List.of(
                baseline,
                requestTimeout,
                callTimeout,
                limits,
                floors,
                circuitBreaker,
                retry,
                probes,
                hedging,
                rules,
                models,
                verification,
                cache,
                quotas,
                throttling,
                records,
                learned);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RoutingPolicy policy && parts().equals(policy.parts());
    }

    @Override
    public int hashCode() {
        return parts().hashCode();
    }

    @Override
    public String toString() {
        return "RoutingPolicy" + parts();
    }

    /** Collects the parts of a policy; each that is not set is as when a file leaves it out. Not safe for use by several threads. */
    public static final class Builder {
        private ModelId baseline;
        private List<ModelPolicy> models;
        private Duration requestTimeout = PolicyReader.REQUEST_TIMEOUT;
        private Duration callTimeout = PolicyReader.CALL_TIMEOUT;
        private CallLimits limits = USUAL_LIMITS;
        private QualityFloors floors = QualityFloors.STANDARD;
        private CircuitBreakerSettings circuitBreaker = CircuitBreakerSettings.STANDARD;
        private RetrySettings retry = RetrySettings.STANDARD;
        private ProbeSettings probes = ProbeSettings.OFF;
        private HedgingSettings hedging = HedgingSettings.OFF;
        private VerificationSettings verification = VerificationSettings.STANDARD;
        private CacheSettings cache = CacheSettings.OFF;
        private List<QuotaRule> quotas = List.of();
        private ThrottleSettings throttling = ThrottleSettings.STANDARD;
        private RecordSettings records = RecordSettings.OFF;
        private RoutingRules rules = RoutingRules.STANDARD;
        private Optional<LearnedSettings> learned = Optional.empty();

        private Builder(ModelId baseline, List<ModelPolicy> models) {
            this.baseline = baseline;
            this.models = models;
        }

        /** The model that savings are measured against; it need not be among the models. */
        public Builder baseline(ModelId model) {
            this.baseline = model;
            return this;
        }

        /** The models that may answer, 1 to 500, each once. */
        public Builder models(List<ModelPolicy> all) {
            this.models = all;
            return this;
        }

        /** The longest time for a whole request, failovers included, 1 ms to 24 h. */
        public Builder requestTimeout(Duration longest) {
            this.requestTimeout = longest;
            return this;
        }

        /** The longest time for one call whose answer comes whole, 1 ms to 24 h. */
        public Builder callTimeout(Duration longest) {
            this.callTimeout = longest;
            return this;
        }

        /** How long one streamed call may take, for models without limits of their own; each 1 ms to 24 h. */
        public Builder limits(CallLimits ofOneCall) {
            this.limits = ofOneCall;
            return this;
        }

        /** The least quality that a request accepts. */
        public Builder floors(QualityFloors least) {
            this.floors = least;
            return this;
        }

        /** When no calls go to a model for a while. */
        public Builder circuitBreaker(CircuitBreakerSettings settings) {
            this.circuitBreaker = settings;
            return this;
        }

        /** When a call is repeated on the same model, and how long a request waits for one that rests. */
        public Builder retry(RetrySettings settings) {
            this.retry = settings;
            return this;
        }

        /** Whether providers are probed while no call shows how they are. */
        public Builder probes(ProbeSettings settings) {
            this.probes = settings;
            return this;
        }

        /** Whether a call that takes unusually long gets a rival. */
        public Builder hedging(HedgingSettings settings) {
            this.hedging = settings;
            return this;
        }

        /** Which answers are checked before they are returned. */
        public Builder verification(VerificationSettings settings) {
            this.verification = settings;
            return this;
        }

        /** Whether answers are kept and given again to equal requests; off by default. */
        public Builder cache(CacheSettings settings) {
            this.cache = settings;
            return this;
        }

        /** How much may be used within a time, by key, model and tenant; nothing is limited when not set. */
        public Builder quotas(List<QuotaRule> rules) {
            this.quotas = rules;
            return this;
        }

        /** When calls to a provider that refuses most of them are not sent. */
        public Builder throttling(ThrottleSettings settings) {
            this.throttling = settings;
            return this;
        }

        /** Which decisions are recorded; none by default. */
        public Builder records(RecordSettings settings) {
            this.records = settings;
            return this;
        }

        /** A choice between a cheap and a strong model by what was learned; none by default. */
        public Builder learned(Optional<LearnedSettings> settings) {
            this.learned = settings;
            return this;
        }

        /** What is decided about single requests: tiers, strategies, rules and experiments. */
        public Builder rules(RoutingRules forRequests) {
            this.rules = forRequests;
            return this;
        }

        /**
         * Returns the policy.
         *
         * @throws IllegalArgumentException when a value is out of its range, a model is listed twice, or a rule names a model or tier
         *     that the policy does not have
         */
        public RoutingPolicy build() {
            return new RoutingPolicy(this);
        }
    }
}
