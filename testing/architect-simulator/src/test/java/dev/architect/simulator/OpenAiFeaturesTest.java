package dev.architect.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.log.SimulatedCall;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tools, reasoning, schemas, media, cache breakpoints and vectors on both wires of OpenAI. */
class OpenAiFeaturesTest extends SimulatorCases {

    private static final String SCHEMA = """
            {"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""";
    private static final String NESTED = """
            "tools":[{"type":"function","function":{"name":"weather","parameters":%s}},
                     {"type":"function","function":{"name":"clock"}}]""".formatted(SCHEMA);
    private static final String FLAT = """
            "tools":[{"type":"function","name":"weather","parameters":%s,"strict":false},
                     {"type":"function","name":"clock","parameters":{"type":"object","properties":{}},"strict":false}]""".formatted(SCHEMA);
    private static final String THINKING =
            "\"reasoning\":{\"effort\":\"high\",\"summary\":\"auto\"},\"include\":[\"reasoning.encrypted_content\"]";
    private static final String ASK = "{\"role\":\"user\",\"content\":\"Ask weather Rome and the clock\"}";

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 1000})
    void streamsTheWholeChat(int tokensPerChunk) throws Exception {
        simulator.update(script -> script.with("openai", p -> p.withTokensPerChunk(tokensPerChunk)));
        for (String rest : List.of(NESTED, "\"n\":1", NESTED + ",\"tool_choice\":\"required\"")) {
            JsonNode whole = ok(chat("gpt-4o-mini", ASK, rest)).at("/choices/0");
            JsonNode streamed = assembled(chat("gpt-4o-mini", ASK, rest + ",\"stream\":true"));

            assertThat(streamed.path("content").asText(""))
                    .isEqualTo(whole.at("/message/content").asText(""));
            assertThat(streamed.path("finish_reason")).isEqualTo(whole.path("finish_reason"));
            assertThat(streamed.path("calls").size())
                    .isEqualTo(whole.at("/message/tool_calls").size());
            for (int i = 0; i < streamed.path("calls").size(); i++) {
                assertThat(streamed.path("calls").get(i))
                        .isEqualTo(whole.at("/message/tool_calls").get(i).path("function"));
            }
            assertSameCounts();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 1000})
    void streamsTheWholeResponse(int tokensPerChunk) throws Exception {
        simulator.update(script -> script.with("openai", p -> p.withTokensPerChunk(tokensPerChunk)));
        for (String rest : List.of(FLAT, FLAT + "," + THINKING, THINKING, "\"store\":false")) {
            JsonNode whole = ok(respond("gpt-5-nano", ASK, rest));
            List<JsonNode> events = SimulatorClient.events(
                    respond("gpt-5-nano", ASK, rest + ",\"stream\":true").body());

            JsonNode last = events.get(events.size() - 1);
            assertThat(last.path("type").asText()).isEqualTo("response.completed");
            assertThat(withoutIds(last.at("/response/output"))).isEqualTo(withoutIds(whole.path("output")));
            ArrayNode items = SimulatorJson.array();
            StringBuilder reasoning = new StringBuilder();
            for (int i = 0; i < events.size(); i++) {
                JsonNode event = events.get(i);
                assertThat(event.path("sequence_number").asInt()).isEqualTo(i);
                if (event.path("type").asText().equals("response.output_item.done")) {
                    assertThat(event.path("output_index").asInt()).isEqualTo(items.size());
                    items.add(event.path("item"));
                }
                if (event.path("type").asText().equals("response.reasoning_summary_text.delta")) {
                    reasoning.append(event.path("delta").asText());
                }
            }
            assertThat(items).isEqualTo(last.at("/response/output"));
            assertThat(whole.at("/output/0/summary/0/text").asText()).isEqualTo(reasoning.toString());
            assertSameCounts();
        }
    }

    @Test
    void completesTheToolLoopOfChat() throws Exception {
        JsonNode answer = ok(chat("gpt-4o-mini", ASK, NESTED)).at("/choices/0");
        assertThat(answer.path("finish_reason").asText()).isEqualTo("tool_calls");
        assertThat(answer.at("/message/tool_calls/0/function/arguments").asText())
                .isEqualTo("{\"city\":\"Rome\"}");
        assertThat(answer.at("/message/content").isNull()).isTrue();
        String turn = ASK + "," + answer.path("message");
        String first = result(answer, 0);
        String second = result(answer, 1);

        assertThat(ok(chat("gpt-4o-mini", turn + "," + first + "," + second, NESTED))
                        .at("/choices/0/message/content")
                        .asText())
                .contains("result 0", "result 1");

        refused("messages[3].role", null, chat("gpt-4o-mini", turn + "," + first + "," + ASK, NESTED));
        refused("messages.role", null, chat("gpt-4o-mini", turn + "," + first, NESTED));
        refused("messages[1].role", null, chat("gpt-4o-mini", ASK + "," + first, NESTED));
        refused(
                "messages[2].tool_call_id",
                "string_above_max_length",
                chat("gpt-4o-mini", turn + "," + first.replace("\"call_", "\"" + "call_".repeat(9)), NESTED));
    }

    @Test
    void aCallOfTheNamedToolEndsWithStop() throws Exception {
        JsonNode answer = ok(chat(
                        "gpt-4o-mini",
                        ASK,
                        NESTED + ",\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"clock\"}}"))
                .at("/choices/0");

        assertThat(answer.path("finish_reason").asText()).isEqualTo("stop");
        assertThat(answer.at("/message/tool_calls")).hasSize(1);
    }

    @Test
    void completesTheToolLoopOfResponses() throws Exception {
        String rest = FLAT + "," + THINKING;
        ArrayNode output = (ArrayNode) ok(respond("gpt-5-nano", ASK, rest)).path("output");
        assertThat(output.findValuesAsText("type")).containsSubsequence("reasoning", "function_call", "function_call");
        assertThat(simulator.log().get(0).effort()).isEqualTo("high");
        String items = items(output);
        String results = outcome(output, 1) + "," + outcome(output, 2);

        JsonNode last = ok(respond("gpt-5-nano", ASK + "," + items + "," + results, rest));
        assertThat(last.at("/output/1/content/0/text").asText()).contains("result 1", "result 2");

        refused("input", null, respond("gpt-5-nano", ASK + "," + items + "," + outcome(output, 1), rest));
        refused("input", null, respond("gpt-5-nano", ASK + "," + outcome(output, 1), rest));
        ArrayNode thoughtless = output.deepCopy();
        thoughtless.remove(0);
        refused("input", null, respond("gpt-5-nano", ASK + "," + items(thoughtless) + "," + results, rest));
        thoughtless.forEach(item -> ((ObjectNode) item).remove("id"));
        ok(respond("gpt-5-nano", ASK + "," + items(thoughtless) + "," + results, rest));
        refused("input", null, respond("gpt-5-nano", ASK + "," + output.get(0) + "," + ASK, rest));
        refused("input", null, respond("gpt-4o-mini", ASK + "," + items + "," + results, FLAT));
        ((ObjectNode) output.get(0)).put("encrypted_content", "gAAAA");
        refused(
                "input[1].encrypted_content",
                "invalid_encrypted_content",
                respond("gpt-5-nano", ASK + "," + items(output) + "," + results, rest));
    }

    @Test
    void omitsWhatWasNotRequested() throws Exception {
        JsonNode hidden = ok(respond("gpt-5-nano", ASK, "\"reasoning\":{\"effort\":\"low\"}"))
                .at("/output/0");
        assertThat(hidden.path("summary")).isEmpty();
        assertThat(hidden.has("encrypted_content")).isFalse();

        JsonNode none = ok(respond("gpt-5.4", ASK, "\"reasoning\":{\"effort\":\"none\"}"));
        assertThat(none.path("output").findValuesAsText("type")).doesNotContain("reasoning");
        JsonNode counts = ok(chat("gpt-5-nano", ASK, "\"reasoning_effort\":\"high\""))
                .at("/usage/completion_tokens_details/reasoning_tokens");
        assertThat(counts.longValue()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-4o-mini, low, unsupported_parameter",
        "gpt-5-nano, none, unsupported_value",
        "gpt-5.4, minimal, unsupported_value",
        "gpt-5.4, max, unsupported_value",
        "gpt-5.6-terra, minimal, unsupported_value"
    })
    void rejectsUnsupportedEfforts(String model, String effort, String code) throws Exception {
        refused("reasoning_effort", code, chat(model, ASK, "\"reasoning_effort\":\"" + effort + "\""));
        refused("reasoning.effort", code, respond(model, ASK, "\"reasoning\":{\"effort\":\"" + effort + "\"}"));
    }

    @Test
    void lateModelsDoNotReasonAndCallToolsInOneChat() throws Exception {
        refused("reasoning_effort", null, chat("gpt-5.4", ASK, NESTED));
        refused("reasoning_effort", null, chat("gpt-5.6-terra", ASK, NESTED + ",\"reasoning_effort\":\"low\""));
        ok(chat("gpt-5.6-terra", ASK, NESTED + ",\"reasoning_effort\":\"none\""));
        ok(respond("gpt-5.6-terra", ASK, FLAT + "," + THINKING));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"colour\":1 | colour | unknown_parameter",
                "\"temperature\":\"hot\" | temperature | invalid_type",
                "\"stream\":\"yes\" | stream | invalid_type",
                "\"stream_options\":{\"include_usage\":true} | stream_options | ",
                "\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"] | stop | array_above_max_length",
                "\"service_tier\":\"cheap\" | service_tier | invalid_value",
                "\"max_completion_tokens\":0 | max_completion_tokens | integer_below_min_value",
                "\"tool_choice\":\"auto\" | tool_choice | ",
                "\"tools\":[{\"type\":\"function\",\"name\":\"x\"}] | tools[0].name | unknown_parameter",
                "\"tools\":[{\"type\":\"function\",\"function\":{}}] | tools[0].function.name | missing_required_parameter",
                "\"prompt_cache_options\":{\"mode\":\"explicit\"} | prompt_cache_options | unsupported_parameter",
                "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\",\"schema\":{\"type\":\"object\"},\"strict\":true}} | response_format | invalid_json_schema"
            })
    void rejectsMalformedChats(String field, String param, String code) throws Exception {
        refused(param, code, chat("gpt-4o-mini", ASK, field));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"messages\":[] | messages | unknown_parameter",
                "\"max_output_tokens\":15 | max_output_tokens | integer_below_min_value",
                "\"stop\":[\"a\"] | stop | unknown_parameter",
                "\"include\":[\"everything\"] | include[0] | invalid_value",
                "\"include\":[\"reasoning.encrypted_content\"] | include | ",
                "\"reasoning\":{\"summary\":\"auto\"} | reasoning.summary | unsupported_parameter",
                "\"previous_response_id\":\"resp_1\" | previous_response_id | previous_response_not_found",
                "\"tools\":[{\"type\":\"function\",\"function\":{}}] | tools[0].function | unknown_parameter",
                "\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"x\"}} | text.format.schema | missing_required_parameter"
            })
    void rejectsMalformedResponses(String field, String param, String code) throws Exception {
        refused(param, code, respond("gpt-4o-mini", ASK, field));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"role\":\"user\"} | messages[0].content | missing_required_parameter",
                "{\"role\":\"boss\",\"content\":\"x\"} | messages[0].role | invalid_value",
                "{\"role\":\"user\",\"content\":7} | messages[0].content | invalid_type",
                "{\"role\":\"user\",\"content\":\"x\",\"mood\":1} | messages[0].mood | unknown_parameter",
                "{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"x\"}]} | messages[0].content[0].type | invalid_value",
                "{\"role\":\"assistant\"} | messages[0].content | ",
                "{\"role\":\"assistant\",\"tool_calls\":[]} | messages[0].tool_calls | empty_array"
            })
    void rejectsMalformedMessages(String message, String param, String code) throws Exception {
        refused(param, code, chat("gpt-4o-mini", message, "\"n\":1"));
    }

    @Test
    void countsMediaAndRejectsUnsupportedTypes() throws Exception {
        String image = "{\"type\":\"image_url\",\"image_url\":{\"url\":\"%s\"}}";
        String file = "{\"type\":\"file\",\"file\":{\"filename\":\"a\",\"file_data\":\"data:%s;base64,JVBERg==\"}}";

        ok(chat(
                "gpt-4o-mini",
                user(image.formatted("data:image/png;base64,cGlj") + "," + file.formatted("application/pdf")),
                "\"n\":1"));
        SimulatedCall call = simulator.log().get(0);
        assertThat(call.mediaParts()).isEqualTo(2);
        assertThat(call.promptTokens()).isEqualTo(2 * 85 + 4);

        refused(
                "messages[0].content[0].image_url.url",
                "invalid_image_url",
                chat("gpt-4o-mini", user(image.formatted("data:image/tiff;base64,cGlj")), "\"n\":1"));
        refused(
                "messages[0].content[0].file.file_data",
                "invalid_value",
                chat("gpt-4o-mini", user(file.formatted("text/csv")), "\"n\":1"));
        ok(respond(
                "gpt-4o-mini",
                user("{\"type\":\"input_file\",\"file_url\":\"https://example.com/a.pdf\"},"
                        + "{\"type\":\"input_image\",\"image_url\":\"https://example.com/a.png\",\"detail\":\"auto\"}"),
                "\"store\":false"));
        assertThat(simulator.log().get(3).mediaParts()).isEqualTo(2);
    }

    @Test
    void writesCachedPrefixesOnceAndReadsThemAfterwards() throws Exception {
        String marked = user("{\"type\":\"text\",\"text\":\"A long text.\",\"prompt_cache_breakpoint\":"
                + "{\"mode\":\"explicit\",\"ttl\":\"12h\"}},{\"type\":\"text\",\"text\":\"x\"}");

        JsonNode first = ok(chat("gpt-5.6-terra", marked, "\"n\":1")).at("/usage/prompt_tokens_details");
        JsonNode second = ok(chat("gpt-5.6-terra", marked, "\"n\":1")).at("/usage/prompt_tokens_details");

        assertThat(first.path("cache_write_tokens").longValue()).isEqualTo(4 + 3);
        assertThat(simulator.log().get(0).longCacheWriteTokens()).isEqualTo(7);
        assertThat(second.path("cached_tokens").longValue()).isEqualTo(7);
        refused(
                "messages[0].content[0].prompt_cache_breakpoint",
                "unsupported_parameter",
                chat("gpt-4o-mini", marked, "\"n\":1"));
    }

    @Test
    void countsTokensWithoutAnswering() throws Exception {
        String body = "{\"model\":\"gpt-5-nano\",\"instructions\":\"Be kind.\",\"input\":[" + ASK + "]," + FLAT + "}";
        long counted = ok(client.post("openai", "/responses/input_tokens", body))
                .path("input_tokens")
                .longValue();

        ok(client.post("openai", "/responses", body));
        assertThat(counted).isEqualTo(simulator.log().get(1).promptTokens());
        refused(
                "max_output_tokens",
                "unknown_parameter",
                client.post(
                        "openai",
                        "/responses/input_tokens",
                        "{\"model\":\"gpt-5-nano\",\"input\":\"x\",\"max_output_tokens\":16}"));
    }

    @Test
    void embedsTexts() throws Exception {
        JsonNode answer = ok(embed("\"input\":[\"a fox\",\"a dog\"]"));
        assertThat(answer.at("/data/0/embedding")).hasSize(1536);
        assertThat(answer.at("/data/1/index").asInt()).isEqualTo(1);
        assertThat(answer.at("/usage/prompt_tokens").longValue())
                .isEqualTo(simulator.log().get(0).promptTokens());
        assertThat(ok(embed("\"input\":\"a fox\",\"dimensions\":3")).at("/data/0/embedding"))
                .hasSize(3);
        assertThat(ok(embed("\"input\":\"a fox\",\"dimensions\":3,\"encoding_format\":\"base64\""))
                        .at("/data/0/embedding")
                        .asText())
                .hasSize(16);
        refused("dimensions", null, embed("\"input\":\"x\",\"dimensions\":1537"));
        refused("input", "empty_array", embed("\"input\":[]"));
        refused("colour", "unknown_parameter", embed("\"input\":\"x\",\"colour\":1"));
        assertThat(client.post("openai", "/embeddings", "{\"model\":\"gpt-4o-mini\",\"input\":\"x\"}")
                        .statusCode())
                .isEqualTo(403);
    }

    private HttpResponse<String> chat(String model, String messages, String rest) throws Exception {
        return client.post(
                "openai",
                "/chat/completions",
                "{\"model\":\"" + model + "\",\"messages\":[" + messages + "]," + rest + "}");
    }

    private HttpResponse<String> respond(String model, String input, String rest) throws Exception {
        return client.post(
                "openai", "/responses", "{\"model\":\"" + model + "\",\"input\":[" + input + "]," + rest + "}");
    }

    private HttpResponse<String> embed(String fields) throws Exception {
        return client.post("openai", "/embeddings", "{\"model\":\"text-embedding-3-small\"," + fields + "}");
    }

    private static String user(String parts) {
        return "{\"role\":\"user\",\"content\":[" + parts + "]}";
    }

    private static String result(JsonNode answer, int index) {
        String id = answer.at("/message/tool_calls/" + index + "/id").asText();
        return "{\"role\":\"tool\",\"tool_call_id\":\"" + id + "\",\"content\":\"result " + index + "\"}";
    }

    private static String outcome(ArrayNode output, int index) {
        return "{\"type\":\"function_call_output\",\"call_id\":\""
                + output.get(index).path("call_id").asText() + "\",\"output\":\"result " + index + "\"}";
    }

    private static String items(ArrayNode output) {
        String list = output.toString();
        return list.substring(1, list.length() - 1);
    }

    private static JsonNode withoutIds(JsonNode output) {
        JsonNode copy = output.deepCopy();
        copy.forEach(item -> ((ObjectNode) item).remove(List.of("id", "call_id")));
        return copy;
    }

    /** What a streamed chat adds up to. */
    private static JsonNode assembled(HttpResponse<String> stream) {
        ObjectNode whole = SimulatorJson.object();
        StringBuilder text = new StringBuilder();
        ArrayNode calls = whole.putArray("calls");
        for (JsonNode event : SimulatorClient.events(stream.body())) {
            JsonNode choice = event.at("/choices/0");
            text.append(choice.at("/delta/content").asText(""));
            for (JsonNode chunk : choice.at("/delta/tool_calls")) {
                JsonNode function = chunk.path("function");
                if (chunk.has("id")) {
                    calls.add(function.deepCopy());
                } else {
                    ObjectNode call = (ObjectNode) calls.get(chunk.path("index").asInt());
                    call.put(
                            "arguments",
                            call.path("arguments").asText()
                                    + function.path("arguments").asText());
                }
            }
            if (choice.hasNonNull("finish_reason")) {
                whole.set("finish_reason", choice.path("finish_reason"));
            }
        }
        return whole.put("content", text.toString());
    }

    private void assertSameCounts() {
        List<SimulatedCall> log = simulator.log();
        SimulatedCall whole = log.get(log.size() - 2);
        SimulatedCall streamed = log.get(log.size() - 1);
        assertThat(streamed.outputTokens()).isEqualTo(whole.outputTokens());
        assertThat(streamed.reasoningTokens()).isEqualTo(whole.reasoningTokens());
        assertThat(streamed.toolCalls()).isEqualTo(whole.toolCalls());
    }

    private static JsonNode ok(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return SimulatorClient.json(response);
    }

    private static void refused(String param, String code, HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        JsonNode error = SimulatorClient.json(response).path("error");
        assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(error.path("param").asText()).as(response.body()).isEqualTo(param);
        assertThat(error.path("code").asText(null)).as(response.body()).isEqualTo(code);
    }
}
