package dev.architect.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.simulator.log.SimulatedCall;
import dev.architect.simulator.script.SimulatorScript;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tokens on the wire equal those in the log, and the billed amount is their exact price. */
class BillingTest extends SimulatorCases {

    @Test
    void billsClaudeForDisjointTokens() throws Exception {
        simulator.update(script -> script.with("claude", p -> p.withCacheHitShare(0.5)));
        BigInteger expected = BigInteger.ZERO;
        boolean read = false;
        boolean written = false;
        for (int i = 0; i < 20; i++) {
            boolean stream = i % 2 == 0;
            String body = client.claude(stream).body();
            // In a stream the first event and the one before the last both carry usage, and must agree on the input.
            JsonNode usage = last(body, stream ? 2 : 1).path("usage");
            if (stream) {
                JsonNode start = SimulatorClient.events(body).get(0).at("/message/usage");
                assertThat(start.path("input_tokens")).isEqualTo(usage.path("input_tokens"));
                assertThat(start.path("cache_read_input_tokens")).isEqualTo(usage.path("cache_read_input_tokens"));
                assertThat(start.path("output_tokens").longValue()).isEqualTo(1);
            }
            long pico = usage.path("input_tokens").longValue() * 3_000_000
                    + usage.path("cache_read_input_tokens").longValue() * 300_000
                    + usage.path("cache_creation_input_tokens").longValue() * 3_750_000
                    + usage.path("output_tokens").longValue() * 15_000_000;
            read |= usage.path("cache_read_input_tokens").longValue() > 0;
            written |= usage.path("cache_creation_input_tokens").longValue() > 0;
            expected = expected.add(BigInteger.valueOf(pico));
        }
        assertThat(simulator.billed("claude")).isEqualTo(expected).isEqualTo(simulator.billed());
        assertThat(read && written).as("both cache buckets were used").isTrue();
    }

