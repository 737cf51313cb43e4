package dev.architect.benchmarks.router;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.cost.LedgerEntry;
import dev.architect.model.ModelId;
import dev.architect.request.RequestScope;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.admission.CallDemand;
import dev.architect.router.admission.CallPermit;
import dev.architect.router.admission.Deployment;
import dev.architect.router.admission.ProviderState;
import dev.architect.router.classification.PromptClassifier;
import dev.architect.router.cost.CallPricer;
import dev.architect.router.cost.TokenEstimator;
import dev.architect.router.planning.DecisionBuffer;
import dev.architect.router.planning.RequestProfile;
import dev.architect.router.planning.RoutingSnapshot;
import dev.architect.router.policy.ModelPolicy;
import dev.architect.router.rule.RoutingRule;
import dev.architect.router.rule.RoutingRules;
import dev.architect.router.rule.RuleCondition;
import dev.architect.router.rule.RuleEffect;
import dev.architect.router.rule.Strategy;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.RoutingContext;
import dev.architect.spi.TimeSource;
import dev.architect.spi.TokenCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What depends on the number of models: a decision, and a whole request with providers that answer at once.
 *
 * <p>A decision begins with what was read of the request, and ends with the order of the candidates. A request is everything
 * around the call: classification, decision, permits, rate limits, circuit breaker, settlement, price, baseline, the hand-over to a ledger in
 * memory, meters and events; no HTTP and no JSON.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH prepares the fields before it measures.
public class DecisionBenchmark {

    private static final String PROMPT = "Write a hello world function in Java.";
    private static final int HANDED_OVER = 1_024;

    private static final RoutingRules COMPOSED = RoutingRules.STANDARD
            .withStrategies(
                    new Strategy.ByCost(100, false),
                    new Strategy.ByLatency(20, Strategy.USUAL_HALF_LIFE),
                    new Strategy.LeastBusy())
            .withRule(new RoutingRule("everything", RuleCondition.ALWAYS, RuleEffect.NONE));

    /** The number of models, all of which may answer. */
    @Param({"6", "50"})
    public int candidates = 6;

    private final ChatRequest request = ChatRequest.of(PROMPT);
    private final Instant now = Instant.now();
    private final LedgerEntry[] ledger = new LedgerEntry[HANDED_OVER];
    private int handedOver;
    private DecisionBuffer decision = new DecisionBuffer(0);
    private RoutingSnapshot snapshot;
    private RequestProfile profile;
    private RoutingSnapshot composedSnapshot;
    private CostAwareRouter router;
    private RoutingContext context;

    /** Compiles the snapshot and creates the router. */
    @Setup
    public void prepare() {
        BenchmarkPolicy setup = BenchmarkPolicy.of(candidates);
        TimeSource time = TimeSource.system();
        Map<ModelId, Deployment> deployments = new HashMap<>();
        for (ModelPolicy model : setup.policy().models()) {
            ModelProvider provider = setup.providers().stream()
                    .filter(one -> one.name().equals(model.id().provider()))
                    .findFirst()
                    .orElseThrow();
            deployments.put(
                    model.id(),
                    new Deployment(
                            model, new ProviderState(provider), setup.policy().circuitBreaker(), time));
        }
        CallPricer pricer =
                new CallPricer(setup.prices(), setup.policy().baseline(), List.copyOf(deployments.keySet()));
        snapshot = new RoutingSnapshot(
                setup.policy(), deployments, new TokenEstimator(TokenCounter.fourCharacters()), pricer, time);
        profile = snapshot.profile(
                request,
                new RequestProfile.Circumstances("benchmark", RequestScope.create(), false, true),
                new PromptClassifier().classify(request));
        decision = new DecisionBuffer(snapshot.size());
        snapshot.decide(profile, now, decision);
        // With fewer candidates, the benchmark would measure an early return.
        if (decision.candidates() != candidates) {
            throw new IllegalStateException(
                    decision.candidates() + " models may answer, expected all of " + candidates);
        }
        composedSnapshot = new RoutingSnapshot(
                setup.policy().withRules(COMPOSED),
                deployments,
                new TokenEstimator(TokenCounter.fourCharacters()),
                pricer,
                time);
        for (Deployment deployment : deployments.values()) {
            CallPermit call =
                    CallPermit.tryAcquire(deployment, CallDemand.LEAST, true).orElseThrow();
            call.recordFirstToken();
            call.settle(null, true, List.of());
        }
        router = CostAwareRouter.with(setup.policy())
                .prices(setup.prices())
                .metrics(new SimpleMeterRegistry())
                .create(setup.providers(), time);
        context = new RoutingContext(
                RequestScope.create(), Optional.empty(), Optional.empty(), this::handOver, event -> {});
    }

    private void handOver(LedgerEntry entry) {
        ledger[handedOver++ & HANDED_OVER - 1] = entry;
    }

    /** Closes the router. */
    @TearDown
    public void close() {
        router.close();
    }

    /** Leaves out, prices and orders the models. */
    @Benchmark
    public DecisionBuffer decision() {
        snapshot.decide(profile, now, decision);
        return decision;
    }

    /** The same where the policy has a rule for the request, and composes three strategies. */
    @Benchmark
    public DecisionBuffer composed() {
        composedSnapshot.decide(profile, now, decision);
        return decision;
    }

    /** A whole request. */
    @Benchmark
    public ChatResponse pipeline() {
        return router.chat(request, context);
    }
}
