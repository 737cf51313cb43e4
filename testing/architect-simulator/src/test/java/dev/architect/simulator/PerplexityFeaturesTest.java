package dev.architect.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.log.SimulatedCall;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tools, reasoning, schemas, images, searches and vectors on the wires of Perplexity. */
class PerplexityFeaturesTest extends SimulatorCases {

    private static final String TOOLS = "'tools':[{'type':'function','name':'get_weather','description':'d',"
            + "'parameters':{'type':'object','properties':{'city':{'type':'string'}},'required':['city']}},"
            + "{'type':'function','name':'now'},{'type':'web_search'}]";
    private static final String ASK = "{'type':'message','role':'user','content':'Ask get_weather Rome and now'}";
    private static final String THINKING = ",'reasoning':{'effort':'high'}";

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 1000})
    void streamsTheWholeAnswer(int tokensPerChunk) throws Exception {
        simulator.update(script -> script.with("perplexity", p -> p.withTokensPerChunk(tokensPerChunk)));
        for (String rest : List.of(TOOLS + THINKING, TOOLS, "'tools':[{'type':'web_search'}]" + THINKING)) {
            ObjectNode whole = ok(agent(ASK, rest));
            List<JsonNode> events =
                    SimulatorClient.events(agent(ASK, rest + ",'stream':true").body());
            ArrayNode done = SimulatorJson.array();
            events.stream()
                    .filter(event -> event.path("type").asText().equals("response.output_item.done"))
                    .forEach(event -> done.add(event.path("item")));

            assertThat(withoutIds(done)).isEqualTo(withoutIds(whole.path("output")));
            assertThat(withoutIds(events.get(events.size() - 1).at("/response/output")))
                    .isEqualTo(withoutIds(whole.path("output")));
            assertThat(events.stream()
                            .filter(event -> event.path("type").asText().equals("response.output_text.delta"))
                            .map(event -> event.path("delta").asText())
                            .reduce("", String::concat))
                    .isEqualTo(whole.path("output")
                            .path(whole.path("output").size() - 1)
                            .at("/content/0/text")
                            .asText());
        }
    }

    @Test
    void sendsReasoningInEventsOnlyAndAlwaysCountsIt() throws Exception {
        JsonNode whole = ok(agent("{'role':'user','content':'Why?'}", "'store':true" + THINKING));
        List<JsonNode> events =
                SimulatorClient.events(agent("{'role':'user','content':'Why?'}", "'stream':true" + THINKING)
                        .body());

        assertThat(whole.at("/usage/output_tokens_details/reasoning_tokens").longValue())
                .isPositive()
                .isEqualTo(simulator.log().get(0).reasoningTokens());
        assertThat(whole.path("output")).hasSize(1);
        assertThat(events).anySatisfy(event -> {
            assertThat(event.path("type").asText()).isEqualTo("response.reasoning.started");
            assertThat(event.path("thought").asText()).isNotBlank();
        });
    }

    @Test
    void completesTheToolLoop() throws Exception {
        JsonNode output = ok(agent(ASK, TOOLS + THINKING)).path("output");
        JsonNode weather = output.path(1);
        assertThat(weather.path("arguments").asText()).isEqualTo("{\"city\":\"Rome\"}");
        assertThat(simulator.log().get(0).toolsOffered()).isEqualTo(2);
        assertThat(simulator.log().get(0).toolCalls()).isEqualTo(2);

        String calls = ASK + "," + sentBack(weather) + "," + sentBack(output.path(2));
        String results = result(weather) + "," + result(output.path(2));
        assertThat(ok(agent(calls + "," + results, TOOLS + THINKING))
                        .at("/output/1/content/0/text")
                        .asText())
                .contains("result of get_weather", "result of now");

        refused("has no function_call_output", agent(calls + "," + result(weather), TOOLS));
        refused("has no function_call\"", agent(ASK + "," + result(weather), TOOLS));
        refused("call_id comes twice", agent(calls + "," + sentBack(weather), TOOLS));
        String signature = weather.path("thought_signature").asText();
        String unsigned = calls.replace(",'thought_signature':'" + signature + "'", "");
        assertThat(unsigned).isNotEqualTo(calls);
        refused("thought_signature is missing", agent(unsigned + "," + results, TOOLS + THINKING));
        refused("thought_signature is missing", agent(calls.replace("Rome\\\"", "Bonn\\\"") + "," + results, TOOLS));
        refused(
                "thought_signature is not that of the call",
                agent(calls + "," + results.replaceFirst("'output'", "'thought_signature':'x','output'"), TOOLS));
    }

    /** Other models made them without a signature. */
    @Test
    void acceptsCallsOfOtherModelsWithoutSignatures() throws Exception {
        String other = "{'type':'function_call','call_id':'toolu_1','name':'now','arguments':'{}'},"
                + "{'type':'function_call_output','call_id':'toolu_1','name':'now','output':'noon'}";

        assertThat(ok(agent(ASK + "," + other, TOOLS + THINKING))
                        .at("/output/1/content/0/text")
                        .asText())
                .contains("noon");
    }

    @Test
    void answersJsonOfTheSchemaOnBothWires() throws Exception {
        String form = "'response_format':{'type':'json_schema','json_schema':{'name':'n','schema':{'type':'object',"
                + "'properties':{'age':{'type':'integer'}},'required':['age']}}}";

        assertThat(ok(agent("{'role':'user','content':'x'}", form))
                        .at("/output/0/content/0/text")
                        .asText())
                .isEqualTo("{\"age\":7}");
        assertThat(ok(sonar("sonar", "{'role':'user','content':'x'}", form))
                        .at("/choices/0/message/content")
                        .asText())
                .isEqualTo("{\"age\":7}");
    }

    @Test
    void readsImagesOnBothWires() throws Exception {
        ok(agent(
                "{'role':'user','content':[{'type':'input_image','image_url':'data:image/png;base64,AQID'},"
                        + "{'type':'input_text','text':'x'}]}",
                "'store':false"));
        ok(sonar(
                "sonar",
                "{'role':'user','content':[{'type':'image_url','image_url':{'url':'https://example.com/a.png'}}]}",
                "'stream':false"));

        assertThat(simulator.log()).extracting(SimulatedCall::mediaParts).containsExactly(1, 1);
    }

    @Test
    void aPresetSearchesWithTheModelThatIsNamed() throws Exception {
        JsonNode answer = ok(agent("{'role':'user','content':'x'}", "'preset':'fast@2026-10-16.0'"));

        assertThat(answer.at("/output/0/type").asText()).isEqualTo("search_results");
        assertThat(ok(agent("{'role':'user','content':'x'}", "'effort':'low','max_tool_calls':0"))
                        .path("output"))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "'stop':['x'] | unknown field",
                "'tools':[{'type':'web_search','filter':{}}] | unknown field",
                "'tools':[{'type':'web_search','filters':{'domain':'x'}}] | unknown field",
                "'tools':[{'type':'web_search','filters':{'search_recency_filter':'decade'}}] | search_recency_filter",
                "'tools':[{'type':'web_search','filters':{'search_after_date_filter':'2026-01-05'}}] | invalid_date_format",
                "'tools':[{'type':'web_search','search_context_size':'low','max_tokens':9}] | search_context_size",
                "'tools':[{'type':'browser'}] | expected one of",
                "'tools':[{'type':'sandbox'},{'type':'sandbox'}] | given twice",
                "'tools':[{'type':'function','name':'search_web'}] | reserved",
                "'tools':[{'type':'function','name':'a','parameters':[]}] | no JSON schema",
                "'tool_choice':'auto' | tool_choice",
                "'tool_choice':{'type':'web_search'} | not given",
                "'max_steps':11 | max_steps",
                "'reasoning':{'effort':'max'} | reasoning.effort",
                "'reasoning':{'summary':'auto'} | unknown field",
                "'text':{'format':{'type':'text'}} | unknown field",
                "'response_format':{'type':'json_object'} | response_format.type",
                "'preset':'huge' | unknown preset",
                "'language_preference':'english' | ISO 639-1",
                "'stream':'yes' | stream is invalid",
                "'models':['a','b','c','d','e','f'] | more than 5"
            })
    void rejectsUnknownFieldsOfTheAgentApi(String rest, String expected) throws Exception {
        refused(expected, agent("{'role':'user','content':'x'}", rest));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{'role':'tool','content':'x'} | role",
                "{'role':'user'} | content is required",
                "{'role':'user','content':[{'type':'text','text':'x'}]} | type",
                "{'role':'user','content':[{'type':'input_image','image_url':'http://example.com/a.png'}]} | HTTPS",
                "{'role':'user','content':[{'type':'input_image','image_url':'data:image/tiff;base64,AQID'}]} | HTTPS",
                "{'type':'reasoning'} | unknown type of item"
            })
    void rejectsInvalidItemsOfTheAgentApi(String item, String expected) throws Exception {
        refused(expected, agent(item, "'store':true"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{'role':'user','content':'x'},{'role':'user','content':'y'} | 'store':true | unknown field",
                "{'role':'user','content':'x'},{'role':'user','content':'y'} | 'stream':false | alternate",
                "{'role':'user','content':'x'},{'role':'assistant','content':'y'} | 'stream':false | Last message",
                "{'role':'user','content':'x'} | 'reasoning_effort':'xhigh' | reasoning_effort",
                "{'role':'user','content':'x'} | 'search_mode':'news' | search_mode",
                "{'role':'user','content':'x'} | 'web_search_options':{'size':'low'} | unknown field",
                "{'role':'user','content':[{'type':'image_url'}]} | 'stream':false | image_url is required"
            })
    void rejectsInvalidRequestsOfSonarChat(String messages, String rest, String expected) throws Exception {
        refused(expected, sonar("sonar", messages, rest));
    }

    @Test
    void putsReasoningAtTheStartOfSonarsText() throws Exception {
        String ask = "{'role':'user','content':'Why?'}";
        String whole = ok(sonar("sonar-reasoning-pro", ask, "'reasoning_effort':'low'"))
                .at("/choices/0/message/content")
                .asText();
        List<JsonNode> events =
                SimulatorClient.events(sonar("sonar-reasoning-pro", ask, "'reasoning_effort':'low','stream':true")
                        .body());

        assertThat(whole).startsWith("<think>").contains("</think>\n\n");
        assertThat(events.get(events.size() - 1)
                        .at("/choices/0/message/content")
                        .asText())
                .isEqualTo(whole);
        assertThat(events.stream()
                        .map(event -> event.at("/choices/0/delta/content").asText())
                        .reduce("", String::concat))
                .isEqualTo(whole);
    }

    @Test
    void embedsAsSignedBytes() throws Exception {
        JsonNode answer = ok(embed("'input':['a fox','a dog'],'dimensions':128"));

        assertThat(bytes(answer.at("/data/1/embedding"))).hasSize(128);
        assertThat(answer.at("/data/1/index").asInt()).isEqualTo(1);
        assertThat(answer.at("/usage/prompt_tokens").longValue())
                .isEqualTo(simulator.log().get(0).promptTokens());
        assertThat(bytes(ok(embed("'input':'a fox','encoding_format':'base64_binary'"))
                        .at("/data/0/embedding")))
                .hasSize(128);
        refused("dimensions", embed("'input':'a fox','dimensions':2000"));
        refused("something else than a text", embed("'input':[7]"));
        refused("expected 1 to 512", embed("'input':[]"));
        refused("encoding_format", embed("'input':'a fox','encoding_format':'float'"));
        refused("unknown field", embed("'input':'a fox','user':'me'"));
    }

    private static byte[] bytes(JsonNode base64) {
        return Base64.getDecoder().decode(base64.asText());
    }

    private static String sentBack(JsonNode call) {
        return "{'type':'function_call','call_id':'" + call.path("call_id").asText() + "','name':'"
                + call.path("name").asText() + "','arguments':'"
                + call.path("arguments").asText().replace("\"", "\\\"") + "','thought_signature':'"
                + call.path("thought_signature").asText() + "'}";
    }

    private static String result(JsonNode call) {
        return "{'type':'function_call_output','call_id':'"
                + call.path("call_id").asText() + "','output':'result of "
                + call.path("name").asText() + "'}";
    }

    /** Ids differ from call to call, and with them what is signed. */
    private static JsonNode withoutIds(JsonNode items) {
        ArrayNode bare = items.deepCopy();
        bare.forEach(item -> ((ObjectNode) item).remove(List.of("id", "call_id", "thought_signature")));
        return bare;
    }

    private HttpResponse<String> agent(String items, String rest) throws Exception {
        return post("/v1/agent", "{'model':'perplexity/sonar','input':[" + items + "]," + rest + "}");
    }

    private HttpResponse<String> sonar(String model, String messages, String rest) throws Exception {
        return post("/chat/completions", "{'model':'" + model + "','messages':[" + messages + "]," + rest + "}");
    }

    private HttpResponse<String> embed(String rest) throws Exception {
        return post("/v1/embeddings", "{'model':'pplx-embed-v1-0.6b'," + rest + "}");
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return client.post("perplexity", path, body.replace('\'', '"'));
    }

    private static ObjectNode ok(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return (ObjectNode) SimulatorClient.json(response);
    }

    private static void refused(String expected, HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(response.body()).contains(expected);
        assertThat(SimulatorClient.json(response).at("/error/code").asInt()).isEqualTo(400);
    }
}
