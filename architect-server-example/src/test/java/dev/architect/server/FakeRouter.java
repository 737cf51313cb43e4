package dev.architect.server;

import dev.architect.attempt.FencingToken;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Part;
import dev.architect.chat.ResponseCost;
import dev.architect.control.RouterControl;
import dev.architect.cost.CallCharge;
import dev.architect.cost.CallOrigin;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CallRoute;
import dev.architect.cost.CallTiming;
import dev.architect.cost.Cost;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Metering;
import dev.architect.cost.Money;
import dev.architect.cost.MoneyTotal;
import dev.architect.embedding.Embedding;
import dev.architect.embedding.EmbeddingRequest;
import dev.architect.embedding.EmbeddingResponse;
import dev.architect.event.Event;
import dev.architect.model.Complexity;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.model.ProviderHealth;
import dev.architect.model.ProviderProbe;
import dev.architect.model.StopReason;
import dev.architect.route.BreakerState;
import dev.architect.route.BreakerTarget;
import dev.architect.route.BreakerTrip;
import dev.architect.route.Candidate;
import dev.architect.route.Classification;
import dev.architect.route.CostEstimate;
import dev.architect.route.GoneModel;
import dev.architect.route.ModelHealth;
import dev.architect.route.ProviderStatus;
import dev.architect.route.QualityFloor;
import dev.architect.route.Route;
import dev.architect.route.SelectionReason;
import dev.architect.route.UnservableRequestException;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.router.pricing.Prices;
import dev.architect.spi.Router;
import dev.architect.spi.RoutingContext;
import dev.architect.spi.TimeSource;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Answers every prompt with itself in capitals, at fixed prices. A prompt of {@code fail over} is answered by the second
 * provider; one of {@code wait} waits until {@link #release} was called; one of {@code refuse} fails for good and opens the first
 * provider's breaker; one of {@code refuse it} fails for good.
 */
final class FakeRouter implements Router {

    static final ModelId CHEAP = new ModelId("ollama", "llama3.1");
    static final ModelId DEAR = new ModelId("claude", "claude-sonnet");

    private static final TokenUsage USAGE = TokenUsage.of(1_000, 200);

    private final TimeSource time;
    private final AtomicLong calls = new AtomicLong();
    private final CountDownLatch gate = new CountDownLatch(1);
    private volatile BreakerState cheapBreaker = BreakerState.CLOSED;
    private volatile List<GoneModel> goneModels = List.of();
    private volatile List<ModelHealth> cheapHealth = List.of();
    final List<String> orders = new CopyOnWriteArrayList<>();

    /** Its policy and prices are followed, though no request goes through it. */
    private final CostAwareRouter adjusted;

    FakeRouter(TimeSource time) {
        this.time = time;
        this.adjusted = CostAwareRouter.with(RoutingPolicy.standard())
                .priceSource(Prices::standard, Duration.ofDays(1))
                .create(List.of(ScriptedProvider.named("claude")), time);
    }

    @Override
    public Optional<RouterControl> control() {
        return adjusted.control();
    }

    void release() {
        gate.countDown();
    }

    void gone(GoneModel model) {
        goneModels = List.of(model);
    }

    void breaker(BreakerState state) {
        cheapBreaker = state;
    }

    void health(ModelHealth health) {
        cheapHealth = List.of(health);
    }

    @Override
    public ChatResponse chat(ChatRequest request, RoutingContext scope) {
        Route route = route(request);
        if (request.prompt().equals("wait")) {
            try {
                gate.await();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw ProviderException.builder(CHEAP, FailureKind.CANCELLED).build();
            }
        }
        if (request.prompt().startsWith("refuse")) {
            if (request.prompt().equals("refuse")) {
                scope.events().onEvent(new Event.BreakerChanged(time.wallTime(), CHEAP, BreakerState.OPEN));
            }
            record(scope, CHEAP, 0, FailureKind.INVALID_REQUEST, null, Cost.NOT_BILLED);
            throw ProviderException.builder(CHEAP, FailureKind.INVALID_REQUEST).build();
        }
        StopReason stopReason = switch (request.prompt()) {
            case "be refused" -> StopReason.REFUSED;
            case "be cut" -> StopReason.LENGTH;
            default -> StopReason.COMPLETE;
        };
        boolean failsOver = request.prompt().equals("fail over");
        if (failsOver) {
            record(scope, CHEAP, 0, FailureKind.OVERLOADED, null, Cost.NOT_BILLED);
            scope.events()
                    .onEvent(new Event.FailedOver(
                            time.wallTime(),
                            Optional.ofNullable(
                                    scope.fencingToken().map(FencingToken::id).orElse(null)),
                            CHEAP,
                            DEAR,
                            FailureKind.OVERLOADED));
        }
        Cost cost = Cost.priced(Money.ofUsd(failsOver ? "0.006" : "0.000123456789"));
        record(scope, failsOver ? DEAR : CHEAP, failsOver ? 1 : 0, null, stopReason, cost);
        scope.listener().ifPresent(listener -> {
            listener.onAnswering(failsOver ? DEAR : CHEAP, "request-" + calls.get(), failsOver ? 2 : 1);
            listener.onText(request.prompt().toUpperCase(Locale.ROOT));
        });
        return new ChatResponse(
                List.of(new Part.Text(request.prompt().toUpperCase(Locale.ROOT))),
                stopReason,
                failsOver ? DEAR : CHEAP,
                USAGE,
                new ResponseCost(
                        cost,
                        Cost.priced(Money.ofUsd("0.006")),
                        MoneyTotal.ZERO.plus(cost.amount().orElseThrow())),
                route,
                failsOver ? 1 : 0,
                List.of());
    }

    @Override
    public EmbeddingResponse embed(EmbeddingRequest request, RoutingContext scope) {
        Cost cost = Cost.priced(Money.ofUsd("0.0001"));
        record(scope, request.model(), 0, null, StopReason.COMPLETE, cost);
        return new EmbeddingResponse(
                "request-" + calls.get(),
                request.model(),
                request.texts().stream()
                        .map(text -> Embedding.of(text.length(), 0.5f))
                        .toList(),
                USAGE,
                new ResponseCost(cost, cost, MoneyTotal.ZERO.plus(cost.amount().orElseThrow())),
                1);
    }

    private void record(
            RoutingContext scope,
            ModelId model,
            int position,
            @Nullable FailureKind failure,
            @Nullable StopReason stopReason,
            Cost cost) {
        long number = calls.incrementAndGet();
        LedgerEntry entry = new LedgerEntry(
                "call-" + number,
                new CallOrigin(
                        "request-" + (number - position),
                        scope.fencingToken().map(FencingToken::id),
                        scope.fencingToken().map(FencingToken::epoch).orElse(0L),
                        scope.scope().attribution(),
                        scope.fencingToken().flatMap(token -> scope.scope().taskType())),
                new CallRoute(Complexity.SIMPLE, position, model, model),
                new CallTiming(time.wallTime(), Duration.ofMillis(120 + number)),
                failure == null ? CallOutcome.ANSWERED : CallOutcome.FAILED,
                Optional.ofNullable(failure),
                new Metering(failure == null ? USAGE : TokenUsage.UNKNOWN, UsageSource.REPORTED),
                new CallCharge(
                        cost,
                        Optional.empty(),
                        failure == null ? Cost.priced(Money.ofUsd("0.006")) : Cost.NOT_BILLED,
                        "test"),
                Optional.ofNullable(stopReason));
        scope.ledger().accept(entry);
        scope.events().onEvent(new Event.CallEnded(time.wallTime(), entry));
    }

    /** Like a policy that has no llama3.0. */
    @Override
    public void check(ChatRequest request) {
        request.selection()
                .model()
                .filter(model -> model.model().equals("llama3.0"))
                .ifPresent(model -> {
                    throw new UnservableRequestException(
                            "model", model.toString(), CHEAP.toString(), "did you mean '" + CHEAP + "'?");
                });
    }

    @Override
    public Route route(ChatRequest request) {
        if (request.wireBody().isPresent()) {
            throw new UnservableRequestException("wireBody", "any", null, "which no model here takes");
        }
        return new Route(
                new Classification(Complexity.SIMPLE, 0, List.of()),
                List.of(candidate(CHEAP, 60, "0.001"), candidate(DEAR, 90, "0.006")),
                List.of());
    }

    private static Candidate candidate(ModelId model, int quality, String usd) {
        CostEstimate estimate = new CostEstimate(10, 120, Cost.priced(Money.ofUsd(usd)));
        QualityFloor floor = new QualityFloor(40, Optional.of(Complexity.SIMPLE));
        return new Candidate(model, quality, estimate, SelectionReason.MEETS_FLOOR, floor);
    }

    @Override
    public void trip(BreakerTarget target, BreakerTrip trip) {
        if (!trip.until().isAfter(time.wallTime())) {
            throw new IllegalArgumentException("until is " + trip.until() + ", expected a time to come");
        }
        orders.add("trip " + target + " " + trip.reason() + " " + trip.until());
    }

    @Override
    public void reset(BreakerTarget target, String reason) {
        orders.add("reset " + target + " " + reason);
    }

    @Override
    public ProviderProbe probe(String provider) {
        return new ProviderProbe(
                provider.equals("claude") ? ProviderHealth.up() : ProviderHealth.unusable("HTTP 401: no such key"),
                Duration.ofMillis(12));
    }

    @Override
    public List<ProviderStatus> providers() {
        return List.of(
                new ProviderStatus("claude", BreakerState.CLOSED, 0, List.of(DEAR.model())),
                new ProviderStatus(
                        "ollama", cheapBreaker, 0, List.of(CHEAP.model()), goneModels, Map.of(), cheapHealth));
    }

    @Override
    public void close() {
        release();
        adjusted.close();
    }
}
