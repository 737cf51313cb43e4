package dev.architect.router.execution;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
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
 * Executes requests: plans the route of each, calls its candidates until one answers, records and measures every call. Blocks
 * the calling thread, and is safe for use by several threads.
 */
public final class RequestExecutor implements AutoCloseable {

    private final Duration requestTimeout;
    private final RoutePlanner planner;
    private final TimeSource time;
    private final RouterMetrics metrics;
    private final CallExecutor calls;
    private final Retries retries;

    /** Creates an executor, and registers its meters in {@code registry} until it is closed. */
    public RequestExecutor(
            RoutingPolicy policy,
            RoutePlanner planner,
            CallPricer prices,
            TokenEstimator tokens,
            Collection<ProviderState> providers,
            MeterRegistry registry,
            TimeSource time) {
        this.requestTimeout = policy.requestTimeout();
        this.planner = planner;
        this.time = time;
        this.metrics = new RouterMetrics(registry, List.copyOf(providers));
        this.calls = new CallExecutor(policy, time, new LedgerEntryFactory(prices, tokens));
        this.retries = new Retries(policy.retry(), time);
    }

    /** Answers {@code request} within the shorter of the timeouts of the scope and of the policy. */
    public ChatResponse chat(ChatRequest request, RoutingContext routing) {
        Duration timeout = routing.scope().timeout().compareTo(requestTimeout) < 0
                ? routing.scope().timeout()
                : requestTimeout;
        RequestContext context =
                new RequestContext(CallIdGenerator.next(time), request, routing, planner.plan(request));
        return new FailoverLoop(context, timeout, time, calls, metrics, retries).run();
    }

    /** Removes its gauges from the registry. The providers stay open. */
    @Override
    public void close() {
        metrics.close();
    }
}
