package dev.architect.router.execution;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.router.admission.Deployment;
import dev.architect.router.admission.ProviderState;
import dev.architect.router.cost.CallPricer;
import dev.architect.router.cost.TokenEstimator;
import dev.architect.router.planning.RoutePlanner;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.RoutingContext;
import dev.architect.spi.TimeSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * Executes requests under one policy: plans the route of each, calls its candidates until one answers, records and measures every call.
 * Blocks the calling thread, and is safe for use by several threads.
 */
public final class RequestExecutor implements AutoCloseable {

    private final Duration requestTimeout;
    private final RoutePlanner planner;
    private final TimeSource time;
    private final RouterMetrics metrics;
    private final CallExecutor calls;
    private final Retries retries;
    private final CallIdGenerator ids;

    private RequestExecutor(
            RoutingPolicy policy,
            RoutePlanner planner,
            CallPricer prices,
            TokenEstimator tokens,
            RouterMetrics metrics,
            Retries retries,
            CallIdGenerator ids,
            TimeSource time) {
        this.requestTimeout = policy.requestTimeout();
        this.planner = planner;
        this.time = time;
        this.metrics = metrics;
        this.calls = new CallExecutor(policy, time, new LedgerEntryFactory(prices, tokens), ids);
        this.ids = ids;
        this.retries = retries;
    }

    /** Returns the first executor of a router; its meters are in {@code registry} until it, or one that replaces it, is closed. */
    public static RequestExecutor first(
            RoutingPolicy policy,
            RoutePlanner planner,
            CallPricer prices,
            TokenEstimator tokens,
            Collection<ProviderState> providers,
            MeterRegistry registry,
            TimeSource time) {
        RouterMetrics metrics = new RouterMetrics(registry, List.copyOf(providers));
        return new RequestExecutor(
                policy,
                planner,
                prices,
                tokens,
                metrics,
                new Retries(policy.retry(), time),
                new CallIdGenerator(time),
                time);
    }

    /** Returns the executor of another policy, which has the meters of this one, and what may be repeated where that is unchanged. */
    public RequestExecutor under(RoutingPolicy policy, RoutePlanner planner, CallPricer prices, TokenEstimator tokens) {
        Retries changed = retries.settings().equals(policy.retry()) ? retries : new Retries(policy.retry(), time);
        return new RequestExecutor(policy, planner, prices, tokens, metrics, changed, ids, time);
    }

    /** From now on the meters show these models. */
    public void show(Collection<Deployment> deployments) {
        metrics.show(deployments);
    }

    /** Answers {@code request} within the shorter of the timeouts of the scope and of the policy. */
    public ChatResponse chat(ChatRequest request, RoutingContext routing) {
        Duration timeout = routing.scope().timeout().compareTo(requestTimeout) < 0
                ? routing.scope().timeout()
                : requestTimeout;
        RequestContext context = new RequestContext(ids.next(), request, routing, planner.plan(request));
        return new FailoverLoop(context, timeout, time, calls, metrics, retries).run();
    }

    /** Removes its gauges from the registry. The providers stay open. */
    @Override
    public void close() {
        metrics.close();
    }
}
