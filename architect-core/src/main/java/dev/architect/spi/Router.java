package dev.architect.spi;

import dev.architect.budget.BudgetCatalogue;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.check.Check;
import dev.architect.control.RouterControl;
import dev.architect.embedding.EmbeddingRequest;
import dev.architect.embedding.EmbeddingResponse;
import dev.architect.error.ArchitectException;
import dev.architect.event.EventListener;
import dev.architect.model.ProviderProbe;
import dev.architect.quota.QuotaStore;
import dev.architect.record.Feedback;
import dev.architect.record.RecordStore;
import dev.architect.request.CostForecast;
import dev.architect.request.PromptTokens;
import dev.architect.request.RequestScope;
import dev.architect.route.BreakerTarget;
import dev.architect.route.BreakerTrip;
import dev.architect.route.HealthHint;
import dev.architect.route.NoRouteException;
import dev.architect.route.ProviderStatus;
import dev.architect.route.Route;
import dev.architect.route.UnservableRequestException;
import dev.architect.usage.UsageSource;
import java.util.List;
import java.util.Optional;

/**
 * Turns a request into an answer through one or more providers. Blocks, is cancelled by interruption, and is safe for use by
 * several threads.
 */
public interface Router extends AutoCloseable {

    /**
     * Answers {@code request}. Every call made on the way is handed to {@code context} when it ends.
     *
     * @throws ArchitectException a {@link dev.architect.route.NoRouteException} when no candidate answered, or the
     *     {@link dev.architect.model.ProviderException} of a failure that must not be tried elsewhere
     */
    ChatResponse chat(ChatRequest request, RoutingContext context);

    /**
     * Checks whether {@code request} could ever be answered, before it is stored or a provider is called. What passes by itself,
     * such as an open circuit breaker or a model that is gone for now, is no reason to refuse it. Neither blocks nor calls
     * anybody. A router that does not know what its models can do accepts everything, as this default does.
     *
     * @throws dev.architect.route.UnservableRequestException when it could not
     */
    default void check(ChatRequest request) {}

    /** Returns the route that the request would take now, without calling anybody. */
    Route route(ChatRequest request);

    /**
     * Returns the route that the request would take now on behalf of {@code scope}, without calling anybody. A router whose routes
     * do not depend on the scope ignores it, as this default does.
     */
    default Route route(ChatRequest request, RequestScope scope) {
        return route(request);
    }

    /**
     * Returns how many tokens the prompt of the request has on the first candidate of its route. A router may ask the provider of a named
     * model, and blocks for some seconds at most then; this default takes the estimate of the route.
     *
     * @throws dev.architect.route.NoRouteException when no model may answer the request
     */
    default PromptTokens countTokens(ChatRequest request, RequestScope scope) {
        Route route = route(request, scope);
        return route.candidates().stream()
                .findFirst()
                .map(first -> new PromptTokens(first.model(), first.estimate().promptTokens(), UsageSource.ESTIMATED))
                .orElseThrow(() -> new NoRouteException(route, List.of(), NoRouteException.Prospect.NONE, null));
    }

    /**
     * Returns what the request would cost on the first candidate of its route, without calling anybody. Does not block. A router that remembers no
     * lengths of answers returns the estimate of the route, as this default does.
     *
     * @throws dev.architect.route.NoRouteException when no model may answer the request
     */
    default CostForecast forecastCost(ChatRequest request, RequestScope scope) {
        Route route = route(request, scope);
        return route.candidates().stream()
                .findFirst()
                .map(first -> CostForecast.of(first.model(), first.estimate()))
                .orElseThrow(() -> new NoRouteException(route, List.of(), NoRouteException.Prospect.NONE, null));
    }

    /**
     * Turns texts into vectors by the model that {@code request} names. Every call made on the way is handed to {@code context} when it ends.
     *
     * @throws dev.architect.route.UnservableRequestException when the model could never do that, as by default
     * @throws ArchitectException as {@link #chat}
     */
    default EmbeddingResponse embed(EmbeddingRequest request, RoutingContext context) {
        throw new UnservableRequestException(
                "model", request.model().toString(), null, "but the router makes no embeddings");
    }

    /**
     * Returns how many more calls could be made now, zero or more. Tasks that make requests are claimed only as far as this goes.
     * Does not block. Without a limit by default.
     */
    default int freeCalls() {
        return Integer.MAX_VALUE;
    }

    /** Returns how each provider stands. */
    List<ProviderStatus> providers();

