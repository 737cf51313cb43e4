package dev.architect.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.server.gateway.GatewayFixture.StreamEvent;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Responses in the form that OpenAI's clients send and read. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OpenAiResponsesGatewayTest {

    private static final String WEATHER = """
            "tools":[{"type":"function","name":"get_weather","description":"The weather.","strict":true,
            "parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],
            "additionalProperties":false}}]""";

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
    void answersWhole() {
        HttpResponse<String> response =
                gateway.responses("{\"model\":\"auto\",\"instructions\":\"Be short.\",\"input\":\"Hello.\"}");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode answer = GatewayFixture.json(response);
        assertThat(answer.get("object").textValue()).isEqualTo("response");
        assertThat(answer.get("status").textValue()).isEqualTo("completed");
        assertThat(answer.get("store").booleanValue()).isFalse();
        assertThat(answer.at("/output/0/content/0/text").textValue()).isNotBlank();
        assertThat(answer.at("/usage/input_tokens").longValue()).isPositive();
        assertThat(answer.get("id").textValue()).isEqualTo("resp_" + GatewayFixture.header(response, "x-request-id"));
    }

    @Test
    void streamsNumberedEventsWhoseLastHoldsTheWholeResponse() {
        HttpResponse<String> response = gateway.responses(
                "{\"model\":\"openai/gpt-4o-mini\",\"stream\":true,\"input\":\"Compare two lists.\"}");

        List<StreamEvent> events = GatewayFixture.events(response);
        List<JsonNode> data = events.stream().map(StreamEvent::json).toList();
        assertThat(data.stream().map(one -> one.get("sequence_number").intValue()))
                .containsExactlyElementsOf(
                        IntStream.range(0, data.size()).boxed().toList());
        assertThat(events.stream().map(StreamEvent::name).distinct())
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.completed");
        JsonNode whole = data.get(data.size() - 1).get("response");
        String deltas = data.stream()
                .filter(one -> one.get("type").textValue().equals("response.output_text.delta"))
                .map(one -> one.get("delta").textValue())
                .reduce("", String::concat);
        assertThat(whole.at("/output/0/content/0/text").textValue())
                .isEqualTo(deltas)
                .isNotBlank();
        assertThat(whole.at("/usage/output_tokens").longValue()).isPositive();
    }

    @Test
    void toolCallsRoundTripWholeAndStreamed() {
        String ask = "{\"model\":\"openai/gpt-4o-mini\"," + WEATHER
                + ",\"input\":[{\"role\":\"user\",\"content\":\"Call get_weather for Bern.\"}";

        JsonNode call = GatewayFixture.json(gateway.responses(ask + "]}")).at("/output/0");
        assertThat(call.get("type").textValue()).isEqualTo("function_call");
        List<StreamEvent> events = GatewayFixture.events(gateway.responses(ask + "],\"stream\":true}"));
        JsonNode streamed = events.get(events.size() - 1).json().at("/response/output/0");
        assertThat(streamed.get("arguments")).isEqualTo(call.get("arguments"));

        HttpResponse<String> end = gateway.responses(ask + "," + call
                + ",{\"type\":\"function_call_output\",\"call_id\":\""
                + call.get("call_id").textValue()
                + "\",\"output\":\"Sunny.\"}]}");
        assertThat(end.statusCode()).as(end.body()).isEqualTo(200);
        assertThat(GatewayFixture.json(end).at("/output/0/type").textValue()).isEqualTo("message");
    }

    @Test
    void reasoningGoesBackWithItsProof() {
        String ask = "{\"model\":\"claude/claude-sonnet-4-6\",\"reasoning\":{\"effort\":\"medium\"},"
                + "\"include\":[\"reasoning.encrypted_content\"],\"input\":[{\"role\":\"user\",\"content\":\"Think.\"}";
        HttpResponse<String> first = gateway.responses(ask + "]}");
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        JsonNode output = GatewayFixture.json(first).get("output");
        String items = output.toString();

        HttpResponse<String> next = gateway.responses(
                ask + "," + items.substring(1, items.length() - 1) + ",{\"role\":\"user\",\"content\":\"Go on.\"}]}");

        assertThat(output.get(0).get("type").textValue()).isEqualTo("reasoning");
        assertThat(output.get(0).get("encrypted_content").textValue()).startsWith("claude|");
        assertThat(next.statusCode()).as(next.body()).isEqualTo(200);
    }

    @Test
    void anAnswerThatReachedItsLimitIsIncomplete() {
        JsonNode answer = GatewayFixture.json(gateway.responses(
                "{\"model\":\"claude/claude-haiku-4-5\",\"max_output_tokens\":3,\"input\":\"Tell me everything.\"}"));

        assertThat(answer.get("status").textValue()).isEqualTo("incomplete");
        assertThat(answer.at("/incomplete_details/reason").textValue()).isEqualTo("max_output_tokens");
    }

    @Test
    void countsTokens() {
        JsonNode count = GatewayFixture.json(gateway.post(
                gateway.openAi("/v1/responses/input_tokens"), "{\"model\":\"auto\",\"input\":\"Hello you.\"}"));

        assertThat(count.get("object").textValue()).isEqualTo("response.input_tokens");
        assertThat(count.get("input_tokens").longValue()).isPositive();
    }

    @Test
    void aStructuredAnswerIsJson() {
        JsonNode answer = GatewayFixture.json(gateway.responses("""
                {"model":"openai/gpt-4o-mini","input":"Give me a city.","text":{"format":{"type":"json_schema","name":"city",
                "strict":true,"schema":{"type":"object","properties":{"name":{"type":"string"}},"required":["name"],
                "additionalProperties":false}}}}"""));

        assertThat(GatewayFixture.json(answer.at("/output/0/content/0/text").textValue())
                        .get("name")
                        .isTextual())
                .isTrue();
    }
}
