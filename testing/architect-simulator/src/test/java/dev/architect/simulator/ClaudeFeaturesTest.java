package dev.architect.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.log.SimulatedCall;
import dev.architect.simulator.script.ErrorRate;
import java.math.BigInteger;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tools, thinking, schemas, media and cache breakpoints on the wire of Anthropic. */
class ClaudeFeaturesTest extends SimulatorCases {

    static final String TOOLS = """
            "tools":[{"name":"get_weather","description":"d","input_schema":{"type":"object",
              "properties":{"city":{"type":"string"},"days":{"type":"integer"}},"required":["city","days"]}},
             {"name":"now","input_schema":{"type":"object"}}]""";

    private static final String ASK = "{\"role\":\"user\",\"content\":\"Ask get_weather Rome and now\"}";

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 1000})
    void streamsTheWholeAnswer(int tokensPerChunk) throws Exception {
        simulator.update(script -> script.with("claude", p -> p.withTokensPerChunk(tokensPerChunk)));
        for (String rest : List.of(
                TOOLS,
                TOOLS + ",\"thinking\":{\"type\":\"adaptive\"}",
                "\"thinking\":{\"type\":\"adaptive\",\"display\":\"omitted\"}",
                "\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"max\"}")) {
            JsonNode plain = ok(ask(false, ASK, rest));
            JsonNode streamed = assembled(ask(true, ASK, rest).body());

            assertThat(streamed.path("content")).isEqualTo(withoutIds(plain).path("content"));
            assertThat(streamed.path("stop_reason")).isEqualTo(plain.path("stop_reason"));
            List<SimulatedCall> log = simulator.log();
            SimulatedCall a = log.get(log.size() - 2);
            SimulatedCall b = log.get(log.size() - 1);
            assertThat(b.outputTokens()).isEqualTo(a.outputTokens());
            assertThat(b.toolCalls()).isEqualTo(a.toolCalls());
            assertThat(plain.at("/usage/output_tokens").longValue()).isEqualTo(a.outputTokens());
            assertThat(plain.at("/usage/output_tokens_details/thinking_tokens").longValue())
                    .isEqualTo(a.reasoningTokens());
        }
    }

    @Test
    void completesTheToolLoop() throws Exception {
        String thinking = TOOLS + ",\"thinking\":{\"type\":\"adaptive\"}";
        JsonNode calls = ok(ask(false, ASK, thinking));
        assertThat(calls.path("stop_reason").asText()).isEqualTo("tool_use");
        assertThat(calls.at("/content/0/type").asText()).isEqualTo("thinking");
        assertThat(calls.at("/content/1/input").toString()).isEqualTo("{\"city\":\"Rome\",\"days\":7}");
        assertThat(calls.at("/content/2/input").toString()).isEqualTo("{}");
        assertThat(simulator.log().get(0)).satisfies(call -> {
            assertThat(call.toolsOffered()).isEqualTo(2);
            assertThat(call.toolCalls()).isEqualTo(2);
            assertThat(call.effort()).isEqualTo("high");
        });

        String turn = "{\"role\":\"assistant\",\"content\":" + calls.path("content") + "}";
        JsonNode answer = ok(ask(false, ASK + "," + turn + "," + results(calls, 1, 2), thinking));
        assertThat(answer.at("/content/1/text").asText()).contains("result 1", "result 2");
        assertThat(answer.path("stop_reason").asText()).isEqualTo("end_turn");

        refused("without `tool_result`", ask(false, ASK + "," + turn + "," + results(calls, 1), thinking));
        refused("without `tool_result`", ask(false, ASK + "," + turn, thinking));
        refused("unexpected `tool_use_id`", ask(false, results(calls, 1), thinking));
        String changed = turn.replace("First, what", "First, why").replace("plain one", "other one");
        refused(
                "Invalid `signature`",
                ask(
                        false,
                        ASK + "," + changed.replace("?", "!").replace(".\",\"sig", "..\",\"sig") + ","
                                + results(calls, 1, 2),
                        thinking));
        ObjectNode bare = ((ObjectNode) calls).deepCopy();
        ((ArrayNode) bare.path("content")).remove(0);
        String dropped = "{\"role\":\"assistant\",\"content\":" + bare.path("content") + "}";
        refused(
                "Expected `thinking`",
                ask(
                        false,
                        ASK + "," + dropped + "," + results(calls, 1, 2),
                        TOOLS + ",\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}"));
        ok(ask(false, ASK + "," + dropped + "," + results(calls, 1, 2), thinking));
        ok(ask(false, ASK + "," + dropped + "," + results(calls, 1, 2), TOOLS));
    }

    @Test
    void reasonsLongerWithHigherEffort() throws Exception {
        long before = 0;
        for (String effort : List.of("low", "medium", "high", "xhigh", "max")) {
            ok(ask(
                    "claude-sonnet-5-5",
                    false,
                    ASK,
                    "\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"" + effort + "\"}"));
            SimulatedCall call = simulator.log().get(simulator.log().size() - 1);
            assertThat(call.reasoningTokens()).as(effort).isGreaterThan(before);
            assertThat(call.effort()).isEqualTo(effort);
            before = call.reasoningTokens();
        }
    }

    @Test
    void aThinkingBudgetExcludesForcedTools() throws Exception {
        String forced = TOOLS + ",\"tool_choice\":{\"type\":\"any\"},\"thinking\":";

        refused("when tool_choice forces", ask(false, ASK, forced + "{\"type\":\"enabled\",\"budget_tokens\":1024}"));
        ok(ask(false, ASK, forced + "{\"type\":\"adaptive\"}"));
    }

    @Test
    void rejectsDisabledThinkingForSomeModels() throws Exception {
        refused(
                "is not supported for this model",
                ask("claude-opus-5-5", false, ASK, "\"thinking\":{\"type\":\"disabled\"}"));
    }

    @Test
    void answersJsonOfTheSchema() throws Exception {
        JsonNode answer = ok(ask(false, "{\"role\":\"user\",\"content\":\"John\"}", """
                "output_config":{"format":{"type":"json_schema","schema":{"type":"object","additionalProperties":false,
                 "properties":{"name":{"type":"string"},"age":{"type":"integer"}},"required":["name","age"]}}}"""));
        assertThat(answer.at("/content/0/text").asText()).isEqualTo("{\"name\":\"John\",\"age\":7}");
    }

    @Test
    void stopsAtAStopSequence() throws Exception {
        String text =
                ok(ask(false, ASK, "\"max_tokens\":900")).at("/content/0/text").asText();
        String word = text.split(" ")[2];
        JsonNode answer = ok(ask(false, ASK, "\"stop_sequences\":[\"§\",\"" + word + "\"]"));
        assertThat(answer.path("stop_reason").asText()).isEqualTo("stop_sequence");
        assertThat(answer.path("stop_sequence").asText()).isEqualTo(word);
        assertThat(answer.at("/content/0/text").asText()).isEqualTo(text.substring(0, text.indexOf(word)));
    }

    @Test
    void writesACachedPrefixOnceAndReadsItAfterwards() throws Exception {
        String marked =
                "\"system\":[{\"type\":\"text\",\"text\":\"12345678\",\"cache_control\":{\"type\":\"ephemeral\"%s}}]";
        String hour = marked.formatted(",\"ttl\":\"1h\"");
        JsonNode first = ok(ask(false, ASK, hour)).path("usage");
        JsonNode second = ok(ask(true, ASK, hour).body());
        assertThat(first.at("/cache_creation/ephemeral_1h_input_tokens").longValue())
                .isEqualTo(6);
        assertThat(first.path("cache_creation_input_tokens").longValue()).isEqualTo(6);
        assertThat(second.path("cache_read_input_tokens").longValue()).isEqualTo(6);
        assertThat(simulator.log().get(0).longCacheWriteTokens()).isEqualTo(6);
        assertThat(simulator.log().get(0).billedPicoUsd())
                .isEqualTo(first.path("input_tokens").longValue() * 3_000_000
                        + 6 * 6_000_000
                        + first.path("output_tokens").longValue() * 15_000_000);

        JsonNode other = ok(ask(false, ASK, marked.formatted("").replace("1234", "4321")))
                .path("usage");
        assertThat(other.at("/cache_creation/ephemeral_5m_input_tokens").longValue())
                .isEqualTo(6);
        assertThat(simulator.billed("claude"))
                .isEqualTo(simulator.log().stream()
                        .map(call -> BigInteger.valueOf(call.billedPicoUsd()))
                        .reduce(BigInteger.ZERO, BigInteger::add));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void citesADocumentWithCitationsEnabled(boolean stream) throws Exception {
        String document = "{\"type\":\"document\",\"title\":\"Guide\",\"citations\":{\"enabled\":true},\"source\":"
                + "{\"type\":\"text\",\"media_type\":\"text/plain\",\"data\":\"x\"}}";
        String turn = "{\"role\":\"user\",\"content\":[" + document + "]}";
        String body = ask(stream, turn, "\"top_p\":1").body();
        JsonNode citation = stream
                ? SimulatorClient.events(body).stream()
                        .map(event -> event.at("/delta/citation"))
                        .filter(JsonNode::isObject)
                        .findFirst()
                        .orElseThrow()
                : SimulatorClient.json(body).at("/content/0/citations/0");
        assertThat(citation.path("document_title").asText()).isEqualTo("Guide");
        assertThat(citation.path("cited_text").asText()).isNotBlank();
    }

    @Test
    void countsImagesAndDocuments() throws Exception {
        String text = "{\"type\":\"text\",\"text\":\"1234\"}";
        String image = "{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"%s\",\"data\":\"QUJD\"}}";
        String document =
                "{\"type\":\"document\",\"title\":\"t\",\"source\":{\"type\":\"url\",\"url\":\"https://x.example/a.pdf\"}}";
        String turn = "{\"role\":\"user\",\"content\":[%s]}";
        ok(ask(false, turn.formatted(image.formatted("image/png") + "," + document + "," + text), "\"top_p\":1"));
        assertThat(simulator.log().get(0).promptTokens()).isEqualTo(85 + 85 + 1 + 4);
        assertThat(simulator.log().get(0).mediaParts()).isEqualTo(2);
        refused(
                "messages.0.content.0.image.source.base64.media_type",
                ask(false, turn.formatted(image.formatted("image/bmp")), "\"top_p\":1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"max_token\":1 -> max_token: Extra inputs are not permitted",
                "\"tools\":[{\"name\":\"a b\",\"input_schema\":{\"type\":\"object\"}}] -> tools.0.custom.name: String should match",
                "\"tools\":[{\"name\":\"a\"}] -> tools.0.custom.input_schema: Field required",
                "\"tools\":[{\"name\":\"a\",\"schema\":{}}] -> tools.0.custom.schema: Extra inputs",
                "\"tool_choice\":{\"type\":\"any\"} -> may only be specified while providing tools",
                "\"tools\":[{\"name\":\"a\",\"input_schema\":{\"type\":\"object\"}}],\"tool_choice\":{\"type\":\"tool\",\"name\":\"b\"} -> Tool 'b' not found",
                "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":10} -> greater than or equal to 1024",
                "\"output_config\":{\"effort\":\"huge\"} -> output_config.effort: Input should be one of",
                "\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":{\"type\":\"object\"}}} -> must be explicitly set to false",
                "\"thinking\":{\"type\":\"adaptive\"},\"temperature\":0.5 -> may only be set to 1",
                "\"output_config\":{\"effort\":\"xhigh\"} -> Supported levels: high, low, max, medium.",
                "\"stop_sequences\":[\" \"] -> must contain non-whitespace",
                "\"temperature\":1.5 -> temperature: Input should be a valid number",
            })
    void rejectsWhatTheServiceRejects(String fault) throws Exception {
        String[] parts = fault.split(" -> ");
        refused(parts[1], ask(false, ASK, parts[0]));
    }

    @Test
    void countsToolsAsTheCallDoes() throws Exception {
        JsonNode counted = ok(client.post(
                "claude",
                "/v1/messages/count_tokens",
                "{\"model\":\"claude-sonnet-4-6\",\"messages\":[" + ASK + "]," + TOOLS + "}",
                "anthropic-version",
                "2026-10-21"));
        ok(ask(false, ASK, TOOLS));
        assertThat(counted.path("input_tokens").longValue())
                .isEqualTo(simulator.log().get(1).promptTokens())
                .isGreaterThan(30);
    }

    @Test
    void listsModelsPageByPage() throws Exception {
        List<String> ids = new ArrayList<>();
        String rest = "";
        JsonNode page;
        do {
            page = ok(client.get("claude", "/v1/models?limit=1" + rest));
            ids.add(page.at("/data/0/id").asText());
            rest = "&after_id=" + page.path("last_id").asText();
        } while (page.path("has_more").asBoolean());

        assertThat(ids).hasSizeGreaterThan(2).doesNotHaveDuplicates().isSorted();
        JsonNode all = ok(client.get("claude", "/v1/models"));
        assertThat(all.path("data")).hasSameSizeAs(ids);
        refused("limit", client.get("claude", "/v1/models?limit=1001"));
    }

    @Test
    void breaksOffAStreamOfToolCallsHalfWay() throws Exception {
        ok(ask(false, ASK, TOOLS));
        simulator.update(script -> script.with("claude", p -> p.withErrors(ErrorRate.midStream(529, 1))));
        String body = ask(true, ASK, TOOLS).body();
        assertThat(body).contains("tool_use", "overloaded_error").doesNotContain("message_stop");
        SimulatedCall cut = simulator.log().get(1);
        assertThat(cut.toolCalls()).isZero();
        assertThat(cut.outputTokens())
                .isPositive()
                .isLessThan(simulator.log().get(0).outputTokens());
    }

    private HttpResponse<String> ask(boolean stream, String messages, String rest) throws Exception {
        return ask("claude-sonnet-4-6", stream, messages, rest);
    }

    private HttpResponse<String> ask(String model, boolean stream, String messages, String rest) throws Exception {
        String limit = rest.contains("max_tokens\"") ? "" : "\"max_tokens\":4000,";
        return client.post(
                "claude",
                "/v1/messages",
                "{\"model\":\"" + model + "\"," + limit + "\"stream\":" + stream + ",\"messages\":[" + messages + "],"
                        + rest + "}",
                "anthropic-version",
                "2023-06-01");
    }

    private static JsonNode ok(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return SimulatorClient.json(response);
    }

    /** The usage at the end of a stream. */
    private static JsonNode ok(String stream) {
        List<JsonNode> events = SimulatorClient.events(stream);
        return events.get(events.size() - 2).path("usage");
    }

    private static void refused(String message, HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(SimulatorClient.json(response).at("/error/message").asText()).contains(message);
    }

    private static String results(JsonNode answer, int... blocks) {
        List<String> results = new ArrayList<>();
        for (int block : blocks) {
            results.add("{\"type\":\"tool_result\",\"tool_use_id\":\""
                    + answer.path("content").path(block).path("id").asText() + "\",\"content\":\"result " + block
                    + "\"}");
        }
        return "{\"role\":\"user\",\"content\":[" + String.join(",", results) + "]}";
    }

    private static JsonNode withoutIds(JsonNode message) {
        message.path("content").forEach(block -> ((ObjectNode) block).remove("id"));
        return message;
    }

    /** What a client makes of the events, ids left out. */
    private static JsonNode assembled(String body) {
        ObjectNode message = SimulatorJson.object();
        List<ObjectNode> blocks = new ArrayList<>();
        StringBuilder arguments = new StringBuilder();
        for (JsonNode event : SimulatorClient.events(body)) {
            switch (event.path("type").asText()) {
                case "content_block_start" -> {
                    assertThat(event.path("index").intValue()).isEqualTo(blocks.size());
                    blocks.add(event.path("content_block").deepCopy());
                }
                case "content_block_delta" -> {
                    JsonNode delta = event.path("delta");
                    ObjectNode block = blocks.get(event.path("index").intValue());
                    for (String field : List.of("text", "thinking", "signature")) {
                        if (delta.has(field)) {
                            block.put(
                                    field,
                                    block.path(field).asText()
                                            + delta.path(field).asText());
                        }
                    }
                    arguments.append(delta.path("partial_json").asText());
                }
                case "content_block_stop" -> {
                    ObjectNode block = blocks.get(event.path("index").intValue());
                    if (block.has("input") && !arguments.isEmpty()) {
                        block.set("input", SimulatorClient.json(arguments.toString()));
                    }
                    arguments.setLength(0);
                }
                case "message_delta" -> message.setAll((ObjectNode) event.path("delta"));
                default -> assertThat(event.path("type").asText()).isIn("message_start", "ping", "message_stop");
            }
        }
        message.set("content", SimulatorJson.array(blocks.toArray(JsonNode[]::new)));
        return withoutIds(message);
    }
}
