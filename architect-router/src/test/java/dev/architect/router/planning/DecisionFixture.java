package dev.architect.router.planning;

import dev.architect.chat.ChatRequest;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.request.RequestScope;
import dev.architect.route.Route;
import dev.architect.router.admission.CallDemand;
import dev.architect.router.admission.CallPermit;
import dev.architect.router.admission.Deployment;
import dev.architect.router.admission.ProviderState;
import dev.architect.router.classification.PromptClassifier;
import dev.architect.router.cost.CallPricer;
import dev.architect.router.cost.TokenEstimator;
import dev.architect.router.policy.ModelPolicy;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.router.pricing.Prices;
import dev.architect.spi.TimeSource;
import dev.architect.spi.TokenCounter;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.testkit.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decisions of a policy over deployments whose calls a test begins and ends. */
final class DecisionFixture {

    /** Three models of one quality: {@code p/a} is the cheapest, {@code p/b} costs 5 % more, {@code p/c} twice as much. */
    static final String MODELS = """
            baseline: p/a
            models:
              - {model: p/a, quality: 70, contextTokens: 100000, maxConcurrent: 10}
              - {model: p/b, quality: 70, contextTokens: 200000, maxConcurrent: 10}
              - {model: p/c, quality: 70, contextTokens: 50000, maxConcurrent: 10}
            """;

    private static final String PRICES = """
            version: test
            base: none
            prices:
              - {provider: p, model: a, usdPerMillionTokens: {input: 1.00, cacheRead: 0.10, output: 1.00}, source: test, checked: 2026-11-01}
              - {provider: p, model: b, usdPerMillionTokens: {input: 1.05, cacheRead: 0.105, output: 1.05}, source: test, checked: 2026-11-01}
              - {provider: p, model: c, usdPerMillionTokens: {input: 2.00, cacheRead: 0.20, output: 2.00}, source: test, checked: 2026-11-01}
            """;

    /** Stands still where a test has another clock. */
    final ManualTime time;

    private final Map<ModelId, Deployment> deployments = new HashMap<>();
    final RoutingSnapshot snapshot;
    private final RoutePlanner planner;
    private int requests;

    DecisionFixture(String policy) {
        this(policy, new ManualTime(Instant.parse("2026-11-22T12:00:00Z"), 11));
    }

    private DecisionFixture(String policy, ManualTime manual) {
        this(policy, manual, manual);
    }

    private DecisionFixture(String policy, ManualTime manual, TimeSource time) {
        this.time = manual;
        RoutingPolicy parsed = RoutingPolicy.parse(policy);
        ProviderState provider = new ProviderState(ScriptedProvider.named("p"));
        for (ModelPolicy model : parsed.models()) {
            deployments.put(model.id(), new Deployment(model, provider, parsed.circuitBreaker(), time));
        }
        TokenEstimator tokens = new TokenEstimator(TokenCounter.fourCharacters());
        CallPricer pricer = new CallPricer(
                Prices.parse(PRICES),
                parsed.baseline(),
                parsed.models().stream().map(ModelPolicy::id).toList());
        this.snapshot = new RoutingSnapshot(parsed, deployments, tokens, pricer, time);
        this.planner = new RoutePlanner(snapshot, time);
    }

    static DecisionFixture with(String strategies) {
        return new DecisionFixture(policy(strategies));
    }

    static DecisionFixture with(String strategies, TimeSource time) {
        return new DecisionFixture(policy(strategies), new ManualTime(Instant.EPOCH, 11), time);
    }

    private static String policy(String strategies) {
        return "strategies: " + strategies + "\n" + MODELS;
    }

    /** The models of a request that is about to be made, by their last letter. */
    String order() {
        return order(ChatRequest.of("Hi"), RequestScope.create(), true);
    }

    String order(ChatRequest request, RequestScope scope, boolean isStreamed) {
        return letters(plan(request, scope, isStreamed));
    }

    RoutePlan plan(ChatRequest request, RequestScope scope, boolean isStreamed) {
        return planner.plan(request, "request-" + requests++, scope, isStreamed);
    }

    Route explain(ChatRequest request, RequestScope scope) {
        return planner.preview(request, "request-" + requests++, scope).route();
    }

    RequestProfile profile(ChatRequest request, RequestScope scope) {
        return snapshot.profile(
                request,
                new RequestProfile.Circumstances("request", scope, true, true),
                new PromptClassifier().classify(request));
    }

    static String letters(RoutePlan plan) {
        StringBuilder letters = new StringBuilder();
        plan.deployments().forEach(deployment -> letters.append(deployment.id().model()));
        return letters.toString();
    }

    /** The first choices of so many requests in a row. */
    String choices(int count) {
        StringBuilder first = new StringBuilder();
        for (int i = 0; i < count; i++) {
            first.append(order().charAt(0));
        }
        return first.toString();
    }

    Deployment deployment(String model) {
        return deployments.get(new ModelId("p", model));
    }

    CallPermit begin(String model) {
        return CallPermit.tryAcquire(deployment(model), CallDemand.LEAST, true).orElseThrow();
    }

    List<CallPermit> begin(String model, int calls) {
        List<CallPermit> begun = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            begun.add(begin(model));
        }
        return begun;
    }

    /** A streamed call whose first token comes after {@code firstToken}, and its end after {@code total}. */
    void call(String model, Duration firstToken, Duration total) {
        CallPermit permit = begin(model);
        time.advance(firstToken);
        permit.recordFirstToken();
        time.advance(total.minus(firstToken));
        permit.settle(null, true, List.of());
    }

    void fail(String model, Duration after, FailureKind kind) {
        CallPermit permit = begin(model);
        time.advance(after);
        permit.settle(failure(model, kind), true, List.of());
    }

    static @Nullable ProviderException failure(String model, FailureKind kind) {
        return ProviderException.builder(new ModelId("p", model), kind).build();
    }
}