    @Test
    void billsOpenAiWithCachedTokensInsideThePrompt() throws Exception {
        simulator.update(script -> script.with("openai", p -> p.withCacheHitShare(1)));
        List<JsonNode> events = SimulatorClient.events(client.openAi(true).body());
        JsonNode usage = events.get(events.size() - 1).path("usage");

        long cached = usage.path("prompt_tokens_details").path("cached_tokens").longValue();
        long pico = (usage.path("prompt_tokens").longValue() - cached) * 150_000
                + cached * 75_000
                + usage.path("completion_tokens").longValue() * 600_000;

        assertThat(cached).isPositive();
        assertThat(simulator.billed("openai")).isEqualTo(BigInteger.valueOf(pico));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void billsGeminiReasoningAsOutput(boolean stream) throws Exception {
        List<JsonNode> events =
                SimulatorClient.events(JsonShape.oneLine(client.gemini(stream).body()));
        JsonNode usage = events.get(events.size() - 1).path("usageMetadata");

        long output = usage.path("candidatesTokenCount").longValue()
                + usage.path("thoughtsTokenCount").longValue();
        long pico = usage.path("promptTokenCount").longValue() * 300_000 + output * 2_500_000;

        assertThat(usage.path("thoughtsTokenCount").longValue()).isPositive();
        assertThat(usage.path("totalTokenCount").longValue())
                .isEqualTo(usage.path("promptTokenCount").longValue() + output);
        assertThat(simulator.billed("gemini")).isEqualTo(BigInteger.valueOf(pico));
    }

    @Test
    void billsWhatPerplexityStates() throws Exception {
        BigInteger stated = BigInteger.ZERO;
        for (boolean stream : new boolean[] {false, true}) {
            List<JsonNode> events =
                    SimulatorClient.events(client.perplexity(stream).body());
            JsonNode last = events.get(events.size() - 1);
            JsonNode usage = (stream ? last.path("response") : last).path("usage");
            JsonNode cost = usage.path("cost");
            BigDecimal input = perMillion(usage.path("input_tokens").longValue(), "0.25");
            BigDecimal output = perMillion(usage.path("output_tokens").longValue(), "2.50");

            assertThat(cost.path("input_cost").decimalValue()).isEqualByComparingTo(input);
            assertThat(cost.path("output_cost").decimalValue()).isEqualByComparingTo(output);
            assertThat(cost.path("tool_calls_cost").decimalValue()).isEqualByComparingTo("0.0025");
            BigDecimal total = cost.path("total_cost").decimalValue();
            assertThat(total).isEqualByComparingTo(input.add(output).add(new BigDecimal("0.0025")));
            stated = stated.add(total.movePointRight(12).toBigIntegerExact());
        }
        assertThat(simulator.billed("perplexity")).isEqualTo(stated);
    }

    @Test
    void billsTheRequestFeeOfSonar() throws Exception {
        BigInteger stated = BigInteger.ZERO;
        for (boolean stream : new boolean[] {false, true}) {
            List<JsonNode> events = SimulatorClient.events(client.sonar(stream).body());
            JsonNode cost = events.get(events.size() - 1).path("usage").path("cost");
            assertThat(cost.path("request_cost").decimalValue()).isEqualByComparingTo("0.005");
            stated = stated.add(
                    cost.path("total_cost").decimalValue().movePointRight(12).toBigIntegerExact());
        }
        assertThat(simulator.billed("perplexity")).isEqualTo(stated);
    }

    @Test
    void billsNothingForLocalModels() throws Exception {
        client.ollama(true);
        client.anythingLlm(false);
        assertThat(simulator.billed()).isZero();
        assertThat(simulator.log())
                .allSatisfy(call -> assertThat(call.outputTokens()).isPositive());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void reportsTheLoggedTokensOnEveryWire(boolean stream) throws Exception {
        assertTokens(
                0, last(client.claude(stream).body(), stream ? 2 : 1).path("usage"), "input_tokens", "output_tokens");
        assertTokens(1, last(client.openAi(stream).body(), 1).path("usage"), "prompt_tokens", "completion_tokens");
        assertTokens(2, last(client.ollama(stream).body(), 1), "prompt_eval_count", "eval_count");
        assertTokens(
                3, last(client.anythingLlm(stream).body(), 1).path("metrics"), "prompt_tokens", "completion_tokens");
    }

    private void assertTokens(int index, JsonNode usage, String input, String output) {
        SimulatedCall call = simulator.log().get(index);
        assertThat(usage.path(input).longValue())
                .as("%s input", call.provider())
                .isEqualTo(call.promptTokens());
        assertThat(usage.path(output).longValue())
                .as("%s output", call.provider())
                .isEqualTo(call.outputTokens());
    }

    @Test
    void keepsExactSumsUnderFiveHundredConcurrentCalls() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(500);
        try {
            List<Callable<Integer>> calls = IntStream.range(0, 1500)
                    .<Callable<Integer>>mapToObj(
                            i -> () -> client.call(SimulatorScript.PROVIDERS.get(i % 6), i % 2 == 0)
                                    .statusCode())
                    .toList();
            for (Future<Integer> status : threads.invokeAll(calls)) {
                assertThat(status.get()).isEqualTo(200);
            }
        } finally {
            threads.shutdownNow();
        }

        List<SimulatedCall> log = simulator.log();
        assertThat(log).hasSize(1500).allMatch(SimulatedCall::isAnswered);
        assertThat(log)
                .extracting(SimulatedCall::number)
                .doesNotHaveDuplicates()
                .isSorted();
        for (String provider : SimulatorScript.PROVIDERS) {
            BigInteger sum = log.stream()
                    .filter(call -> call.provider().equals(provider))
                    .map(call -> BigInteger.valueOf(call.billedPicoUsd()))
                    .reduce(BigInteger.ZERO, BigInteger::add);
            assertThat(simulator.billed(provider)).as(provider).isEqualTo(sum);
        }
    }

    @Test
    void clearsCallsAndSumsTogether() throws Exception {
        client.claude(false);
        simulator.clearLog();
        assertThat(simulator.log()).isEmpty();
        assertThat(simulator.billed()).isZero();
        client.claude(true);
        assertThat(simulator.log()).singleElement().satisfies(call -> {
            assertThat(call.number()).isEqualTo(2);
            assertThat(BigInteger.valueOf(call.billedPicoUsd())).isEqualTo(simulator.billed());
        });
    }

    private static JsonNode last(String body, int fromEnd) {
        List<JsonNode> events = SimulatorClient.events(JsonShape.oneLine(body));
        return events.get(events.size() - fromEnd);
    }

    private static BigDecimal perMillion(long tokens, String usd) {
        return new BigDecimal(usd)
                .multiply(BigDecimal.valueOf(tokens))
                .movePointLeft(6)
                .setScale(5, RoundingMode.HALF_UP);
    }
}
