package dev.architect.benchmarks.router;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatRequest;
import dev.architect.cost.Cost;
import dev.architect.cost.PriceCatalogue;
import dev.architect.model.ModelId;
import dev.architect.route.Classification;
import dev.architect.route.Route;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.classification.PromptClassifier;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.router.pricing.Prices;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.Router;
import dev.architect.spi.TimeSource;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import java.time.Instant;
import java.util.List;
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
 * What a route decision and a price cost, beside work that every call does anyway: reading the JSON of the same request.
 *
 * <p>No provider is called. Absolute figures differ between machines: quote the ratio to the reference.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RouteBenchmark {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONG_PROMPT_LINES = 60;

    /** How long the prompt is: one line, or sixty with code and constraints. */
    @Param({"short", "long"})
    public String prompt = "short";

    private final PromptClassifier classifier = new PromptClassifier();
    private final PriceCatalogue prices = Prices.standard();
    private final ModelId model = RoutingPolicy.standard().baseline();
    // Fixed, so that the same price applies whenever it is run.
    private final Instant now = Instant.parse("2026-11-22T00:00:00Z");
    private final TokenUsage usage = TokenUsage.builder()
            .add(UsageBucket.INPUT, 1_200)
            .add(UsageBucket.CACHE_READ, 8_000)
            .add(UsageBucket.OUTPUT, 640)
            .build();

    private Router router = CostAwareRouter.with(RoutingPolicy.standard()).create(List.of(), TimeSource.system());
    private ChatRequest request = ChatRequest.of("-");
    private String body = "";

    /** Makes the prompt, the request and its JSON body, and a router of the standard policy that knows all its providers. */
    @Setup
    public void prepare() {
        RoutingPolicy policy = RoutingPolicy.standard();
        List<ModelProvider> providers = policy.models().stream()
                .map(each -> each.id().provider())
                .distinct()
                .<ModelProvider>map(UncalledProvider::new)
                .toList();
        router = CostAwareRouter.with(policy).create(providers, TimeSource.system());
        String text = prompt.equals("short")
                ? "Write a hello world function in Java."
                : "Refactor this class; keep its public methods and explain why.\n"
                        + "    if (count > limit) { throw new IllegalStateException(\"count is \" + count); }\n"
                                .repeat(LONG_PROMPT_LINES);
        request = ChatRequest.of(text);
        ObjectNode json = JSON.createObjectNode().put("model", model.model()).put("max_tokens", 1_024);
        json.putArray("messages").addObject().put("role", "user").put("content", text);
        body = json.toString();
        // Without a price, the benchmark would measure an early return.
        if (prices.cost(model, usage, now).equals(Cost.UNPRICED)) {
            throw new IllegalStateException(model + " has no price, expected one in the standard catalogue");
        }
        if (router.route(request).candidates().isEmpty()) {
            throw new IllegalStateException("the route is empty, expected candidates");
        }
    }

    /** Closes the router. */
    @TearDown
    public void close() {
        router.close();
    }

    /** The reference: Jackson reads the body of the same request. */
    @Benchmark
    public JsonNode decodeTheRequest() throws JsonProcessingException {
        return JSON.readTree(body);
    }

    /** Classifies the prompt. */
    @Benchmark
    public Classification classify() {
        return classifier.classify(request);
    }

    /** Classifies, leaves out, prices and orders all models of the standard policy. */
    @Benchmark
    public Route route() {
        return router.route(request);
    }

    /** Prices one usage of three buckets with the standard catalogue. */
    @Benchmark
    public Cost price() {
        return prices.cost(model, usage, now);
    }
}
