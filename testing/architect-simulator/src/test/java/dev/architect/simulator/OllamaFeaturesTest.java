package dev.architect.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.log.CallAction;
import dev.architect.simulator.log.SimulatedCall;
import dev.architect.simulator.script.ModelStrength;
import dev.architect.simulator.script.SimulatedModel;
import dev.architect.simulator.script.SimulatedPrices;
import dev.architect.simulator.script.SimulatorScript;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tools, thinking, schemas, images, vectors and models on the wire of Ollama. JSON is written with single quotes. */
class OllamaFeaturesTest extends SimulatorCases {

    private static final String TOOLS = "'tools':[{'type':'function','function':{'name':'weather','description':'d',"
            + "'parameters':{'type':'object','properties':{'city':{'type':'string'},'days':{'type':'integer'}},"
            + "'required':['city','days']}}},{'type':'function','function':{'name':'clock','parameters':{}}}]";
    private static final String ASK = "{'role':'user','content':'Ask weather Rome and the clock'}";

    @Override
    SimulatorScript script() {
        return SimulatorScript.standard()
                .with(
                        "ollama",
                        one -> one.withModel("gemma4", SimulatedModel.of(ModelStrength.CHEAP, SimulatedPrices.free()))
                                .withModel("gemma3", SimulatedModel.of(ModelStrength.CHEAP, SimulatedPrices.free())));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 1000})
    void streamsTheWholeAnswer(int tokensPerChunk) throws Exception {
        simulator.update(script -> script.with("ollama", one -> one.withTokensPerChunk(tokensPerChunk)));
        for (String rest : List.of("'think':true", TOOLS, TOOLS + ",'think':'max'", "'format':'json'")) {
            JsonNode plain = ok(chat("qwen3:8b", ASK, rest + ",'stream':false"));
            StringBuilder text = new StringBuilder();
            StringBuilder thinking = new StringBuilder();
            ArrayNode calls = SimulatorJson.array();
            List<JsonNode> lines =
                    SimulatorClient.events(chat("qwen3:8b", ASK, rest).body());
            for (JsonNode line : lines) {
                text.append(line.at("/message/content").asText());
                thinking.append(line.at("/message/thinking").asText());
                line.at("/message/tool_calls").forEach(calls::add);
            }
            JsonNode last = lines.get(lines.size() - 1);

            assertThat(text).hasToString(plain.at("/message/content").asText());
            assertThat(thinking).hasToString(plain.at("/message/thinking").asText());
            assertThat(calls).hasSameSizeAs(plain.at("/message/tool_calls"));
            for (int i = 0; i < calls.size(); i++) {
                assertThat(calls.get(i).path("function"))
                        .isEqualTo(plain.at("/message/tool_calls").get(i).path("function"));
            }
            assertThat(last.path("done_reason").asText()).isEqualTo("stop");
            assertThat(last.path("eval_count")).isEqualTo(plain.path("eval_count"));
        }
    }

    @Test
    void completesTheToolLoop() throws Exception {
        JsonNode asked = ok(chat("llama3.2", ASK, TOOLS + ",'stream':false"));
        assertThat(asked.path("done_reason").asText()).isEqualTo("stop");
        assertThat(asked.at("/message/content").asText()).isEmpty();
        assertThat(asked.at("/message/tool_calls/0/function/name").asText()).isEqualTo("weather");
        assertThat(asked.at("/message/tool_calls/0/function/arguments").toString())
                .isEqualTo("{\"city\":\"Rome\",\"days\":7}");
        assertThat(asked.at("/message/tool_calls/1/function/arguments").toString())
                .isEqualTo("{}");
        assertThat(simulator.log().get(0)).satisfies(call -> {
            assertThat(call.toolsOffered()).isEqualTo(2);
            assertThat(call.toolCalls()).isEqualTo(2);
        });

        String loop = ASK + "," + asked.path("message") + ",{'role':'tool','content':'sunny','tool_name':'weather'},"
                + "{'role':'tool','content':'noon','tool_name':'clock'}";
        assertThat(ok(chat("llama3.2", loop, TOOLS + ",'stream':false"))
                        .at("/message/content")
                        .asText())
                .contains("sunny", "noon");
        refused("without a tool call", chat("llama3.2", ASK + ",{'role':'tool','content':'sunny'}", TOOLS));
        refused("without a tool call", chat("llama3.2", loop + ",{'role':'tool','content':'third'}", TOOLS));
    }

    @Test
    void reasonsOnRequest() throws Exception {
        assertThat(ok(chat("qwen3:8b", ASK, "'think':false,'stream':false"))
                        .path("message")
                        .has("thinking"))
                .isFalse();
        assertThat(ok(chat("qwen3:8b", ASK, "'think':'low','stream':false"))
                        .at("/message/thinking")
                        .asText())
                .isNotBlank();
        assertThat(simulator.log().get(1).effort()).isEqualTo("low");
        refused("\"llama3.2\" does not support thinking", chat("llama3.2", ASK, "'think':true"));
        ok(chat("llama3.2", ASK, "'think':false"));
        refused("invalid think value: \"xhigh\"", chat("qwen3:8b", ASK, "'think':'xhigh'"));
        refused("invalid think value: 7", chat("qwen3:8b", ASK, "'think':7"));
    }

    @Test
    void answersJsonOfTheSchema() throws Exception {
        String schema = "'format':{'type':'object','properties':{'n':{'type':'integer'}},'required':['n']}";

        assertThat(ok(chat("llama3.2", ASK, schema + ",'stream':false"))
                        .at("/message/content")
                        .asText())
                .isEqualTo("{\"n\":7}");
        refused("invalid format: \"xml\"", chat("llama3.2", ASK, "'format':'xml'"));
    }

    @Test
    void readsImages() throws Exception {
        String image = "{'role':'user','content':'What?','images':['aGVsbG8=']}";

        ok(chat("gemma4", image, "'stream':false"));
        assertThat(simulator.log().get(0).mediaParts()).isEqualTo(1);
        refused("missing data required for image input", chat("llama3.2", image, "'stream':false"));
        refused("illegal base64", chat("gemma4", image.replace("aGVsbG8=", "data:image/png"), "'stream':false"));
    }

    @Test
    void stopsAtAStopSequence() throws Exception {
        String text = ok(chat("llama3.2", ASK, "'stream':false"))
                .at("/message/content")
                .asText();
        String word = text.split(" ")[2];

        assertThat(ok(chat("llama3.2", ASK, "'options':{'stop':['" + word + "']},'stream':false"))
                        .at("/message/content")
                        .asText())
                .isEqualTo(text.substring(0, text.indexOf(word)));
    }

    @Test
    void truncatesALongPromptByDefault() throws Exception {
        String small = "'options':{'num_ctx':4},'stream':false";

        ok(chat("llama3.2", ASK, small));
        refused("exceeds the available context size (4 tokens)", chat("llama3.2", ASK, small + ",'truncate':false"));
    }

    @Test
    void embedsTexts() throws Exception {
        JsonNode answer = ok(post(
                "/api/embed",
                "{'model':'nomic-embed-text','input':['a fox','a dog'],'truncate':false,'dimensions':64}"));

        assertThat(answer.path("embeddings")).hasSize(2);
        assertThat(answer.at("/embeddings/0")).hasSize(64);
        assertThat(answer.path("prompt_eval_count").asLong()).isEqualTo(4);
        assertThat(ok(post("/api/embed", "{'model':'nomic-embed-text:latest','input':'a fox'}"))
                        .at("/embeddings/0"))
                .hasSize(768);
        refused("does not support embeddings", post("/api/embed", "{'model':'llama3.2','input':'a'}"));
        refused("does not support chat", chat("nomic-embed-text", ASK, "'stream':false"));
        refused("input is required", post("/api/embed", "{'model':'nomic-embed-text'}"));
        refused("invalid input type", post("/api/embed", "{'model':'nomic-embed-text','input':[7]}"));
        refused(
                "the input length exceeds the context length",
                post(
                        "/api/embed",
                        "{'model':'nomic-embed-text','truncate':false,'input':'" + "word ".repeat(8_000) + "'}"));
    }

    @Test
    void listsCapabilitiesAndLoadedModels() throws Exception {
        JsonNode shown = ok(post("/api/show", "{'model':'qwen3:8b'}"));
        assertThat(shown.path("capabilities").toString()).isEqualTo("[\"completion\",\"tools\",\"thinking\"]");
        assertThat(shown.at("/model_info/simulated.context_length").asLong()).isEqualTo(40_960);
        assertThat(ok(post("/api/show", "{'model':'nomic-embed-text'}"))
                        .path("capabilities")
                        .toString())
                .isEqualTo("[\"embedding\"]");
        assertThat(post("/api/show", "{'model':'nope'}").statusCode()).isEqualTo(404);

        assertThat(client.get("ollama", "/api/tags").body()).contains("nomic-embed-text:latest", "qwen3:8b");
        assertThat(client.get("ollama", "/api/ps").body())
                .contains("\"context_length\":40960")
                .doesNotContain("nomic-embed-text");
    }

    @Test
    void pullsAModel() throws Exception {
        HttpResponse<String> pulled = post("/api/pull", "{'model':'llama3.2'}");
        assertThat(pulled.headers().firstValue("content-type")).contains("application/x-ndjson");
        assertThat(SimulatorClient.events(pulled.body()))
                .extracting(line -> line.path("status").asText())
                .startsWith("pulling manifest")
                .endsWith("success");
        assertThat(post("/api/pull", "{'model':'nope'}").body())
                .contains("\"error\":\"pull model manifest: file does not exist\"");
        assertThat(post("/api/pull", "{'model':'nope','stream':false}").statusCode())
                .isEqualTo(500);
        assertThat(ok(post("/api/pull", "{'model':'llama3.2','stream':false}"))
                        .path("status")
                        .asText())
                .isEqualTo("success");
    }

    @Test
    void loadsAndUnloads() throws Exception {
        assertThat(ok(post("/api/chat", "{'model':'llama3.2'}"))
                        .path("done_reason")
                        .asText())
                .isEqualTo("load");
        assertThat(ok(post("/api/chat", "{'model':'llama3.2','keep_alive':0}"))
                        .path("done_reason")
                        .asText())
                .isEqualTo("unload");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'max_tokens':5 | json: unknown field \"max_tokens\"",
                "'tools':[{'name':'a'}] | json: unknown field \"name\"",
                "'tools':[{'type':'function','function':{'name':'a'}}] | parameters is required",
                "'tools':[{'type':'function','function':{'name':'a','parameters':'{}'}}] | ToolFunctionParameters",
                "'stream':'yes' | of type bool",
                "'options':{'num_ctx':'many'} | option \"num_ctx\" must be of type integer",
                "'options':{'temperature':'hot'} | option \"temperature\" must be of type float32",
                "'options':{'stop':'END'} | option \"stop\" must be of type array",
                "'options':{'max_tokens':5} | invalid option provided: max_tokens",
                "'options':[] | Go struct field options",
                "'keep_alive':'soon' | time: invalid duration \"soon\""
            })
    void rejectsInvalidRequests(String rest, String expected) throws Exception {
        refused(expected, chat("llama3.2", ASK, rest));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'role':'developer','content':'x'} | invalid role: developer",
                "{'content':'x'} | messages.0.role is required",
                "{'role':'user','content':['x']} | Go struct field messages.0.content of type string",
                "{'role':'user','content':'x','name':'y'} | json: unknown field \"name\"",
                "{'role':'assistant','tool_calls':[{'function':{'name':'a','arguments':'{}'}}]} | ToolCallFunctionArguments",
                "{'role':'assistant','tool_calls':[{'id':'a'}]} | function is required",
                "'text' | map[string]interface {}"
            })
    void rejectsInvalidMessages(String message, String expected) throws Exception {
        refused(expected, chat("llama3.2", message, "'stream':false"));
    }

    @Test
    void toolsNeedAModelThatSupportsThem() throws Exception {
        refused("registry.ollama.ai/library/gemma3 does not support tools", chat("gemma3", ASK, TOOLS));
    }

    private HttpResponse<String> chat(String model, String messages, String rest) throws Exception {
        return post("/api/chat", "{'model':'" + model + "','messages':[" + messages + "]," + rest + "}");
    }

    private HttpResponse<String> post(String path, String singleQuoted) throws Exception {
        return client.post("ollama", path, singleQuoted.replace('\'', '"'));
    }

    private static JsonNode ok(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return SimulatorClient.json(response.body().lines().findFirst().orElseThrow());
    }

    private void refused(String expected, HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(SimulatorClient.json(response).path("error").asText()).contains(expected);
        List<SimulatedCall> log = simulator.log();
        assertThat(log.get(log.size() - 1).action()).isEqualTo(CallAction.BAD_REQUEST);
    }
}
