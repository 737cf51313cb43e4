package dev.architect.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.server.gateway.GatewayFixture.StreamEvent;
import dev.architect.simulator.log.SimulatedCall;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Messages in the form that Anthropic's clients send and read. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AnthropicGatewayTest {

    private static final String WEATHER = """
            "tools":[{"name":"get_weather","description":"The weather.","input_schema":{"type":"object",
            "properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}}]""";

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
    void answersWholeWithUsage() {
        HttpResponse<String> response = gateway.messages("""
                {"model":"auto","max_tokens":500,"system":"Be short.","metadata":{"user_id":"u-3"},
                "messages":[{"role":"user","content":"Hello."}]}""");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode answer = GatewayFixture.json(response);
        assertThat(answer.get("type").textValue()).isEqualTo("message");
        assertThat(answer.get("role").textValue()).isEqualTo("assistant");
        assertThat(answer.at("/content/0/type").textValue()).isEqualTo("text");
        assertThat(answer.at("/content/0/text").textValue()).isNotBlank();
        assertThat(answer.get("stop_reason").textValue()).isEqualTo("end_turn");
        assertThat(answer.at("/usage/input_tokens").longValue()).isPositive();
        assertThat(answer.at("/usage/output_tokens").longValue()).isPositive();
        String id = GatewayFixture.header(response, "request-id");
        assertThat(answer.get("id").textValue()).isEqualTo("msg_" + id);
        assertThat(gateway.ledger(id).get(0).origin().attribution().user()).contains("u-3");
    }

    @Test
    void theTokenIsAlsoTakenAsABearer() {
        HttpResponse<String> response = gateway.post(
                gateway.openAi("/v1/messages"),
                "{\"model\":\"auto\",\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"Hello.\"}]}");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    @Test
    void streamsTheEventsOfAMessage() {
        String ask = "{\"model\":\"openai/gpt-4o-mini\",\"max_tokens\":900,"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"Compare two lists.\"}]";

        JsonNode whole = GatewayFixture.json(gateway.messages(ask + "}"));
        HttpResponse<String> response = gateway.messages(ask + ",\"stream\":true}");

        List<StreamEvent> events = GatewayFixture.events(response);
        assertThat(events)
                .allSatisfy(event -> assertThat(event.name())
                        .isEqualTo(event.json().get("type").textValue()));
        assertThat(new ArrayList<>(
                        events.stream().map(StreamEvent::name).distinct().toList()))
                .containsExactly(
                        "message_start",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop");
        assertThat(text(events)).isEqualTo(whole.at("/content/0/text").textValue());
        JsonNode end = events.get(events.size() - 2).json();
        assertThat(end.at("/delta/stop_reason").textValue()).isEqualTo("end_turn");
        assertThat(end.at("/usage/output_tokens")).isEqualTo(whole.at("/usage/output_tokens"));
        assertThat(response.body()).doesNotContain("[DONE]");
        assertThat(GatewayFixture.header(response, "architect-provider")).isEqualTo("openai");
    }

    @Test
    void toolCallsRoundTripWithUnchangedIdsAndArguments() {
        for (String model : List.of("openai/gpt-4o-mini", "claude/claude-haiku-4-5", "gemini/gemini-2.5-flash-lite")) {
            String ask = "{\"model\":\"" + model + "\",\"max_tokens\":500," + WEATHER
                    + ",\"messages\":[{\"role\":\"user\",\"content\":\"Call get_weather for Bern.\"}";
            HttpResponse<String> first = gateway.messages(ask + "]}");
            assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
            JsonNode answer = GatewayFixture.json(first);

            assertThat(answer.get("stop_reason").textValue()).isEqualTo("tool_use");
            JsonNode call = last(answer.get("content"));
            assertThat(call.get("type").textValue()).isEqualTo("tool_use");
            assertThat(call.get("input").get("city").isTextual()).isTrue();

            HttpResponse<String> end = gateway.messages(ask + ",{\"role\":\"assistant\",\"content\":"
                    + answer.get("content")
                    + "},{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\""
                    + call.get("id").textValue() + "\",\"content\":[{\"type\":\"text\",\"text\":\"Sunny.\"}]}]}]}");
            assertThat(end.statusCode()).as(end.body()).isEqualTo(200);
            assertThat(GatewayFixture.json(end).get("stop_reason").textValue()).isEqualTo("end_turn");
        }
    }

    @Test
    void streamedToolCallsHaveTheInputOfWholeOnes() {
        String ask = "{\"model\":\"claude/claude-haiku-4-5\",\"max_tokens\":500," + WEATHER
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"Call get_weather for Bern.\"}]";

        JsonNode whole = last(GatewayFixture.json(gateway.messages(ask + "}")).get("content"));
        List<StreamEvent> events = GatewayFixture.events(gateway.messages(ask + ",\"stream\":true}"));

        String partial = events.stream()
                .map(event -> event.json().at("/delta/partial_json").asText(""))
                .reduce("", String::concat);
        assertThat(GatewayFixture.json(partial)).isEqualTo(whole.get("input"));
        assertThat(events)
                .anySatisfy(event -> assertThat(
                                event.json().at("/delta/stop_reason").asText())
                        .isEqualTo("tool_use"));
    }

    @Test
    void reasoningComesBackWithItsProofWholeAndStreamed() {
        String ask = "{\"model\":\"claude/claude-sonnet-4-6\",\"max_tokens\":9000,"
                + "\"output_config\":{\"effort\":\"high\"},\"messages\":[{\"role\":\"user\",\"content\":\"Think.\"}";

        HttpResponse<String> first = gateway.messages(ask + "]}");
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        JsonNode whole = GatewayFixture.json(first).at("/content/0");
        assertThat(whole.get("type").textValue()).isEqualTo("thinking");
        assertThat(whole.get("signature").textValue()).startsWith("claude|");
        List<StreamEvent> events = GatewayFixture.events(gateway.messages(ask + "],\"stream\":true}"));
        assertThat(events.stream()
                        .map(event -> event.json().at("/delta/thinking").asText(""))
                        .reduce("", String::concat))
                .isEqualTo(whole.get("thinking").textValue());
        assertThat(events)
                .anySatisfy(
                        event -> assertThat(event.json().at("/delta/signature").asText())
                                .isEqualTo(whole.get("signature").textValue()));

        HttpResponse<String> next = gateway.messages(ask + ",{\"role\":\"assistant\",\"content\":"
                + GatewayFixture.json(first).get("content") + "},{\"role\":\"user\",\"content\":\"Go on.\"}]}");
        assertThat(next.statusCode()).as(next.body()).isEqualTo(200);
    }

    @Test
    void imagesAndDocumentsReachTheProvider() {
        HttpResponse<String> response = gateway.messages("""
                {"model":"claude/claude-haiku-4-5","max_tokens":100,"messages":[{"role":"user","content":[
                {"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}},
                {"type":"document","title":"a.pdf","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi0="}},
                {"type":"text","text":"What is it?"}]}]}""");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        List<SimulatedCall> calls = gateway.calls();
        assertThat(calls.get(calls.size() - 1).mediaParts()).isEqualTo(2);
    }

    @Test
    void marksOfCachedPromptsAreFollowedForANamedModelAndListedForAuto() {
        String prompt = "long ".repeat(3_000);
        String ask = "{\"model\":\"MODEL\",\"max_tokens\":100,\"system\":[{\"type\":\"text\",\"text\":\"" + prompt
                + "\",\"cache_control\":{\"type\":\"ephemeral\"}}],\"messages\":[{\"role\":\"user\",\"content\":\"Hello.\"}]}";

        HttpResponse<String> named = gateway.messages(ask.replace("MODEL", "claude/claude-haiku-4-5"));
        HttpResponse<String> auto = gateway.messages(ask.replace("MODEL", "auto"));

        assertThat(GatewayFixture.json(named)
                        .at("/usage/cache_creation_input_tokens")
                        .longValue())
                .as(named.body())
                .isPositive();
        assertThat(GatewayFixture.header(named, "architect-ignored")).isEmpty();
        assertThat(auto.statusCode()).as(auto.body()).isEqualTo(200);
        assertThat(GatewayFixture.header(auto, "architect-ignored")).isEqualTo("system[0].cache_control");
    }

    @Test
    void countsTokensWithoutACallOfAModel() {
        int before = gateway.calls().size();

        HttpResponse<String> response = gateway.post(
                gateway.anthropic("/v1/messages/count_tokens"),
                "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"" + "word ".repeat(400) + "\"}]}");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(GatewayFixture.json(response).get("input_tokens").longValue())
                .isBetween(300L, 800L);
        assertThat(GatewayFixture.header(response, "architect-count")).isEqualTo("estimate");
        assertThat(gateway.calls()).hasSize(before);
    }

    @Test
    void theProviderOfANamedModelCountsItsTokens() {
        HttpResponse<String> response = gateway.post(
                gateway.anthropic("/v1/messages/count_tokens"),
                "{\"model\":\"claude/claude-haiku-4-5\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello.\"}]}");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(GatewayFixture.header(response, "architect-count")).isEqualTo("provider");
        assertThat(GatewayFixture.header(response, "architect-model")).isEqualTo("claude-haiku-4-5");
        assertThat(gateway.simulator.log()).anyMatch(call -> call.path().endsWith("count_tokens"));
    }

    @Test
    void listsModelsInItsOwnForm() {
        JsonNode all = GatewayFixture.json(gateway.send(gateway.anthropic("/v1/models")));

        assertThat(all.get("has_more").booleanValue()).isFalse();
        assertThat(all.get("data"))
                .allSatisfy(model -> assertThat(model.get("type").textValue()).isEqualTo("model"));
        assertThat(all.get("data").findValuesAsText("id"))
                .startsWith("auto")
                .contains("claude-haiku-4-5", "claude/claude-haiku-4-5");
        JsonNode one = GatewayFixture.json(gateway.send(gateway.anthropic("/v1/models/claude-haiku-4-5")));
        assertThat(one.get("display_name").textValue()).isEqualTo("claude-haiku-4-5");
    }

    private static JsonNode last(JsonNode list) {
        return list.get(list.size() - 1);
    }

    private static String text(List<StreamEvent> events) {
        return events.stream()
                .map(event -> event.json().at("/delta/text").asText(""))
                .reduce("", String::concat);
    }
}
