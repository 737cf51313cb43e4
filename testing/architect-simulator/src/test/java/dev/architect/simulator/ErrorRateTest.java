package dev.architect.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.simulator.log.CallAction;
import dev.architect.simulator.log.SimulatedCall;
import dev.architect.simulator.script.ErrorRate;
import dev.architect.simulator.script.SimulatorScript;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class ErrorRateTest extends SimulatorCases {

    static final List<String> PROVIDERS = SimulatorScript.PROVIDERS;

    private void fail(String provider, ErrorRate... errors) {
        simulator.update(script -> script.with(provider, p -> p.withErrors(errors)));
    }

    @ParameterizedTest
    @CsvSource({"claude", "openai", "perplexity"})
    void statesADelayInAHeader(String provider) throws Exception {
        fail(provider, ErrorRate.rateLimited(1, Duration.ofMillis(1200)));

        HttpResponse<String> response = client.call(provider, true);

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValue("retry-after"))
                .as("rounded up")
                .contains("2");
        assertThat(simulator.log()).extracting(SimulatedCall::action).containsExactly(CallAction.RATE_LIMITED);
    }

    @Test
    void statesADelayInTheBodyOfGemini() throws Exception {
        fail("gemini", ErrorRate.rateLimited(1, Duration.ofMillis(34_400)));

        HttpResponse<String> response = client.gemini(false);

        assertThat(response.headers().firstValue("retry-after")).isEmpty();
        JsonNode details = SimulatorClient.json(response).at("/error/details");
        assertThat(details.findValue("retryDelay").asText()).isEqualTo("34.4s");
        assertThat(details.findValue("quotaId").asText()).contains("PerMinute");
    }

    @Test
    void statesTheDelayInTheMessageOfOpenAi() throws Exception {
        fail("openai", ErrorRate.rateLimited(1, Duration.ofMillis(174)));
        assertThat(client.openAi(false).body()).contains("Please try again in 174ms.", "rate_limit_exceeded");
    }

    @ParameterizedTest
    @CsvSource({
        "claude, 529, overloaded_error, OVERLOADED",
        "claude, 500, api_error, SERVER_ERROR",
        "openai, 503, server_is_overloaded, OVERLOADED",
        "gemini, 503, UNAVAILABLE, OVERLOADED",
        "ollama, 503, server busy, OVERLOADED",
        "anythingllm, 500, abort, SERVER_ERROR",
        "perplexity, 504, gateway_timeout, SERVER_ERROR"
    })
    void failsWithTheErrorBodyOfTheProvider(String provider, int status, String word, CallAction action)
            throws Exception {
        fail(provider, ErrorRate.of(status, 1));

        HttpResponse<String> response = client.call(provider, false);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).contains(word);
        assertThat(simulator.log()).singleElement().satisfies(call -> {
            assertThat(call.action()).isEqualTo(action);
            assertThat(call.model()).isNotEmpty();
            assertThat(call.promptTokens()).isZero();
        });
        assertThat(simulator.billed()).isZero();
    }

    @Test
    void failsTheConfiguredShareOfCalls() throws Exception {
        fail("ollama", ErrorRate.of(500, 0.2), ErrorRate.of(503, 0.3));
        for (int i = 0; i < 1000; i++) {
            client.ollama(false);
        }
        assertThat(count(CallAction.SERVER_ERROR)).isBetween(150L, 250L);
        assertThat(count(CallAction.OVERLOADED)).isBetween(240L, 360L);
        assertThat(count(CallAction.OK)).isBetween(420L, 580L);
    }

    @Test
    void doesNotFailProbes() throws Exception {
        fail("claude", ErrorRate.of(529, 1));
        assertThat(client.get("claude", "/v1/models").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @FieldSource("PROVIDERS")
    void failsStreamsHalfWayInsideHttp200(String provider) throws Exception {
        client.call(provider, true);
        fail(provider, ErrorRate.midStream(500, 1));

        HttpResponse<String> response = client.call(provider, true);

        assertThat(response.statusCode()).isEqualTo(200);
        List<JsonNode> events = SimulatorClient.events(response.body());
        JsonNode failed = events.get(events.size() - (provider.equals("anythingllm") ? 2 : 1));
        assertThat(failed.path("error").isMissingNode()).as(failed.toString()).isFalse();
        assertThat(response.body()).doesNotContain("[DONE]", "message_stop", "response.completed", "\"done\":true");
        List<SimulatedCall> log = simulator.log();
        assertThat(log.get(1).action()).isEqualTo(CallAction.SERVER_ERROR);
        assertThat(log.get(1).outputTokens()).isPositive().isLessThan(log.get(0).outputTokens());
        assertThat(client.call(provider, false).statusCode()).as("plain").isEqualTo(500);
    }

    @Test
    void endsAFailedStreamOfAnythingLlmNormally() throws Exception {
        fail("anythingllm", ErrorRate.midStream(500, 1));
        List<JsonNode> events = SimulatorClient.events(client.anythingLlm(true).body());
        assertThat(events.get(events.size() - 2).path("type").asText()).isEqualTo("abort");
        assertThat(events.get(events.size() - 1).path("type").asText()).isEqualTo("finalizeResponseStream");
        assertThat(events.get(events.size() - 1).path("error").booleanValue()).isFalse();
    }

    @Test
    void limitsCallsPerMinute() throws Exception {
        simulator.update(script -> script.with("openai", p -> p.withRequestsPerMinute(2)));

        HttpResponse<String> first = client.openAi(false);
        HttpResponse<String> second = client.openAi(false);
        HttpResponse<String> third = client.openAi(false);

        assertThat(first.headers().firstValue("x-ratelimit-limit-requests")).contains("2");
        assertThat(first.headers().firstValue("x-ratelimit-remaining-requests")).contains("1");
        assertThat(second.headers().firstValue("x-ratelimit-remaining-requests"))
                .contains("0");
        assertThat(third.statusCode()).isEqualTo(429);
        assertThat(third.headers()
                        .firstValue("retry-after")
                        .map(Integer::parseInt)
                        .orElseThrow())
                .isBetween(1, 60);
    }

    private long count(CallAction action) {
        return simulator.log().stream().filter(call -> call.action() == action).count();
    }
}
