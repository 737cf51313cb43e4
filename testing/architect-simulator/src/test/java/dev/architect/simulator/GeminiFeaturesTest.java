package dev.architect.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.json.SimulatorJson;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tools, reasoning, schemas, media, searches and vectors on the wire of Gemini. JSON is written with single quotes. */
class GeminiFeaturesTest extends SimulatorCases {

    private static final String TOOLS = "'tools':[{'functionDeclarations':[{'name':'get_weather','description':'d',"
            + "'parametersJsonSchema':{'type':'object','properties':{'city':{'type':'string'},"
            + "'days':{'type':'integer'}},'required':['city','days']}},{'name':'now'}]}]";

    private static final String ASK = "{'role':'user','parts':[{'text':'Ask get_weather Rome and now'}]}";
    private static final String SECOND = "gemini-2.5-flash";
    private static final String THIRD = "gemini-3.5-flash";

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 1000})
    void streamsTheWholeAnswer(int tokensPerChunk) throws Exception {
        simulator.update(script -> script.with("gemini", p -> p.withTokensPerChunk(tokensPerChunk)));
        for (String rest : List.of(
                TOOLS,
                TOOLS + ",'generationConfig':{'thinkingConfig':{'includeThoughts':true,'thinkingLevel':'HIGH'}}",
                "'generationConfig':{'thinkingConfig':{'includeThoughts':true}}",
                "'generationConfig':{'thinkingConfig':{'thinkingLevel':'low'}}",
                "'generationConfig':{'maxOutputTokens':12}",
                "'tools':[{'googleSearch':{}}]")) {
            JsonNode plain = ok(ask(THIRD, "generateContent", ASK, rest));
            HttpResponse<String> stream = ask(THIRD, "streamGenerateContent?alt=sse", ASK, rest);
            List<JsonNode> events = SimulatorClient.events(stream.body());
            JsonNode last = events.get(events.size() - 1);

            assertThat(assembled(events)).as(rest).isEqualTo(assembled(List.of(plain)));
            assertThat(last.at("/candidates/0/finishReason")).isEqualTo(plain.at("/candidates/0/finishReason"));
            assertThat(last.at("/candidates/0/groundingMetadata"))
                    .isEqualTo(plain.at("/candidates/0/groundingMetadata"));
            assertThat(last.path("usageMetadata")).isEqualTo(plain.path("usageMetadata"));
            assertThat(events.stream()
                            .map(event ->
                                    event.at("/usageMetadata/totalTokenCount").longValue()))
                    .isSorted();
        }
    }

    @Test
    void completesTheToolLoop() throws Exception {
        JsonNode calls = ok(ask(THIRD, "generateContent", ASK, TOOLS)).at("/candidates/0/content");
        assertThat(calls.at("/parts/0/functionCall/args").toString()).isEqualTo("{\"city\":\"Rome\",\"days\":7}");
        assertThat(calls.at("/parts/0/thoughtSignature").asText()).isNotEmpty();
        assertThat(calls.at("/parts/1/functionCall/args").toString()).isEqualTo("{}");
        assertThat(calls.at("/parts/1").has("thoughtSignature"))
                .as("only the first of several calls is signed")
                .isFalse();
        assertThat(simulator.log().get(0)).satisfies(call -> {
            assertThat(call.toolsOffered()).isEqualTo(2);
            assertThat(call.toolCalls()).isEqualTo(2);
        });

        JsonNode answer =
                ok(ask(THIRD, "generateContent", ASK + "," + calls + "," + results("get_weather", "now"), TOOLS));
        assertThat(answer.at("/candidates/0/content/parts/0/text").asText())
                .contains("result of get_weather", "result of now");
        assertThat(answer.at("/candidates/0/finishReason").asText()).isEqualTo("STOP");

        refused("number of function response parts", ASK + "," + calls + "," + results("now"));
        refused("number of function response parts", ASK + "," + calls + "," + ASK);
        refused("number of function response parts", ASK + "," + calls);
        refused("matches a function call", ASK + "," + calls + "," + results("now", "other"));
        refused("immediately after a function call turn", ASK + "," + results("now"));
        refused("immediately after a user turn", calls + "," + results("get_weather", "now"));
    }

    @Test
    void requiresTheSignaturesOfTheCurrentTurnFromTheThirdGenerationOn() throws Exception {
        JsonNode calls = ok(ask(THIRD, "generateContent", ASK, TOOLS)).at("/candidates/0/content");
        String results = results("get_weather", "now");
        String signature = calls.at("/parts/0/thoughtSignature").asText();
        String changed = calls.toString().replace(signature, "AAAA" + signature.substring(4));
        ObjectNode bare = calls.deepCopy();
        ((ObjectNode) bare.at("/parts/0")).remove("thoughtSignature");

        refused("missing a thought_signature", ASK + "," + bare + "," + results);
        refused("Corrupted thought signature", ASK + "," + changed + "," + results);
        refused("Corrupted thought signature", ASK + "," + calls.toString().replace("Rome", "Oslo") + "," + results);
        ok(ask(SECOND, "generateContent", ASK + "," + bare + "," + results, TOOLS));
        ok(ask(THIRD, "generateContent", ASK + "," + bare + "," + results + "," + ASK, TOOLS));
    }

    @Test
    void acceptsThePlaceholderSignaturesOfOtherModels() throws Exception {
        for (String word : List.of("skip_thought_signature_validator", "context_engineering_is_the_way_to_go")) {
            String call = "{'role':'model','parts':[{'functionCall':{'id':'a b','name':'now','args':{}},"
                    + "'thoughtSignature':'" + word + "'}]}";
            String result = "{'role':'user','parts':[{'functionResponse':{'id':'a b','name':'now',"
                    + "'response':{'output':'noon'}}}]}";
            assertThat(ok(ask(THIRD, "generateContent", ASK + "," + call + "," + result, TOOLS))
                            .at("/candidates/0/content/parts/0/text")
                            .asText())
                    .contains("noon");
        }
    }

    @Test
    void signsTextsOfTheThirdGeneration() throws Exception {
        JsonNode answered =
                ok(ask(THIRD, "generateContent", ASK, "'store':false")).at("/candidates/0/content");
        assertThat(answered.at("/parts/0/thoughtSignature").asText()).isNotEmpty();
        ok(ask(THIRD, "generateContent", ASK + "," + answered + "," + ASK, "'store':false"));
        refused(
                "Corrupted thought signature",
                ASK + "," + answered.toString().replaceFirst("\"text\":\".", "\"text\":\"#") + "," + ASK);
        assertThat(ok(ask(SECOND, "generateContent", ASK, "'store':false"))
                        .at("/candidates/0/content/parts/0")
                        .has("thoughtSignature"))
                .isFalse();
    }

    @Test
    void followsTheToolChoice() throws Exception {
        String config = ",'toolConfig':{'functionCallingConfig':{'mode':'%s'%s}}";
        assertThat(called(TOOLS + config.formatted("NONE", ""))).isEmpty();
        assertThat(called(TOOLS + config.formatted("ANY", ",'allowedFunctionNames':['now']")))
                .containsExactly("now");
        assertThat(called(TOOLS + config.formatted("VALIDATED", ""))).containsExactly("get_weather", "now");
        String other = "{'role':'user','parts':[{'text':'Good morning.'}]}";
        assertThat(ok(ask(THIRD, "generateContent", other, TOOLS + config.formatted("ANY", "")))
                        .findValuesAsText("name"))
                .containsExactly("get_weather");
    }

    @Test
    void acceptsSnakeCaseNamesExceptInSchemasAndArguments() throws Exception {
        String tools = "'tools':[{'function_declarations':[{'name':'now','parameters_json_schema':{'type':'object',"
                + "'properties':{'time_zone':{'type':'string'}},'required':['time_zone']}}]}]";
        JsonNode call = ok(ask(THIRD, "generateContent", ASK, tools)).at("/candidates/0/content/parts/0/functionCall");
        assertThat(call.at("/args/time_zone").isTextual()).isTrue();
    }

    @Test
    void answersJsonOfTheSchema() throws Exception {
        for (String schema : List.of(
                "'responseJsonSchema':{'type':'object','properties':{'age':{'type':'integer'}},'required':['age']}",
                "'responseSchema':{'type':'OBJECT','properties':{'age':{'type':'INTEGER'}},'required':['age']}")) {
            assertThat(ok(ask(
                                    SECOND,
                                    "generateContent",
                                    ASK,
                                    "'generationConfig':{'responseMimeType':'application/json'," + schema + "}"))
                            .at("/candidates/0/content/parts/0/text")
                            .asText())
                    .isEqualTo("{\"age\":7}");
        }
    }

    @Test
    void includesReasoningOnlyOnRequest() throws Exception {
        JsonNode shown = ok(
                ask(SECOND, "generateContent", ASK, "'generationConfig':{'thinkingConfig':{'includeThoughts':true}}"));
        assertThat(shown.at("/candidates/0/content/parts/0/thought").booleanValue())
                .isTrue();
        JsonNode hidden =
                ok(ask(SECOND, "generateContent", ASK, "'generationConfig':{'thinkingConfig':{'thinkingBudget':512}}"));
        assertThat(hidden.at("/candidates/0/content/parts/0").has("thought")).isFalse();
        assertThat(hidden.at("/usageMetadata/thoughtsTokenCount").longValue()).isPositive();
        JsonNode off =
                ok(ask(SECOND, "generateContent", ASK, "'generationConfig':{'thinkingConfig':{'thinking_budget':0}}"));
        assertThat(off.path("usageMetadata").has("thoughtsTokenCount")).isFalse();
    }

    @Test
    void countsImagesAndDocumentsByTheirKind() throws Exception {
        String turn = "{'role':'user','parts':[{'inlineData':{'mimeType':'image/png','data':'QUJD'}},"
                + "{'fileData':{'fileUri':'https://x.example/a.pdf','mimeType':'application/pdf'}},{'text':'1234'}]}";
        JsonNode usage =
                ok(ask(SECOND, "generateContent", turn, "'store':false")).path("usageMetadata");
        assertThat(usage.path("promptTokensDetails").toString())
                .isEqualTo(("[{'modality':'TEXT','tokenCount':5},{'modality':'IMAGE','tokenCount':85},"
                                + "{'modality':'DOCUMENT','tokenCount':85}]")
                        .replace('\'', '"'));
        assertThat(simulator.log().get(0).mediaParts()).isEqualTo(2);
        assertThat(simulator.log().get(0).promptTokens()).isEqualTo(175);
    }

    @Test
    void listsTheSourcesOfASearch() throws Exception {
        JsonNode candidate = ok(ask(SECOND, "generateContent", ASK, "'tools':[{'google_search':{}}]"))
                .at("/candidates/0");
        assertThat(candidate.at("/groundingMetadata/groundingChunks/0/web/uri").asText())
                .startsWith("https://");
        assertThat(candidate.at("/groundingMetadata/webSearchQueries")).hasSize(1);
        assertThat(simulator.log().get(0).searches()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'generation_config':{'maxToken':1} -> Unknown name \"maxToken\" at 'generation_config': Cannot find field.",
                "'messages':[] -> Unknown name \"messages\": Cannot find field.",
                "'generationConfig':{'temperature':3} -> Invalid value at 'generation_config.temperature'",
                "'generationConfig':{'stopSequences':['1','2','3','4','5','6']} -> at most 5 stop sequences",
                "'generationConfig':{'responseJsonSchema':{}} -> response_json_schema: only allowed",
                "'generationConfig':{'responseMimeType':'text/html'} -> allowed mimetypes are",
                "'generationConfig':{'thinkingConfig':{'thinkingLevel':'LOW','thinkingBudget':1}} -> only one of thinking budget",
                "'generationConfig':{'thinkingConfig':{'thinkingLevel':'HUGE'}} -> Invalid value at 'generation_config.thinking_config.thinking_level'",
                "'generationConfig':{'thinkingConfig':{'thinkingBudget':0}} -> only works in thinking mode",
                "'generationConfig':{'thinkingConfig':{'thinkingBudget':99999}} -> choose a value between",
                "'tools':[{'functionDeclarations':[{'name':'7up'}]}] -> Must start with a letter or an underscore",
                "'tools':[{'functionDeclarations':[{'name':'a'},{'name':'a'}]}] -> Duplicate function declaration",
                "'tools':[{'functionDeclarations':[{'name':'a','input_schema':{}}]}] -> Unknown name \"inputSchema\" at 'tools[0].function_declarations[0]'",
                "'tools':[{'functionDeclarations':[{'name':'a','parametersJsonSchema':'{}'}]}] -> Invalid value at",
                "'tools':[{'googleSearch':{}},{'functionDeclarations':[{'name':'a'}]}] -> include_server_side_tool_invocations",
                "'toolConfig':{'functionCallingConfig':{'mode':'ANY'}} -> without function_declarations",
                "'tools':[{'functionDeclarations':[{'name':'a'}]}],'toolConfig':{'functionCallingConfig':{'mode':'AUTO','allowedFunctionNames':['a']}} -> only be set when function calling mode is ANY",
                "'tools':[{'functionDeclarations':[{'name':'a'}]}],'toolConfig':{'functionCallingConfig':{'mode':'ANY','allowedFunctionNames':['b']}} -> function b is not in",
                "'serviceTier':'fast' -> Invalid value at 'service_tier'"
            })
    void rejectsWhatTheServiceRejects(String fault) throws Exception {
        String[] parts = fault.split(" -> ");
        refused(parts[1], ask(THIRD, "generateContent", ASK, parts[0]));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'generationConfig':{'thinkingConfig':{'thinkingLevel':'LOW'}} -> Thinking level is not supported",
                "'tools':[{'googleSearch':{}},{'functionDeclarations':[{'name':'a'}]}] -> Tool use with function calling is unsupported",
                "'generationConfig':{'responseMimeType':'application/json'},'tools':[{'functionDeclarations':[{'name':'a'}]}] -> Function calling with a response mime type",
                "'generationConfig':{'responseMimeType':'application/json'},'tools':[{'googleSearch':{}}] -> Tool use with a response mime type"
            })
    void rejectsWhatTheSecondGenerationRejects(String fault) throws Exception {
        String[] parts = fault.split(" -> ");
        refused(parts[1], ask(SECOND, "generateContent", ASK, parts[0]));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'role':'assistant','parts':[{'text':'x'}]} -> Please use a valid role: user, model.",
                "{'role':'user','parts':[]} -> contents.parts must not be empty",
                "{'role':'user'} -> contents[0].parts: contents.parts must not be empty",
                "{'role':'user','parts':[{'text':''}]} -> contents[0].parts[0].data: required oneof field",
                "{'role':'user','parts':[{'text':7}]} -> Invalid value at 'contents[0].parts[0].text' (TYPE_STRING)",
                "{'role':'user','parts':[{'image':'x'}]} -> Unknown name \"image\" at 'contents[0].parts[0]'",
                "{'role':'user','parts':[{'text':'x','inlineData':{}}]} -> oneof field 'data' is already set",
                "{'role':'user','parts':[{'inlineData':{'mimeType':'image/gif','data':'QUJD'}}]} -> Unsupported MIME type: image/gif",
                "{'role':'user','parts':[{'inlineData':{'mimeType':'image/png','data':'###'}}]} -> (TYPE_BYTES)",
                "{'role':'user','parts':[{'fileData':{'fileUri':'file:///x'}}]} -> Invalid or unsupported file uri"
            })
    void rejectsContentsThatTheServiceRejects(String fault) throws Exception {
        String[] parts = fault.split(" -> ");
        refused(parts[1], parts[0]);
    }

    @Test
    void resultsMustBeObjects() throws Exception {
        JsonNode calls = ok(ask(THIRD, "generateContent", ASK, TOOLS)).at("/candidates/0/content");
        refused(
                "Invalid value at 'contents[2].parts[0].function_response.response'",
                ASK + "," + calls + ","
                        + results("get_weather", "now").replace("{'output':'result of get_weather'}", "'sunny'"));
    }

    @Test
    void embedsTextsOnly() throws Exception {
        String request = "{'model':'models/gemini-embedding-001','content':{'parts':[{'text':'%s'}]}%s}";
        JsonNode batch = ok(post(
                "gemini-embedding-001:batchEmbedContents",
                "{'requests':[" + request.formatted("a fox", ",'outputDimensionality':4") + ","
                        + request.formatted("a fox", ",'output_dimensionality':4") + "]}"));
        assertThat(batch.at("/embeddings/0/values")).hasSize(4).isEqualTo(batch.at("/embeddings/1/values"));
        assertThat(batch.at("/usageMetadata/promptTokenCount").longValue())
                .isEqualTo(simulator.log().get(0).promptTokens());
        assertThat(ok(post("gemini-embedding-001:embedContent", request.formatted("a fox", "")))
                        .at("/embedding/values"))
                .hasSize(3_072);

        refused("requests is not specified", post("gemini-embedding-001:batchEmbedContents", "{}"));
        refused(
                "model must be that of the request",
                post(
                        "gemini-embedding-001:batchEmbedContents",
                        "{'requests':["
                                + request.replace("embedding-001", "other").formatted("x", "") + "]}"));
        assertThat(post(SECOND + ":embedContent", request.formatted("x", "")).statusCode())
                .isEqualTo(404);
        assertThat(ask("gemini-embedding-001", "generateContent", ASK, "'store':false")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void listsModelsPageByPage() throws Exception {
        JsonNode first = ok(client.get("gemini", "/v1beta/models?pageSize=3"));
        JsonNode second = ok(client.get(
                "gemini",
                "/v1beta/models?pageSize=3&pageToken="
                        + first.path("nextPageToken").asText()));
        assertThat(first.path("models")).hasSize(3);
        assertThat(second.path("models")).hasSize(1);
        assertThat(second.has("nextPageToken")).isFalse();
        assertThat(ok(client.get("gemini", "/v1beta/models/" + THIRD))
                        .path("name")
                        .asText())
                .isEqualTo("models/" + THIRD);
        assertThat(client.get("gemini", "/v1beta/models/nope").statusCode()).isEqualTo(404);
    }

    @Test
    void countsToolsInARequestInsideTheRequest() throws Exception {
        JsonNode counted = ok(post(
                THIRD + ":countTokens",
                "{'generateContentRequest':{'model':'models/" + THIRD + "','contents':[" + ASK + "]," + TOOLS + "}}"));
        ok(ask(THIRD, "generateContent", ASK, TOOLS));
        assertThat(counted.path("totalTokens").longValue())
                .isEqualTo(simulator.log().get(1).promptTokens())
                .isGreaterThan(30);
        refused("mutually exclusive", post(THIRD + ":countTokens", "{'contents':[],'generateContentRequest':{}}"));
        refused("Unknown name \"tools\"", post(THIRD + ":countTokens", "{'contents':[" + ASK + "]," + TOOLS + "}"));
    }

    private List<String> called(String rest) throws Exception {
        return ok(ask(THIRD, "generateContent", ASK, rest)).findValuesAsText("name");
    }

    private HttpResponse<String> ask(String model, String method, String contents, String rest) throws Exception {
        return post(model + ":" + method, "{'contents':[" + contents + "]," + rest + "}");
    }

    private HttpResponse<String> post(String method, String body) throws Exception {
        return client.post("gemini", "/v1beta/models/" + method, body.replace('\'', '"'));
    }

    private static JsonNode ok(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return SimulatorClient.json(response);
    }

    private void refused(String message, String contents) throws Exception {
        refused(message, ask(THIRD, "generateContent", contents, TOOLS));
    }

    private static void refused(String message, HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(SimulatorClient.json(response).at("/error/message").asText()).contains(message);
    }

    private static String results(String... names) {
        StringBuilder parts = new StringBuilder();
        for (String name : names) {
            parts.append(parts.isEmpty() ? "" : ",")
                    .append("{'functionResponse':{'name':'")
                    .append(name)
                    .append("','response':{'output':'result of ")
                    .append(name)
                    .append("'}}}");
        }
        return "{'role':'user','parts':[" + parts + "]}";
    }

    /** The reasoning, the text, the signature of the text, and the calls. */
    private static ArrayNode assembled(List<JsonNode> events) {
        StringBuilder reasoning = new StringBuilder();
        StringBuilder text = new StringBuilder();
        StringBuilder signature = new StringBuilder();
        ArrayNode all = SimulatorJson.array();
        for (JsonNode event : events) {
            for (JsonNode part : event.at("/candidates/0/content/parts")) {
                if (part.has("functionCall")) {
                    all.add(part);
                } else {
                    (part.path("thought").asBoolean() ? reasoning : text)
                            .append(part.path("text").asText());
                    signature.append(part.path("thoughtSignature").asText(""));
                }
            }
        }
        return all.add(reasoning.toString()).add(text.toString()).add(signature.toString());
    }
}
