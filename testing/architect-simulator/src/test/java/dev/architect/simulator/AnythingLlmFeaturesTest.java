package dev.architect.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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

/** Modes, threads, sessions, attachments, reasoning and vectors on the wire of AnythingLLM. JSON is in single quotes. */
class AnythingLlmFeaturesTest extends SimulatorCases {

    private static final String DOCS = "/v1/workspace/docs/chat";
    private static final String IMAGE =
            "{'name':'a.png','mime':'image/png','contentString':'data:image/png;base64,aGVsbG8='}";
    private static final String DOCUMENT = "{'name':'a.pdf','mime':'application/anythingllm-document',"
            + "'contentString':'data:application/pdf;base64,aGVsbG8='}";

    @Override
    SimulatorScript script() {
        SimulatedModel model =
                SimulatedModel.of(ModelStrength.CHEAP, SimulatedPrices.free()).servedBy("OllamaAILLM", "qwen3:8b");
        return SimulatorScript.standard()
                .with(
                        "anythingllm",
                        one -> one.withModel("empty-query", model).withModel("thinker", model.withReasoningShare(0.5)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1000})
    void putsReasoningIntoTheTextWholeAndStreamed(int tokensPerChunk) throws Exception {
        simulator.update(script -> script.with("anythingllm", one -> one.withTokensPerChunk(tokensPerChunk)));
        String whole = ok(post("/v1/workspace/thinker/chat", "{'message':'Why?'}"))
                .path("textResponse")
                .asText();
        StringBuilder streamed = new StringBuilder();
        SimulatorClient.events(post("/v1/workspace/thinker/stream-chat", "{'message':'Why?'}")
                        .body())
                .forEach(event -> streamed.append(event.path("textResponse").asText()));

        assertThat(whole).startsWith("<think>").contains("</think>\n\n");
        assertThat(streamed).hasToString(whole);
        assertThat(simulator.log().get(0).reasoningTokens()).isPositive();
    }

    @Test
    void aWorkspaceWithoutDocumentsAnswersNoQueries() throws Exception {
        String query = "{'message':'Why?','mode':'query'}";
        JsonNode refusal = ok(post("/v1/workspace/empty-query/chat", query));
        assertThat(refusal.path("type").asText()).isEqualTo("textResponse");
        assertThat(refusal.path("textResponse").asText()).startsWith("There is no relevant information");
        assertThat(refusal.path("metrics")).isEmpty();

        HttpResponse<String> streamed = post("/v1/workspace/empty-query/stream-chat", query);
        assertThat(streamed.headers().firstValue("content-type")).contains("text/event-stream");
        assertThat(SimulatorClient.events(streamed.body())).containsExactly(refusal);

        assertThat(ok(post("/v1/workspace/empty-query/chat", "{'message':'Why?','mode':'chat'}"))
                        .path("metrics"))
                .isNotEmpty();
        assertThat(ok(post(DOCS, query)).path("sources")).isNotEmpty();
    }

    @Test
    void continuesSessionsAndThreads() throws Exception {
        ok(post(DOCS, "{'message':'Why?','sessionId':'s','reset':true}"));
        ok(post("/v1/workspace/docs/thread/support-7/chat", "{'message':'Why?','mode':'automatic'}"));
        assertThat(SimulatorClient.events(post("/v1/workspace/docs/thread/support-7/stream-chat", "{'message':'Why?'}")
                        .body()))
                .last()
                .satisfies(end -> assertThat(end.path("type").asText()).isEqualTo("finalizeResponseStream"));
        assertThat(ok(post(DOCS, "{'reset':true}")).path("textResponse").asText())
                .isEqualTo("Chat history was reset!");

        refused("Workspace docs or thread Nope! is not valid.", post("/v1/workspace/docs/thread/Nope!/chat", "{}"));
        refused("sessionId is not a valid field.", post("/v1/workspace/docs/thread/a/chat", "{'sessionId':'s'}"));
    }

    @Test
    void readsAttachments() throws Exception {
        ok(post(DOCS, "{'message':'Why?','attachments':[" + IMAGE + "," + DOCUMENT + "]}"));

        assertThat(simulator.log().get(0).mediaParts()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'mime':'image/png' | 'mime':'application/pdf' | attachments.0 is not a valid image.",
                "data:image/png;base64,aGVsbG8= | aGVsbG8= | contentString is not a valid data URI.",
                "aGVsbG8= | aGV!bG8= | contentString is not a valid data URI.",
                "'name':'a.png', |  | attachments.0.name is empty",
                "'name':'a.png' | 'name':'a.png','size':5 | attachments.0.size is not a valid field."
            })
    void rejectsUnsupportedAttachments(String from, String to, String expected) throws Exception {
        String attachment = IMAGE.replace(from, to == null ? "" : to);
        assertThat(attachment).isNotEqualTo(IMAGE);

        refused(expected, post(DOCS, "{'message':'Why?','attachments':[" + attachment + "]}"));
    }

    @Test
    void aDocumentNeedsAFileExtension() throws Exception {
        refused(
                "attachments.0 is not a valid document name.",
                post(DOCS, "{'message':'Why?','attachments':[" + DOCUMENT.replace("a.pdf", "a") + "]}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'message':'Why?','temperature':0} | temperature is not a valid field.",
                "{'message':['Why?']} | message is not a valid string.",
                "{'message':'Why?','mode':'loud'} | loud is not a valid mode.",
                "{'message':'Why?','reset':'yes'} | reset is not a valid boolean.",
                "{'message':'Why?','attachments':{}} | attachments is not a valid list.",
                "{'mode':'chat'} | Message is empty"
            })
    void rejectsInvalidRequests(String body, String expected) throws Exception {
        refused(expected, post(DOCS, body));
    }

    @Test
    void embedsTexts() throws Exception {
        JsonNode answer = ok(post("/v1/openai/embeddings", "{'input':['a fox','a dog']}"));

        assertThat(answer.path("data")).hasSize(2);
        assertThat(answer.at("/data/1/embedding")).hasSize(384);
        assertThat(answer.at("/data/1/index").asInt()).isEqualTo(1);
        assertThat(answer.has("usage")).isFalse();
        refused("input is empty", post("/v1/openai/embeddings", "{}"));
        refused("input.0 is not a valid string.", post("/v1/openai/embeddings", "{'input':[7]}"));
    }

    private HttpResponse<String> post(String path, String singleQuoted) throws Exception {
        return client.post("anythingllm", path, singleQuoted.replace('\'', '"'), "authorization", "Bearer sim-key");
    }

    private static JsonNode ok(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return SimulatorClient.json(response);
    }

    private static void refused(String expected, HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        JsonNode body = SimulatorClient.json(response);
        assertThat(body.path("type").asText()).isEqualTo("abort");
        assertThat(body.path("error").asText()).contains(expected);
        assertThat(List.of(
                        body.path("close").asBoolean(),
                        body.path("textResponse").isNull()))
                .containsOnly(true);
    }
}
