package dev.architect.benchmarks.router;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatRequest;
import dev.architect.cost.ModelPrices;
import dev.architect.cost.Price;
import dev.architect.model.ModelId;
import dev.architect.route.Classification;
import dev.architect.router.classification.PromptClassifier;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.router.pricing.Prices;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import java.time.Instant;
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
import org.openjdk.jmh.annotations.Warmup;

/** What depends on the prompt, or on nothing: classification and price, beside reading the JSON of the same request. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PromptBenchmark {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SHORT = "Write a hello world function in Java.";
    private static final String TASK = "Refactor this class; keep its public methods and explain why.\n";
    private static final String LINE =
            "    if (count > limit) { throw new IllegalStateException(\"count is \" + count); }\n";
    private static final String NARROW = "a\n";

    /** How many characters the prompt has: one line, or a file of code behind a task. Negative: lines of one letter. */
    @Param({"37", "102400", "-102400"})
    public int promptCharacters = SHORT.length();

    private final PromptClassifier classifier = new PromptClassifier();
    private final RoutingPolicy policy = RoutingPolicy.standard();
    private final ModelId model = policy.baseline();
    private final ModelPrices prices = Prices.standard().of(model);
    // Fixed, so that the same price applies whenever it is run.
    private final Instant now = Instant.parse("2026-11-22T00:00:00Z");
    private final TokenUsage usage = TokenUsage.builder()
            .add(UsageBucket.INPUT, 1_200)
            .add(UsageBucket.CACHE_READ, 8_000)
            .add(UsageBucket.OUTPUT, 640)
            .build();

    private ChatRequest request = ChatRequest.of(SHORT);
    private String body = "";

    /** Makes the prompt, the request and its JSON body. */
    @Setup
    public void prepare() {
        String text = text(promptCharacters);
        request = ChatRequest.of(text);
        ObjectNode json = JSON.createObjectNode().put("model", model.model()).put("max_tokens", 1_024);
        json.putArray("messages").addObject().put("role", "user").put("content", text);
        body = json.toString();
        // Without a price, the benchmark would measure an early return.
        if (price() == ModelPrices.UNPRICED) {
            throw new IllegalStateException(model + " has no price, expected one in the standard catalogue");
        }
    }

    private static String text(int characters) {
        if (characters <= SHORT.length() && characters >= 0) {
            return SHORT;
        }
        String line = characters < 0 ? NARROW : LINE;
        int length = Math.abs(characters);
        return (TASK + line.repeat(length / line.length() + 1)).substring(0, length);
    }

    /** The reference: Jackson reads the body of the same request. */
    @Benchmark
    public JsonNode json() throws JsonProcessingException {
        return JSON.readTree(body);
    }

    /** Classifies the prompt. */
    @Benchmark
    public Classification classify() {
        return classifier.classify(request);
    }

    /** Prices one usage of three kinds of token with the standard catalogue. */
    @Benchmark
    public long price() {
        return prices.picoUsd(Price.STANDARD, "", usage, now);
    }
}