    /**
     * Lets no call through to a model, or to any model of a provider, until the time of {@code trip} or until {@link #reset}, whatever calls
     * and probes show. Calls on their way go on. Does not block.
     *
     * @throws IllegalArgumentException when the router does not know the target, or the time is over
     * @throws UnsupportedOperationException when the router has no circuit breakers, as by default
     */
    default void trip(BreakerTarget target, BreakerTrip trip) {
        throw new UnsupportedOperationException("router has no circuit breakers to trip");
    }

    /**
     * Ends a trip, closes the circuit breakers, and forgets what calls showed so far. Does not block.
     *
     * @param reason why, for those who look at the status; not blank, at most 200 characters
     * @throws IllegalArgumentException when the router does not know the target
     * @throws UnsupportedOperationException when the router has no circuit breakers, as by default
     */
    default void reset(BreakerTarget target, String reason) {
        throw new UnsupportedOperationException("router has no circuit breakers to reset");
    }

    /**
     * Asks a provider whether it serves calls, without a model doing anything. Changes no circuit breaker. Blocks as long as the provider does, those
     * of the adapters for five seconds at most unless their limits say otherwise.
     *
     * @throws IllegalArgumentException when the router does not know the provider
     * @throws UnsupportedOperationException when the router asks no providers, as by default
     */
    default ProviderProbe probe(String provider) {
        throw new UnsupportedOperationException("router asks no providers");
    }

    /** What may be changed about it while it runs; empty, as by default, in a router that stays as it was made. The same whenever it is asked. */
    default Optional<RouterControl> control() {
        return Optional.empty();
    }

    /** Takes where the router publishes what happens outside of requests, such as a trip. Called once, before the first request. */
    default void listen(EventListener events) {}

    /**
     * Takes what the host said about answers, after it was kept. A router that does not learn ignores it, as this default does; so does any
     * router with feedback about requests that it does not know. Does not block.
     */
    default void learn(List<Feedback> feedback) {}

    /** Returns what other nodes may be told about the health of its models; nothing by default. Does not block. */
    default List<HealthHint> healthHints() {
        return List.of();
    }

    /**
     * Takes what other nodes know about the health of models. Their states are hints: a model that another node finds out of order gets
     * fewer calls here until one of them is answered. Orders of operators are obeyed. What concerns other models, and what was seen before, is
     * ignored. Does not block.
     */
    default void acceptHints(List<HealthHint> hints) {}

    /** Closes the providers. */
    @Override
    void close();

    /** Makes a router for the providers of one {@link dev.architect.Architect}. */
    @FunctionalInterface
    interface Factory {

        /** Returns a router that owns {@code providers} from now on. */
        Router create(List<ModelProvider> providers, TimeSource time);

        /**
         * Returns a router that owns the providers from now on, and shares its limits with other nodes. A router without such limits does not
         * look at more than {@link #create(List, TimeSource)} gets, as in this default.
         */
        default Router create(Parts parts) {
            return create(parts.providers(), parts.time());
        }
    }

    /**
     * What a router is made of. Further components will only be added at the end.
     *
     * @param providers the providers, which it owns
     * @param time clocks and randomness
     * @param quotas where limits are shared with other nodes; empty when there is no such place. It is closed after the router, by its owner
     * @param budgets what the calls of all nodes may cost; empty when there are none. Their store is closed after the router, by its owner
     * @param records decisions of earlier processes and the feedback about them, from which a router that learns begins; empty for none. Their
     *     store is closed after the router, by its owner
     */
    record Parts(
            List<ModelProvider> providers,
            TimeSource time,
            Optional<QuotaStore> quotas,
            Optional<BudgetCatalogue> budgets,
            Optional<RecordStore> records) {

        /** Creates the parts of a router that learns from nothing earlier. */
        public Parts(
                List<ModelProvider> providers,
                TimeSource time,
                Optional<QuotaStore> quotas,
                Optional<BudgetCatalogue> budgets) {
            this(providers, time, quotas, budgets, Optional.empty());
        }

        /** Creates the parts of a router without budgets. */
        public Parts(List<ModelProvider> providers, TimeSource time, Optional<QuotaStore> quotas) {
            this(providers, time, quotas, Optional.empty());
        }

        /** Checks every field and copies the list. */
        public Parts {
            Check.notNull("budgets", budgets);
            Check.notNull("records", records);
            providers = List.copyOf(Check.noNulls("providers", providers));
            Check.notNull("time", time);
            Check.notNull("quotas", quotas);
        }
    }
}
