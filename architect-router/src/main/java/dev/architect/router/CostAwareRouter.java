package dev.architect.router;

import dev.architect.answer.AnswerChecker;
import dev.architect.answer.SemanticCache;
import dev.architect.budget.BudgetCatalogue;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.control.RouterControl;
import dev.architect.cost.PriceCatalogue;
import dev.architect.embedding.EmbeddingRequest;
import dev.architect.embedding.EmbeddingResponse;
import dev.architect.event.EventListener;
import dev.architect.model.Capability;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.model.ProviderHealth;
import dev.architect.model.ProviderProbe;
import dev.architect.quota.QuotaStore;
import dev.architect.record.Feedback;
import dev.architect.record.RecordStore;
import dev.architect.request.CostForecast;
import dev.architect.request.PromptTokens;
import dev.architect.request.RequestScope;
import dev.architect.route.BreakerState;
import dev.architect.route.BreakerTarget;
import dev.architect.route.BreakerTrip;
import dev.architect.route.GoneModel;
import dev.architect.route.HealthHint;
import dev.architect.route.NoRouteException;
import dev.architect.route.OutputHistory;
import dev.architect.route.ProviderStatus;
import dev.architect.route.Route;
import dev.architect.router.admission.Deployment;
import dev.architect.router.admission.HealthControl;
import dev.architect.router.admission.ProviderProbes;
import dev.architect.router.admission.ProviderState;
import dev.architect.router.budget.BudgetBook;
import dev.architect.router.budget.CostBound;
import dev.architect.router.budget.ProbableCost;
import dev.architect.router.choice.LearnedSelector;
import dev.architect.router.cost.CallPricer;
import dev.architect.router.cost.TokenEstimator;
import dev.architect.router.execution.HostParts;
import dev.architect.router.execution.RequestExecutor;
import dev.architect.router.learned.LearnedModelException;
import dev.architect.router.planning.RequestCheck;
import dev.architect.router.planning.RoutePlanner;
import dev.architect.router.planning.RoutingSnapshot;
import dev.architect.router.policy.ModelPolicy;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.router.policy.VerificationSettings;
import dev.architect.router.pricing.Prices;
import dev.architect.router.quota.QuotaBook;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.PriceSource;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.Router;
import dev.architect.spi.RoutingContext;
import dev.architect.spi.TimeSource;
import dev.architect.spi.TokenCounter;
import dev.architect.thread.ThreadRunner;
import dev.architect.usage.UsageSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The router that answers at the lowest cost that still meets the required quality.
 *
 * <p>It classifies how complex a prompt is, excludes the models that may not answer, orders the rest by what this very request
 * would cost on them, and calls the first one. A call that fails in passing is repeated, as {@link
 * dev.architect.router.policy.RetrySettings} says; when it fails in a way that another model may not, the router fails over to the
 * next one within the timeout of the request, also in the middle of a stream. The circuit breaker of a model that keeps failing opens until a
 * trial call is answered. A model that its provider does not know is left out, and tried again after a minute, then ever more rarely. Every call, also a failed or cancelled one, is recorded in the scope's ledger before the next one is made.
 *
 * <p>Made by {@link #with}; safe for use by several threads.
 */
public final class CostAwareRouter implements Router {

    /** The longest time that a provider has to count the tokens of a prompt. */
    private static final Duration COUNT_TIMEOUT = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(CostAwareRouter.class);

    private final Map<String, ProviderState> providers;
    private final TokenEstimator tokens;
    private final TimeSource time;
    private final QuotaBook quotas;
    private final RouterAdjustments adjustments;
    // Everything that a policy decides: a request reads it once, so that it runs under exactly one.
    private volatile Version current;
    private final HealthControl health;
    private final ThreadRunner threads = new ThreadRunner("router");
    private final OutputHistory outputs = new OutputHistory();
    private final ProviderProbes probes;
    private final @Nullable PolicyFileWatch watch;
    private final @Nullable PriceRefresh priceRefresh;
    private final @Nullable FeedbackWatch feedback;
    private volatile boolean closed;

    private CostAwareRouter(
            Builder parts,
            Map<String, ProviderState> providers,
            TimeSource time,
            Optional<QuotaStore> store,
            Optional<BudgetCatalogue> budgets,
            Optional<RecordStore> records) {
        this.providers = providers;
        this.tokens = new TokenEstimator(parts.tokenCounter);
        this.time = time;
        this.health = new HealthControl(providers.values(), time);
        this.probes = new ProviderProbes(providers.values(), health, threads, time);
        this.quotas =
                new QuotaBook(parts.policy.quotas(), time, store.orElse(null), work -> threads.run("quotas", work));
        Map<ModelId, Deployment> deployments = deployments(parts.policy, Map.of());
        CallPricer prices = pricer(parts.policy, parts.prices);
        LearnedSelector learned =
                parts.policy.learned().map(LearnedSelector::begin).orElse(null);
        this.feedback = records.map(shared -> new FeedbackWatch(shared, this::learned, time))
                .orElse(null);
        if (feedback != null && learned != null && learned.learns()) {
            feedback.restore(learned);
        }
        RoutePlanner planner = planner(parts.policy, deployments, prices, learned);
        RequestExecutor executor = RequestExecutor.first(
                parts.policy,
                planner,
                prices,
                tokens,
                providers.values(),
                parts.hostParts(),
                quotas,
                new BudgetBook(budgets.orElse(null), outputs, time, work -> threads.run("budgets", work)),
                threads,
                time);
        this.current = new Version(
                parts.policy, parts.prices, deployments, planner, check(parts.policy, deployments), executor, learned);
        publish(current);
        this.adjustments = new RouterAdjustments(
                parts.policy,
                parts.prices,
                parts.policyFile,
                providers.values(),
                this::putIntoForce,
                this::policy,
                () -> current.catalogue);
        warn(parts.policy, prices, time.wallTime());
        this.watch = parts.policyFile == null
                ? null
                : new PolicyFileWatch(parts.policyFile, this::modelFiles, this::reload, time);
        if (watch != null) {
            watch.start(threads);
        }
        this.priceRefresh = parts.priceSource == null
                ? null
                : new PriceRefresh(parts.priceSource, parts.priceInterval, parts.prices.version(), this::reload, time);
        if (priceRefresh != null) {
            adjustments.askAt(priceRefresh);
            priceRefresh.start(threads);
        }
        followFeedback();
    }

    private @Nullable LearnedSelector learned() {
        return current.learned;
    }

    /** Begins to read feedback of other nodes once a policy learns. */
    private void followFeedback() {
        LearnedSelector learned = current.learned;
        if (feedback != null && learned != null && learned.learns()) {
            feedback.start(threads);
        }
    }

    private static CallPricer pricer(RoutingPolicy policy, PriceCatalogue catalogue) {
        return new CallPricer(
                catalogue,
                policy.baseline(),
                policy.models().stream().map(ModelPolicy::id).toList());
    }

    private RoutePlanner planner(
            RoutingPolicy policy,
            Map<ModelId, Deployment> deployments,
            CallPricer prices,
            @Nullable LearnedSelector learned) {
        return new RoutePlanner(new RoutingSnapshot(policy, deployments, tokens, prices, time, learned), time);
    }

    private RequestCheck check(RoutingPolicy policy, Map<ModelId, Deployment> deployments) {
        return new RequestCheck(policy, deployments, providers.keySet());
    }

    private void publish(Version version) {
        version.deployments.values().forEach(Deployment::takeEffect);
        for (ProviderState provider : providers.values()) {
            provider.serve(version.policy.models().stream()
                    .filter(model -> model.id().provider().equals(provider.name()))
                    .map(model -> version.deployments.get(model.id()))
                    .toList());
        }
        version.executor.show(version.deployments.values());
        health.serve();
        probes.follow(version.policy.probes());
    }

    /** Returns a factory of routers that follow {@code policy}, with the standard prices unless others are set. */
    public static Builder with(RoutingPolicy policy) {
        return new Builder(policy);
    }

    /**
     * Returns a factory of routers that follow the policy of {@code file}, also when it changes: it is looked at every two seconds. A file
     * that has become wrong is logged, and the policy stays as it is.
     *
     * @throws dev.architect.router.policy.PolicyException with everything that is wrong with the file now
     */
    public static Builder following(Path file) {
        Builder builder = new Builder(RoutingPolicy.load(file));
        builder.policyFile = file;
        return builder;
    }

    @Override
    public ChatResponse chat(ChatRequest request, RoutingContext routing) {
        requireOpen();
        return current.executor.chat(request, routing);
    }

    /**
     * {@inheritDoc} The model must be one of the policy. Only the same model at another provider replaces it when it fails. Neither a cache nor
     * checks of answers nor rivals take part. Of the models that may, the policy orders as for chats; a context of the policy is for all texts
     * together.
     */
    @Override
    public EmbeddingResponse embed(EmbeddingRequest request, RoutingContext routing) {
        requireOpen();
        Version version = current;
        ChatRequest asChat = RequestExecutor.asChat(request);
        version.check.check(asChat);
        return version.executor.embed(request, asChat, routing);
    }

    @Override
    public void check(ChatRequest request) {
        Version version = current;
        version.check.check(request);
        version.executor.check(request);
    }

    @Override
    public Route route(ChatRequest request) {
        return route(request, RequestScope.create());
    }

    /**
     * Returns the route that the request would take now. Its candidates hold what each strategy saw of them. Where strategies draw at
     * random or take turns, the request itself may find another order.
     */
    @Override
    public Route route(ChatRequest request, RequestScope scope) {
        requireOpen();
        return current.planner
                .preview(request, Long.toHexString(time.random(Long.MAX_VALUE)), scope)
                .route();
    }

    /**
     * Returns the tokens of the prompt on the first candidate of the route. The provider of a named model is asked where it can count, for
     * five seconds at most; without its answer, and for a model that the router may choose, they are estimated.
     */
    @Override
    public PromptTokens countTokens(ChatRequest request, RequestScope scope) {
        PromptTokens estimate = Router.super.countTokens(request, scope);
        ProviderState state = providers.get(estimate.model().provider());
        if (request.selection().model().isEmpty() || state == null) {
            return estimate;
        }
        ModelProvider provider = state.provider();
        String model = estimate.model().model();
        if (!provider.capabilities(model).contains(Capability.TOKEN_COUNT)) {
            return estimate;
        }
        try {
            long counted = provider.countTokens(new ProviderCall(model, request, COUNT_TIMEOUT));
            return new PromptTokens(estimate.model(), counted, UsageSource.REPORTED);
        } catch (ProviderException failure) {
            LOG.debug("{} did not count a prompt: {}", estimate.model(), failure.getMessage());
            return estimate;
        }
    }

    /** {@inheritDoc} The length of the answer is forecast from {@link #outputs}. */
    @Override
    public CostForecast forecastCost(ChatRequest request, RequestScope scope) {
        requireOpen();
        Version version = current;
        Route route = version.planner
                .preview(request, Long.toHexString(time.random(Long.MAX_VALUE)), scope)
                .route();
        CostBound bound = new CostBound(pricer(version.policy, version.catalogue), tokens);
        return route.candidates().stream()
                .findFirst()
                .map(first -> new ProbableCost(
                                outputs,
                                scope.taskType(),
                                route.classification().complexity(),
                                bound)
                        .forecast(request, first, time.wallTime()))
                .orElseThrow(() -> new NoRouteException(route, List.of(), NoRouteException.Prospect.NONE, null));
    }

    /** The policy that requests follow now. */
    public RoutingPolicy policy() {
        return current.policy;
    }

    /**
     * Follows {@code policy} from now on, without a restart: a request that has begun ends under the policy under which it began, and
     * every later one runs under this one. What is known of a model that both policies have is kept: its circuit breaker unless the
     * settings of those changed, pauses, rate limits, calls on their way and requests that wait for it. May be called from any thread at
     * any time; a reload waits for one that is under way, requests never do. While a policy is followed by {@link #control}, this one waits.
     *
     * @throws IllegalStateException when the router is closed
     * @throws dev.architect.router.learned.LearnedModelException when a model file of the policy cannot be used; then everything stays as it is
     */
    public void reload(RoutingPolicy policy) {
        adjustments.own(Objects.requireNonNull(policy, "policy"));
    }

    /** As {@link #reload(RoutingPolicy)}, for other prices: calls that begin from now on are priced with them. */
    public void reload(PriceCatalogue prices) {
        adjustments.ownPrices(Objects.requireNonNull(prices, "prices"));
    }

    /** {@inheritDoc} Policy, models and prices. */
    @Override
    public Optional<RouterControl> control() {
        return Optional.of(adjustments);
    }

    private List<Path> modelFiles() {
        return current.policy.learned().stream()
                .flatMap(learned -> Stream.concat(learned.promptModel().stream(), learned.answerModel().stream()))
                .toList();
    }

    private synchronized void putIntoForce(RoutingPolicy policy, PriceCatalogue catalogue) {
        requireOpen();
        Version before = current;
        Version next;
        try {
            quotas.follow(policy.quotas());
            next = after(before, policy, catalogue);
        } catch (Throwable failure) {
            // A provider may throw when it is asked what its models can do: then everything stays as it is.
            quotas.follow(before.policy.quotas());
            throw failure;
        }
        providers.values().forEach(provider -> provider.follow(policy.throttling()));
        current = next;
        publish(next);
        followFeedback();
        warn(policy, pricer(policy, catalogue), time.wallTime());
    }

    /**
     * The lengths of earlier answers of this process, from which those of the next ones are forecast: soft budgets reserve what nine of ten calls do
     * not exceed. A host may add calls from before, such as those of the ledger.
     */
    public OutputHistory outputs() {
        return outputs;
    }

    private Version after(Version before, RoutingPolicy policy, PriceCatalogue catalogue) {
        Map<ModelId, Deployment> deployments = deployments(policy, before.deployments);
        CallPricer prices = pricer(policy, catalogue);
        LearnedSelector learned = policy.learned()
                .map(settings -> LearnedSelector.load(settings, before.learned))
                .orElse(null);
        RoutePlanner planner = planner(policy, deployments, prices, learned);
        return new Version(
                policy,
                catalogue,
                deployments,
                planner,
                check(policy, deployments),
                before.executor.under(policy, planner, prices, tokens),
                learned);
    }

    /**
     * Returns the free permits of all models together. A model that cools down and a provider whose circuit breaker is open have none,
     * one that is due for a trial call has one. A router without any model has no limit: its requests fail at once, with the reason.
     */
    @Override
    public int freeCalls() {
        Version version = current;
        if (version.deployments.isEmpty()) {
            return Integer.MAX_VALUE;
        }
        return version.deployments.values().stream()
                .filter(deployment -> deployment.modelPolicy().isEnabled())
                .mapToInt(Deployment::freeCalls)
                .reduce(0, CostAwareRouter::sum);
    }

    private static int sum(int one, int other) {
        // Each may be without a practical limit, so the plain sum could overflow.
        return (int) Math.min(Integer.MAX_VALUE, (long) one + other);
    }

    @Override
    public List<ProviderStatus> providers() {
        Version version = current;
        return providers.values().stream()
                .map(provider -> new ProviderStatus(
                        provider.name(),
                        provider.breaker(),
                        provider.inFlight().get(),
                        version.modelsOf(provider.name()),
                        version.goneModelsOf(provider.name()),
                        breakersOf(provider),
                        HealthControl.healthOf(provider)))
                .toList();
    }

    private static Map<String, BreakerState> breakersOf(ProviderState provider) {
        Map<String, BreakerState> breakers = new TreeMap<>();
        for (Deployment deployment : provider.deployments()) {
            BreakerState state = deployment.breaker().state();
            if (deployment.modelPolicy().isEnabled() && state != BreakerState.CLOSED) {
                breakers.put(deployment.id().model(), state);
            }
        }
        return breakers;
    }

    @Override
    public void trip(BreakerTarget target, BreakerTrip trip) {
        requireOpen();
        health.trip(target, trip);
    }

    @Override
    public void reset(BreakerTarget target, String reason) {
        requireOpen();
        health.reset(target, reason);
    }

    @Override
    public ProviderProbe probe(String provider) {
        requireOpen();
        ProviderState asked = providers.get(Objects.requireNonNull(provider, "provider"));
        if (asked == null) {
            throw new IllegalArgumentException("provider is '" + provider + "', expected one of " + providers.keySet());
        }
        long begunAt = time.nanoTime();
        ProviderHealth found = asked.provider().probe();
        return new ProviderProbe(found, Duration.ofNanos(time.nanoTime() - begunAt));
    }

    @Override
    public void listen(EventListener events) {
        health.listen(events);
    }

    /** {@inheritDoc} Only a policy with a bandit learns. */
    @Override
    public void learn(List<Feedback> feedback) {
        LearnedSelector learned = current.learned;
        if (learned == null || !learned.learns()) {
            return;
        }
        for (Feedback each : feedback) {
            try {
                learned.learn(each);
            } catch (LearnedModelException unknown) {
                // Of a request of another node, which its record tells of, of another policy, or given twice.
                LOG.debug("feedback is not learned from: {}", unknown.getMessage());
            }
        }
    }

    @Override
    public List<HealthHint> healthHints() {
        return health.hints();
    }

    @Override
    public void acceptHints(List<HealthHint> hints) {
        requireOpen();
        health.accept(hints);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("router is closed, expected open");
        }
    }

    private void warn(RoutingPolicy policy, CallPricer prices, Instant now) {
        // A warning and no failure: routing works without savings, and prices may be added later.
        if (prices.find(policy.baseline(), now, 0).isEmpty()) {
            LOG.warn("baseline {} has no price, so savings cannot be computed", policy.baseline());
        }
        if (providers.isEmpty()) {
            LOG.info("there is no provider, so the router knows prices and answers nothing");
        } else if (policy.models().stream()
                .noneMatch(model -> providers.containsKey(model.id().provider()))) {
            LOG.warn(
                    "none of the {} models of the policy has a provider",
                    policy.models().size());
        }
    }

    /** Closes the providers, all of them even when one fails. Calling it twice does nothing more. */
    @Override
    public void close() {
        // Not while a policy is exchanged, which would show its meters after they were removed here.
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        if (watch != null) {
            watch.close();
        }
        if (priceRefresh != null) {
            priceRefresh.close();
        }
        if (feedback != null) {
            feedback.close();
        }
        probes.close();
        // Before the threads, of which one may be asking the store.
        quotas.close();
        threads.close();
        // Before the providers, so that no gauge of the registry reads one that is closed.
        current.executor.close();
        RuntimeException first = null;
        for (ProviderState provider : providers.values()) {
            try {
                provider.provider().close();
            } catch (RuntimeException failure) {
                if (first == null) {
                    first = failure;
                } else {
                    first.addSuppressed(failure);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /** The models of the policy whose providers are configured; those that were in {@code before} keep what is known of them. */
    private Map<ModelId, Deployment> deployments(RoutingPolicy policy, Map<ModelId, Deployment> before) {
        Map<ModelId, Deployment> deployments = new HashMap<>();
        for (ModelPolicy model : policy.models()) {
            ProviderState provider = providers.get(model.id().provider());
            Deployment known = before.get(model.id());
            if (known != null) {
                deployments.put(model.id(), known.under(model, policy.circuitBreaker(), quotas.of(model.id())));
            } else if (provider != null) {
                deployments.put(
                        model.id(),
                        new Deployment(model, provider, policy.circuitBreaker(), quotas.of(model.id()), time));
            }
        }
        return deployments;
    }

    /** Everything that one policy with one catalogue of prices decides. */
    private record Version(
            RoutingPolicy policy,
            PriceCatalogue catalogue,
            Map<ModelId, Deployment> deployments,
            RoutePlanner planner,
            RequestCheck check,
            RequestExecutor executor,
            @Nullable LearnedSelector learned) {

        List<GoneModel> goneModelsOf(String provider) {
            return policy.models().stream()
                    .filter(model -> model.isEnabled() && model.id().provider().equals(provider))
                    .map(model -> Optional.ofNullable(deployments.get(model.id()))
                            .flatMap(deployment ->
                                    deployment.availability().status(model.id().model())))
                    .flatMap(Optional::stream)
                    .toList();
        }

        List<String> modelsOf(String provider) {
            return policy.models().stream()
                    .filter(ModelPolicy::isEnabled)
                    .map(ModelPolicy::id)
                    .filter(id -> id.provider().equals(provider))
                    .map(ModelId::model)
                    .toList();
        }
    }

    /** Makes routers of one policy. Not safe for use by several threads. */
    public static final class Builder implements Router.Factory {
        private static final Duration SHORTEST_REFRESH = Duration.ofMinutes(1);
        private static final Duration LONGEST_REFRESH = Duration.ofDays(30);

        private final RoutingPolicy policy;
        private @Nullable Path policyFile;
        private PriceCatalogue prices = Prices.standard();
        private @Nullable PriceSource priceSource;
        private Duration priceInterval = Duration.ZERO;
        private @Nullable MeterRegistry metrics;
        private @Nullable ObservationRegistry observations;
        private TokenCounter tokenCounter = TokenCounter.fourCharacters();
        private final Map<String, AnswerChecker> checkers = new LinkedHashMap<>();
        private @Nullable SemanticCache semanticCache;

        private Builder(RoutingPolicy policy) {
            this.policy = policy;
        }

        /** The prices; {@link Prices#standard()} by default. */
        public Builder prices(PriceCatalogue catalogue) {
            this.prices = catalogue;
            return this;
        }

        /**
         * Where newer prices come from; none by default. It is asked at once and then every {@code interval}, on a thread of the router. Until it
         * has answered, and while it fails, the prices stay as they are: calls are priced without a network. Calls that begin after a change are
         * priced by the new ones.
         *
         * @param interval from one minute to 30 days
         */
        public Builder priceSource(PriceSource source, Duration interval) {
            Objects.requireNonNull(source, "source");
            Objects.requireNonNull(interval, "interval");
            if (interval.compareTo(SHORTEST_REFRESH) < 0 || interval.compareTo(LONGEST_REFRESH) > 0) {
                throw new IllegalArgumentException(
                        "interval is " + interval + ", expected " + SHORTEST_REFRESH + " to " + LONGEST_REFRESH);
            }
            this.priceSource = source;
            this.priceInterval = interval;
            return this;
        }

        /** The registry of the meters, all named {@code architect.router.*}; by default they are not kept. */
        public Builder metrics(MeterRegistry registry) {
            this.metrics = registry;
            return this;
        }

        /**
         * The registry of observations of calls, of which a tracer makes spans with the names of the OpenTelemetry conventions for generative
         * AI; by default calls are not observed. No observation holds text.
         */
        public Builder observations(ObservationRegistry registry) {
            this.observations = registry;
            return this;
        }

        /** Counts tokens for estimates; {@link TokenCounter#fourCharacters()} by default. */
        public Builder tokenCounter(TokenCounter counter) {
            this.tokenCounter = counter;
            return this;
        }

        /**
         * Adds a checker of answers, which the policy and requests ask by its name.
         *
         * @param name 1 to 64 lower-case letters, digits and dashes
         * @throws IllegalArgumentException when the name is another, or given twice
         */
        public Builder checker(String name, AnswerChecker checker) {
            // The rule of names stands with the rules of the policy.
            VerificationSettings.Rule.always(name);
            if (checkers.putIfAbsent(name, Objects.requireNonNull(checker, "checker")) != null) {
                throw new IllegalArgumentException("checker '" + name + "' is given twice, expected once");
            }
            return this;
        }

        /**
         * A cache that knows when differently worded requests ask the same; none by default. It is asked only when the policy's {@code
         * cache} is on, for what that one does not have.
         */
        public Builder semanticCache(SemanticCache cache) {
            this.semanticCache = Objects.requireNonNull(cache, "cache");
            return this;
        }

        private HostParts hostParts() {
            return new HostParts(metrics, checkers, semanticCache, observations);
        }

        /**
         * Returns a router that owns {@code providers} from now on.
         *
         * @throws IllegalArgumentException when two providers have the same name
         */
        @Override
        public CostAwareRouter create(List<ModelProvider> providers, TimeSource time) {
            return create(new Router.Parts(providers, time, Optional.empty()));
        }

        /**
         * Returns a router that owns the providers from now on, and whose quotas are shared with all routers on the same store.
         *
         * @throws IllegalArgumentException when two providers have the same name
         */
        @Override
        public CostAwareRouter create(Router.Parts parts) {
            Map<String, ProviderState> states = new LinkedHashMap<>();
            for (ModelProvider provider : parts.providers()) {
                ProviderState state = new ProviderState(provider, policy.throttling(), parts.time());
                if (states.putIfAbsent(provider.name(), state) != null) {
                    throw new IllegalArgumentException(
                            "provider " + provider.name() + " is given twice, expected once");
                }
            }
            return new CostAwareRouter(this, states, parts.time(), parts.quotas(), parts.budgets(), parts.records());
        }
    }
}
