package dev.architect.router;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.cost.PriceCatalogue;
import dev.architect.model.ModelId;
import dev.architect.route.BreakerState;
import dev.architect.route.GoneModel;
import dev.architect.route.ProviderStatus;
import dev.architect.route.Route;
import dev.architect.router.admission.Deployment;
import dev.architect.router.admission.ProviderState;
import dev.architect.router.cost.CallPricer;
import dev.architect.router.cost.TokenEstimator;
import dev.architect.router.execution.RequestExecutor;
import dev.architect.router.planning.RequestCheck;
import dev.architect.router.planning.RoutePlanner;
import dev.architect.router.policy.ModelPolicy;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.router.pricing.Prices;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.Router;
import dev.architect.spi.RoutingContext;
import dev.architect.spi.TimeSource;
import dev.architect.spi.TokenCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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

    private static final Logger LOG = LoggerFactory.getLogger(CostAwareRouter.class);

    private final RoutingPolicy policy;
    private final Map<String, ProviderState> providers;
    private final Map<ModelId, Deployment> deployments;
    private final RoutePlanner planner;
    private final RequestCheck check;
    private final RequestExecutor executor;
    private volatile boolean closed;

    private CostAwareRouter(Builder parts, Map<String, ProviderState> providers, TimeSource time) {
        this.policy = parts.policy;
        this.providers = providers;
        CallPricer prices = new CallPricer(
                parts.prices,
                policy.baseline(),
                policy.models().stream().map(ModelPolicy::id).toList());
        TokenEstimator tokens = new TokenEstimator(parts.tokenCounter);
        this.deployments = deployments(policy, providers, time);
        this.planner = new RoutePlanner(policy, deployments, tokens, prices, time);
        this.check = new RequestCheck(policy, deployments, providers.keySet());
        this.executor = new RequestExecutor(policy, planner, prices, tokens, providers.values(), parts.metrics, time);
        warn(prices, time.wallTime());
    }

    /** Returns a factory of routers that follow {@code policy}, with the standard prices unless others are set. */
    public static Builder with(RoutingPolicy policy) {
        return new Builder(policy);
    }

    @Override
    public ChatResponse chat(ChatRequest request, RoutingContext routing) {
        requireOpen();
        return executor.chat(request, routing);
    }

    @Override
    public void check(ChatRequest request) {
        check.check(request);
    }

    @Override
    public Route route(ChatRequest request) {
        requireOpen();
        return planner.plan(request).route();
    }

    /**
     * Returns the free permits of all models together. A model that cools down and a provider whose circuit breaker is open have none,
     * one that is due for a trial call has one. A router without any model has no limit: its requests fail at once, with the reason.
     */
    @Override
    public int freeCalls() {
        if (deployments.isEmpty()) {
            return Integer.MAX_VALUE;
        }
        return deployments.values().stream()
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
        return providers.values().stream()
                .map(provider -> new ProviderStatus(
                        provider.name(),
                        provider.breaker(),
                        provider.inFlight().get(),
                        modelsOf(provider.name()),
                        goneModelsOf(provider.name()),
                        breakersOf(provider)))
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

    private List<GoneModel> goneModelsOf(String provider) {
        return policy.models().stream()
                .filter(model -> model.isEnabled() && model.id().provider().equals(provider))
                .map(model -> Optional.ofNullable(deployments.get(model.id()))
                        .flatMap(deployment ->
                                deployment.availability().status(model.id().model())))
                .flatMap(Optional::stream)
                .toList();
    }

    private List<String> modelsOf(String provider) {
        return policy.models().stream()
                .filter(ModelPolicy::isEnabled)
                .map(ModelPolicy::id)
                .filter(id -> id.provider().equals(provider))
                .map(ModelId::model)
                .toList();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("router is closed, expected open");
        }
    }

    private void warn(CallPricer prices, Instant now) {
        // A warning and no failure: routing works without savings, and prices may be added later.
        if (prices.find(policy.baseline(), now, 0).isEmpty()) {
            LOG.warn("baseline {} has no price, so savings cannot be computed", policy.baseline());
        }
        if (policy.models().stream()
                .noneMatch(model -> providers.containsKey(model.id().provider()))) {
            LOG.warn(
                    "none of the {} models of the policy has a provider",
                    policy.models().size());
        }
    }

    /** Closes the providers, all of them even when one fails. Calling it twice does nothing more. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        // First, so that no gauge of the registry reads a provider that is closed.
        executor.close();
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

    private static Map<ModelId, Deployment> deployments(
            RoutingPolicy policy, Map<String, ProviderState> providers, TimeSource time) {
        Map<ModelId, Deployment> deployments = new HashMap<>();
        for (ModelPolicy model : policy.models()) {
            ProviderState provider = providers.get(model.id().provider());
            if (provider != null) {
                deployments.put(model.id(), new Deployment(model, provider, policy.circuitBreaker(), time));
            }
        }
        return deployments;
    }

    /** Makes routers of one policy. Not safe for use by several threads. */
    public static final class Builder implements Router.Factory {
        private final RoutingPolicy policy;
        private PriceCatalogue prices = Prices.standard();
        // A composite without children: meters cost nothing, and no code needs to check whether there is a registry.
        private MeterRegistry metrics = new CompositeMeterRegistry();
        private TokenCounter tokenCounter = TokenCounter.fourCharacters();

        private Builder(RoutingPolicy policy) {
            this.policy = policy;
        }

        /** The prices; {@link Prices#standard()} by default. */
        public Builder prices(PriceCatalogue catalogue) {
            this.prices = catalogue;
            return this;
        }

        /** The registry of the gauges, all named {@code architect.router.*}; by default they are not kept. */
        public Builder metrics(MeterRegistry registry) {
            this.metrics = registry;
            return this;
        }

        /** Counts tokens for estimates; {@link TokenCounter#fourCharacters()} by default. */
        public Builder tokenCounter(TokenCounter counter) {
            this.tokenCounter = counter;
            return this;
        }

        /**
         * Returns a router that owns {@code providers} from now on.
         *
         * @throws IllegalArgumentException when two providers have the same name
         */
        @Override
        public CostAwareRouter create(List<ModelProvider> providers, TimeSource time) {
            Map<String, ProviderState> states = new LinkedHashMap<>();
            for (ModelProvider provider : providers) {
                ProviderState state = new ProviderState(provider);
                if (states.putIfAbsent(provider.name(), state) != null) {
                    throw new IllegalArgumentException(
                            "provider " + provider.name() + " is given twice, expected once");
                }
            }
            return new CostAwareRouter(this, states, time);
        }
    }
}
