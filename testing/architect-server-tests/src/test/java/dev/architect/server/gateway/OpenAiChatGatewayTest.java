package dev.architect.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.cost.LedgerEntry;
import dev.architect.server.gateway.GatewayFixture.StreamEvent;
import dev.architect.simulator.log.SimulatedCall;
import dev.architect.simulator.script.Latency;
import dev.architect.spi.TimeSource;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Chat completions in the form that OpenAI's clients send and read. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OpenAiChatGatewayTest {

    private static final String WEATHER = """
            "tools":[{"type":"function","function":{"name":"get_weather","description":"The weather.",
            "parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],
            "additionalProperties":false}}}]""";

    private GatewayFixture gateway;

    @BeforeAll
    void start() {
        gateway = new GatewayFixture();
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @Test
    void answersWholeWithModelCostAndRoute() {
        HttpResponse<String> response = gateway.chat("""
                {"model":"auto","messages":[{"role":"system","content":"Be short."},{"role":"user","content":"Hello."}]}""");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode answer = GatewayFixture.json(response);
        assertThat(answer.get("object").textValue()).isEqualTo("chat.completion");
        JsonNode choice = answer.get("choices").get(0);
        assertThat(choice.get("message").get("role").textValue()).isEqualTo("assistant");
        assertThat(choice.get("message").get("content").textValue()).isNotBlank();
        assertThat(choice.get("finish_reason").textValue()).isEqualTo("stop");
        assertThat(answer.get("usage").get("total_tokens").longValue())
                .isEqualTo(answer.get("usage").get("prompt_tokens").longValue()
                        + answer.get("usage").get("completion_tokens").longValue())
                .isPositive();
        assertThat(GatewayFixture.header(response, "architect-model"))
                .isEqualTo(answer.get("model").textValue());
        assertThat(GatewayFixture.header(response, "architect-provider")).isNotBlank();
        assertThat(GatewayFixture.header(response, "architect-attempts")).isEqualTo("1");
        assertThat(GatewayFixture.header(response, "architect-route")).isEqualTo("chosen by the policy");
        assertThat(GatewayFixture.header(response, "architect-cost-usd")).matches("[0-9.]+");
        assertThat(answer.get("id").textValue())
                .isEqualTo("chatcmpl-" + GatewayFixture.header(response, "x-request-id"));
    }

    @Test
    void everyAnswerIsInTheLedgerUnderItsRequestId() {
        HttpResponse<String> response = gateway.post(
                gateway.openAi("/v1/chat/completions")
                        .header("architect-project", "billing")
                        .header("architect-tags", "team=blue, stage=test"),
                """
                {"model":"auto","user":"u-17","metadata":{"ticket":"T-1"},"messages":[{"role":"user","content":"Hi."}]}""");

        String id = GatewayFixture.header(response, "x-request-id");
        LedgerEntry entry = gateway.ledger(id).get(0);
        assertThat(entry.origin().attribution().project().name()).isEqualTo("billing");
        assertThat(entry.origin().attribution().user()).contains("u-17");
        assertThat(entry.origin().attribution().tags())
                .containsEntry("team", "blue")
                .containsEntry("stage", "test")
                .containsEntry("ticket", "T-1");
        assertThat(entry.charge().cost().amount()).isPresent();
    }

    @Test
    void aModelIsPinnedByItsNameAndByProviderAndName() {
        String plain = "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello.\"}]}";

        HttpResponse<String> byName = gateway.chat(plain);
        HttpResponse<String> byBoth = gateway.chat(plain.replace("gpt-4o-mini", "claude/claude-haiku-4-5"));

        assertThat(GatewayFixture.header(byName, "architect-provider")).isEqualTo("openai");
        assertThat(GatewayFixture.header(byName, "architect-route")).isEqualTo("named by the request");
        assertThat(GatewayFixture.header(byBoth, "architect-provider")).isEqualTo("claude");
        assertThat(GatewayFixture.header(byBoth, "architect-model")).isEqualTo("claude-haiku-4-5");
    }

    @Test
    void theVariantsOfAutoDifferInWhatTheyWant() {
        String ask = "{\"model\":\"MODEL\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello.\"}]}";

        HttpResponse<String> cheap = gateway.chat(ask.replace("MODEL", "auto:cheap"));
        HttpResponse<String> best = gateway.chat(ask.replace("MODEL", "auto:best"));
        HttpResponse<String> fast = gateway.chat(ask.replace("MODEL", "auto:fast"));

        assertThat(new BigDecimal(GatewayFixture.header(cheap, "architect-cost-usd")))
                .isLessThan(new BigDecimal(GatewayFixture.header(best, "architect-cost-usd")));
        assertThat(GatewayFixture.header(best, "architect-route")).isEqualTo("chosen by the policy for quality high");
        assertThat(fast.statusCode()).as(fast.body()).isEqualTo(200);
    }

    @Test
    void aRequestMayWantThatNothingOfItIsKept(@TempDir Path folder) throws IOException {
        String ask = "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello.\"}]}";
        Path policy = Files.writeString(folder.resolve("policy.yaml"), """
                baseline: openai/gpt-4o-mini
                cache: {maxEntries: 10, ttl: 10m}
                floors:
                  complexity: {simple: 0, medium: 0, complex: 0}
                  quality: {basic: 0, standard: 0, high: 0}
                models:
                  - {model: openai/gpt-4o-mini, quality: 66, maxConcurrent: 8, contextTokens: 128000}
                """);
        try (GatewayFixture cached = new GatewayFixture(TimeSource.system(), Optional.of(policy))) {
            List<String> attempts = new ArrayList<>();
            for (String wish : List.of("true", "false", "false", "true")) {
                HttpResponse<String> answer =
                        cached.post(cached.openAi("/v1/chat/completions").header("architect-no-store", wish), ask);
                attempts.add(GatewayFixture.header(answer, "architect-attempts"));
            }

            assertThat(attempts).containsExactly("1", "1", "0", "1");
        }
    }

    @Test
    void theOverheadIsTheTimeThatWasNotTheProviders() {
        String ask = "{\"model\":\"openai/gpt-4o-mini\",\"stream\":STREAM,"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"Hello.\"}]}";
        try (GatewayFixture slow = new GatewayFixture()) {
            slow.simulator.update(
                    script -> script.with("openai", one -> one.withLatency(Latency.fixed(Duration.ofMillis(700)))));
            for (String streamed : List.of("false", "true")) {
                long sent = System.nanoTime();
                HttpResponse<String> answer = slow.chat(ask.replace("STREAM", streamed));
                double wholeMillis = (System.nanoTime() - sent) / 1e6;

                double overhead = Double.parseDouble(GatewayFixture.header(answer, "architect-overhead-ms"));
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(overhead).isPositive().isLessThanOrEqualTo(wholeMillis - 700);
            }
        }
    }

    @Test
    void aRequestMayCostNoMoreThanItsHeaderAllows() {
        String ask = "{\"model\":\"MODEL\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello.\"}]}";

        HttpResponse<String> enough = gateway.post(
                gateway.openAi("/v1/chat/completions").header("architect-max-cost-usd", "0.01"),
                ask.replace("MODEL", "gpt-4o-mini"));
        HttpResponse<String> tooLittle = gateway.post(
                gateway.openAi("/v1/chat/completions").header("architect-max-cost-usd", "0.0000001"),
                ask.replace("MODEL", "gpt-4o-mini"));

        assertThat(enough.statusCode()).as(enough.body()).isEqualTo(200);
        assertThat(tooLittle.statusCode()).as(tooLittle.body()).isEqualTo(429);
        assertThat(GatewayFixture.json(tooLittle).at("/error/code").textValue()).isEqualTo("insufficient_quota");
    }

    @Test
    void streamsChunksThatEndWithDone() {
        HttpResponse<String> response = gateway.chat("""
                {"model":"auto","stream":true,"stream_options":{"include_usage":true},
                "messages":[{"role":"user","content":"Tell me about queues."}]}""");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(GatewayFixture.header(response, "content-type")).startsWith("text/event-stream");
        assertThat(GatewayFixture.header(response, "architect-provider")).isNotBlank();
        List<StreamEvent> events = GatewayFixture.events(response);
        assertThat(events).extracting(StreamEvent::name).containsOnly("");
        assertThat(events.get(events.size() - 1).data()).isEqualTo("[DONE]");
        List<JsonNode> chunks = events.subList(0, events.size() - 1).stream()
                .map(StreamEvent::json)
                .toList();
        assertThat(chunks.get(0).at("/choices/0/delta/role").textValue()).isEqualTo("assistant");
        assertThat(text(chunks)).isNotBlank();
        JsonNode usage = chunks.get(chunks.size() - 1);
        assertThat(usage.get("choices")).isEmpty();
        assertThat(usage.at("/usage/completion_tokens").longValue()).isPositive();
        assertThat(chunks.get(chunks.size() - 2).at("/choices/0/finish_reason").textValue())
                .isEqualTo("stop");
        assertThat(chunks.subList(0, chunks.size() - 1))
                .allSatisfy(chunk -> assertThat(chunk.get("usage").isNull()).isTrue());
    }

    @Test
    void aStreamedAnswerHasTheTextOfTheWholeOne() {
        String whole = "{\"model\":\"openai/gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Compare.\"}]";

        JsonNode answer = GatewayFixture.json(gateway.chat(whole + "}"));
        List<StreamEvent> events = GatewayFixture.events(gateway.chat(whole + ",\"stream\":true}"));

        List<JsonNode> chunks = events.subList(0, events.size() - 1).stream()
                .map(StreamEvent::json)
                .toList();
        assertThat(text(chunks))
                .isEqualTo(answer.at("/choices/0/message/content").textValue());
        assertThat(chunks).noneMatch(chunk -> chunk.has("usage"));
    }

    @Test
    void detailsComeInACommentAtTheEndOfAStream() {
        HttpResponse<String> response = gateway.post(
                gateway.openAi("/v1/chat/completions").header("architect-details", "true"),
                "{\"model\":\"auto\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello.\"}]}");

        String line = response.body()
                .lines()
                .filter(one -> one.startsWith(": architect "))
                .findFirst()
                .orElseThrow();
        JsonNode details = GatewayFixture.json(line.substring(": architect ".length()));
        assertThat(details.get("requestId").textValue()).isEqualTo(GatewayFixture.header(response, "x-request-id"));
        assertThat(details.get("costUsd").decimalValue()).isNotNegative();
        assertThat(response.body()).endsWith("data: [DONE]\n\n");
    }

    @Test
    void toolCallsRoundTripWithUnchangedIdsAndArguments() {
        for (String model : List.of("openai/gpt-4o-mini", "claude/claude-haiku-4-5")) {
            String ask = "{\"model\":\"" + model + "\"," + WEATHER
                    + ",\"messages\":[{\"role\":\"user\",\"content\":\"Call get_weather for Bern.\"}";
            JsonNode answer = GatewayFixture.json(gateway.chat(ask + "]}"));

            assertThat(answer.at("/choices/0/finish_reason").textValue()).isEqualTo("tool_calls");
            JsonNode message = answer.at("/choices/0/message");
            JsonNode call = message.at("/tool_calls/0");
            assertThat(call.at("/function/name").textValue()).isEqualTo("get_weather");

            HttpResponse<String> end = gateway.chat(ask + "," + message + ",{\"role\":\"tool\",\"tool_call_id\":\""
                    + call.get("id").textValue() + "\",\"content\":\"Sunny.\"}]}");
            assertThat(end.statusCode()).as(end.body()).isEqualTo(200);
            assertThat(GatewayFixture.json(end).at("/choices/0/finish_reason").textValue())
                    .isEqualTo("stop");
        }
    }

    @Test
    void streamedToolCallsHaveTheArgumentsOfWholeOnes() {
        String ask = "{\"model\":\"openai/gpt-4o-mini\"," + WEATHER
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"Call get_weather for Bern.\"}]";

        JsonNode whole = GatewayFixture.json(gateway.chat(ask + "}")).at("/choices/0/message/tool_calls/0/function");
        List<StreamEvent> events = GatewayFixture.events(gateway.chat(ask + ",\"stream\":true}"));

        List<JsonNode> deltas = events.subList(0, events.size() - 1).stream()
                .map(event -> event.json().at("/choices/0/delta/tool_calls/0"))
                .filter(delta -> !delta.isMissingNode())
                .toList();
        assertThat(deltas).hasSize(1);
        assertThat(deltas.get(0).get("index").intValue()).isZero();
        assertThat(deltas.get(0).get("id").textValue()).isNotBlank();
        assertThat(deltas.get(0).get("function")).isEqualTo(whole);
    }

    @Test
    void imagesReachTheProvider() {
        HttpResponse<String> response = gateway.chat("""
                {"model":"openai/gpt-4o-mini","messages":[{"role":"user","content":[{"type":"text","text":"What is it?"},
                {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]}]}""");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        List<SimulatedCall> calls = gateway.calls();
        assertThat(calls.get(calls.size() - 1).mediaParts()).isEqualTo(1);
    }

    @Test
    void whatIsIgnoredIsListed() {
        HttpResponse<String> response = gateway.chat("""
                {"model":"auto","seed":7,"store":true,"n":1,"top_p":1,"logprobs":false,
                "messages":[{"role":"user","content":"Hello."}]}""");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(GatewayFixture.header(response, "architect-ignored").split(", ", -1))
                .containsExactlyInAnyOrder("seed", "store");
    }

    private static String text(List<JsonNode> chunks) {
        StringBuilder text = new StringBuilder();
        chunks.forEach(chunk -> text.append(chunk.at("/choices/0/delta/content").asText("")));
        return text.toString();
    }
}
