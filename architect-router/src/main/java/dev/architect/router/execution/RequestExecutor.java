package dev.architect.router.execution;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.cost.Money;
import dev.architect.embedding.Embedding;
import dev.architect.embedding.EmbeddingAnswer;
import dev.architect.embedding.EmbeddingCall;
import dev.architect.embedding.EmbeddingRequest;
import dev.architect.embedding.EmbeddingResponse;
import dev.architect.model.Capability;
import dev.architect.model.StopReason;
import dev.architect.router.admission.Deployment;
import dev.architect.router.admission.ProviderState;
import dev.architect.router.budget.BudgetBook;
import dev.architect.router.budget.CostBound;
import dev.architect.router.cache.CacheKey;
import dev.architect.router.cache.ResponseCache;
import dev.architect.router.cost.CallPricer;
import dev.architect.router.cost.PriceAlarms;
import dev.architect.router.cost.TokenEstimator;
import dev.architect.router.hedging.Hedging;
import dev.architect.router.planning.RoutePlan;
import dev.architect.router.planning.RoutePlanner;
import dev.architect.router.policy.RecordSettings;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.router.quota.QuotaBook;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.RoutingContext;
import dev.architect.spi.TimeSource;
import dev.architect.thread.ThreadRunner;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
    private final HostParts parts;
    private final AnswerVerification verification;
    private final RecordSettings records;
    private final String policyVersion;
    private final @Nullable ResponseCache cacheOrNull;
    private final @Nullable CachedExecution cache;
    private final ThreadRunner threads;
    /** Null when the policy has none. */
    private final @Nullable Hedging hedging;

    private final AdmissionRules admission;

    private RequestExecutor(
            RoutingPolicy policy,
            RoutePlanner planner,
            CallPricer prices,
            TokenEstimator tokens,
            HostParts parts,
            RouterMetrics metrics,
            Retries retries,
            CallIdGenerator ids,
            @Nullable ResponseCache cacheOrNull,
            @Nullable Hedging hedging,
            QuotaBook quotas,
            BudgetBook budgets,
            ThreadRunner threads,
            TimeSource time) {
        this.hedging = hedging;
        this.threads = threads;
        this.admission = new AdmissionRules(quotas, policy.throttling(), budgets, new CostBound(prices, tokens));
        this.requestTimeout = policy.requestTimeout();
        this.planner = planner;
        this.time = time;
        this.metrics = metrics;
        this.calls = new CallExecutor(
                policy,
                time,
                new LedgerEntryFactory(prices, tokens),
                ids,
                new CallObservations(parts.observations()),
                budgets.outputs(),
                new PriceAlarms(prices));
        this.ids = ids;
        this.retries = retries;
        this.parts = parts;
        this.records = policy.records();
        this.policyVersion = CacheKey.version(policy.toString());
        this.verification = new AnswerVerification(policy, parts.checkers(), time);
        this.cacheOrNull = cacheOrNull;
        this.cache =
                cacheOrNull == null ? null : new CachedExecution(cacheOrNull, policyVersion, this::call, ids, time);
        metrics.watch(cacheOrNull);
    }

    private static @Nullable ResponseCache cache(RoutingPolicy policy, HostParts parts, TimeSource time) {
        return policy.cache().enabled() ? new ResponseCache(policy.cache(), parts.semanticCache(), time) : null;
    }

    /**
     * Returns the first executor of a router; its meters are in the registry of {@code parts} until it, or one that replaces it, is closed.
     * {@code threads} are for second calls, and stay open.
     */
    public static RequestExecutor first(
            RoutingPolicy policy,
            RoutePlanner planner,
            CallPricer prices,
            TokenEstimator tokens,
            Collection<ProviderState> providers,
            HostParts parts,
            QuotaBook quotas,
            BudgetBook budgets,
            ThreadRunner threads,
            TimeSource time) {
        RouterMetrics metrics = new RouterMetrics(parts.metrics(), List.copyOf(providers));
        return new RequestExecutor(
                policy,
                planner,
                prices,
                tokens,
                parts,
                metrics,
                new Retries(policy.retry(), time),
                new CallIdGenerator(time),
                cache(policy, parts, time),
                policy.hedging().isEnabled() ? new Hedging(policy.hedging(), threads, time) : null,
                quotas,
                budgets,
                threads,
                time);
    }

    /** Returns the executor of another policy, which has the meters of this one, and what may be repeated where that is unchanged. */
    public RequestExecutor under(RoutingPolicy policy, RoutePlanner planner, CallPricer prices, TokenEstimator tokens) {
        Retries changed = retries.settings().equals(policy.retry()) ? retries : new Retries(policy.retry(), time);
        // What is kept stays while its bounds do: the version of the policy is part of each key.
        ResponseCache kept = cacheOrNull != null && cacheOrNull.settings().equals(policy.cache())
                ? cacheOrNull
                : cache(policy, parts, time);
        return new RequestExecutor(
                policy,
                planner,
                prices,
                tokens,
                parts,
                metrics,
                changed,
                ids,
                kept,
                hedgingUnder(policy),
                admission.quotas(),
                admission.budgets(),
                threads,
                time);
    }

    private @Nullable Hedging hedgingUnder(RoutingPolicy policy) {
        if (!policy.hedging().isEnabled()) {
            return null;
        }
        return hedging != null && hedging.settings().equals(policy.hedging())
                ? hedging
                : new Hedging(policy.hedging(), threads, time);
    }

    /** From now on the meters show these models. */
    public void show(Collection<Deployment> deployments) {
        metrics.show(deployments, admission.quotas());
    }

    /** Answers {@code request} within the shorter of the timeouts of the scope and of the policy. */
    public ChatResponse chat(ChatRequest request, RoutingContext routing) {
        Duration timeout = timeout(routing);
        RequestClock clock = new RequestClock(routing.scope().providerWait());
        if (!metrics.measuresOverhead()) {
            return answer(request, routing, timeout, clock);
        }
        long start = time.nanoTime();
        try {
            return answer(request, routing, timeout, clock);
        } finally {
            metrics.recordOverhead(time.nanoTime() - start - clock.outsideNanos());
        }
    }

    /** Returns the chat request that is routed, counted and limited as {@code request} is: its prompt is all texts. */
    public static ChatRequest asChat(EmbeddingRequest request) {
        return ChatRequest.builder(String.join("\n", request.texts()))
                .model(request.model())
                .provider(request.provider())
                .needs(Set.of(Capability.EMBEDDINGS))
                .maxCost(request.maxCost().orElse(null))
                .build();
    }

    /**
     * Turns texts into vectors.
     *
     * @param asChat as {@link #asChat} returns it
     */
    public EmbeddingResponse embed(EmbeddingRequest request, ChatRequest asChat, RoutingContext routing) {
        String id = ids.next();
        Vectors vectors = new Vectors(request);
        RequestContext context = new RequestContext(
                id,
                asChat,
                routing,
                planner.plan(asChat, id, routing.scope(), false),
                RequestVerification.NONE,
                new RequestClock(routing.scope().providerWait()),
                new CallCount());
        ChatResponse answer = new FailoverLoop(
                        context, timeout(routing), time, calls, metrics, retries, null, admission, vectors)
                .run();
        return new EmbeddingResponse(id, answer.model(), vectors.made, answer.usage(), answer.cost(), answer.calls());
    }

    /** Lets a provider embed in place of answering, and keeps the vectors of its last answer. Used by one thread. */
    private static final class Vectors implements CallTransmitter {

        private final EmbeddingRequest request;
        private List<Embedding> made = List.of();

        Vectors(EmbeddingRequest request) {
            this.request = request;
        }

        @Override
        public ProviderAnswer transmit(ModelProvider provider, ProviderCall call, @Nullable ChatListener listener) {
            EmbeddingAnswer answer = provider.embed(new EmbeddingCall(
                    call.model(),
                    request.texts(),
                    request.dimensions(),
                    call.limits().total()));
            if (answer.vectors().size() != request.texts().size()) {
                throw new IllegalStateException(answer.vectors().size() + " vectors, expected "
                        + request.texts().size());
            }
            made = answer.vectors();
            TokenUsage.Builder usage = TokenUsage.builder();
            answer.usage().counts().forEach(usage::add);
            // What is not produced is not estimated either.
            if (!answer.usage().isKnown(UsageBucket.OUTPUT)) {
                usage.add(UsageBucket.OUTPUT, 0);
            }
            return ProviderAnswer.builder(answer.model(), "", StopReason.COMPLETE)
                    .usage(usage.build(), answer.usageSource())
                    .build();
        }
    }

    private Duration timeout(RoutingContext routing) {
        return routing.scope().timeout().compareTo(requestTimeout) < 0
                ? routing.scope().timeout()
                : requestTimeout;
    }

    private ChatResponse answer(ChatRequest request, RoutingContext routing, Duration timeout, RequestClock clock) {
        return cache == null ? call(request, routing, timeout, clock) : cache.chat(request, routing, timeout, clock);
    }

    /** Answers a request by calls. */
    private ChatResponse call(ChatRequest request, RoutingContext routing, Duration timeout, RequestClock clock) {
        String id = ids.next();
        RoutePlan plan =
                planner.plan(request, id, routing.scope(), routing.listener().isPresent());
        RequestVerification checks = verification.begin(request, routing, plan);
        RequestContext context = new RequestContext(id, request, routing, plan, checks, clock, new CallCount());
        long start = plan.choice().isPresent() ? time.nanoTime() : 0;
        ChatResponse answer = records.includes(id) ? recorded(context, timeout) : checked(context, timeout);
        if (plan.choice().isPresent()) {
            plan.recordCost(id, spent(answer), Duration.ofNanos(Math.max(0, time.nanoTime() - start)));
        }
        return answer;
    }

    private static Money spent(ChatResponse answer) {
        BigInteger spent = answer.cost().spent().picoUsd();
        return new Money(spent.bitLength() < Long.SIZE ? spent.longValue() : Long.MAX_VALUE);
    }

    /** Follows the route, and records what was decided and what came of it. */
    private ChatResponse recorded(RequestContext context, Duration timeout) {
        RoutingContext routing = context.routing();
        DecisionRecording recording = new DecisionRecording(routing, policyVersion, time);
        ChatResponse answer = null;
        Throwable failure = null;
        try {
            answer = checked(
                    context.with(new RoutingContext(
                            routing.scope(),
                            routing.fencingToken(),
                            routing.listener(),
                            recording,
                            routing.events(),
                            routing.admission(),
                            routing.begun())),
                    timeout);
            return answer;
        } catch (Throwable thrown) {
            failure = thrown;
            throw thrown;
        } finally {
            recording.publish(context, answer, failure);
        }
    }

    /** Follows the route; the listener of a request whose answers are checked gets them through the checks. */
    private ChatResponse checked(RequestContext context, Duration timeout) {
        RoutingContext routing = context.routing();
        if (!context.verification().isOn() || routing.listener().isEmpty()) {
            return run(context, timeout);
        }
        CheckedDelivery delivery =
                context.verification().deliverTo(routing.listener().get());
        ChatResponse answer = run(context.with(to(delivery, routing)), timeout);
        delivery.deliver(answer);
        return answer;
    }

    private ChatResponse run(RequestContext context, Duration timeout) {
        return new FailoverLoop(
                        context, timeout, time, calls, metrics, retries, hedging, admission, CallTransmitter.DIRECT)
                .run();
    }

    private static RoutingContext to(ChatListener listener, RoutingContext routing) {
        return new RoutingContext(
                routing.scope(),
                routing.fencingToken(),
                Optional.of(listener),
                routing.ledger(),
                routing.events(),
                routing.admission(),
                routing.begun());
    }

    /**
     * Refuses a request that names a checker which the router does not have.
     *
     * @throws dev.architect.route.UnservableRequestException when it does
     */
    public void check(ChatRequest request) {
        verification.check(request);
    }

    /** Removes its gauges from the registry. The providers stay open. */
    @Override
    public void close() {
        metrics.close();
    }
}
