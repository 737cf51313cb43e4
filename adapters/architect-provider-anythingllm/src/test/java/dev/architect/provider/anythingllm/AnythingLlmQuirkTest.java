package dev.architect.provider.anythingllm;

import static dev.architect.provider.anythingllm.AnythingLlmReplay.error;
import static dev.architect.provider.anythingllm.AnythingLlmReplay.failure;
import static dev.architect.provider.anythingllm.AnythingLlmReplay.streamed;
import static dev.architect.provider.anythingllm.AnythingLlmReplay.whole;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Citation;
import dev.architect.chat.Part;
import dev.architect.embedding.Embedding;
import dev.architect.embedding.EmbeddingAnswer;
import dev.architect.embedding.EmbeddingCall;
import dev.architect.model.Capability;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelInfo;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.testkit.replay.RecordedReply;
import dev.architect.testkit.replay.ReplyServer;
import dev.architect.usage.TokenUsage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is peculiar to AnythingLLM's wire format and was not recorded. */
class AnythingLlmQuirkTest {

    private static final String CHUNK =
            json("{'type':'textResponseChunk','textResponse':'half','close':false,'error':false}");
    private static final String METRICS =
            "'metrics':{'prompt_tokens':5,'completion_tokens':2,'model':'m','provider':'P'}";
    private static final String END =
            json("{'type':'finalizeResponseStream','close':true,'error':false," + METRICS + "}");
    private static final String ABORT =
            json("{'id':'x','type':'abort','textResponse':null,'close':true,'error':'secret words'}");

    @Test
    void sendsTheTextToTheWorkspaceInASessionOfItsOwn() throws Exception {
        try (ReplyServer server = ReplyServer.replying(
                        200, "application/json", json("{'type':'textResponse','textResponse':'hi'," + METRICS + "}"));
                AnythingLlmProvider provider = AnythingLlmReplay.open(server)) {
            ProviderCall call = new ProviderCall(
                    "my docs",
                    ChatRequest.builder("Hello?")
                            .needs(Set.of(Capability.DOCUMENTS))
                            .build(),
                    Duration.ofSeconds(20));
            provider.chat(call);
            provider.chat(call);

            String sent = server.requests().get(0);
            assertThat(sent)
                    .startsWith("POST /v1/workspace/my%20docs/chat HTTP/1.1")
                    .containsIgnoringCase("authorization: Bearer key-replay");
            JsonNode body = body(sent);
            assertThat(body.path("message").asText()).isEqualTo("Hello?");
            assertThat(body.path("sessionId").asText()).startsWith("architect-");
            assertThat(body).hasSize(2);
            assertThat(body(server.requests().get(1)).path("sessionId"))
                    .as("session of the next call")
                    .isNotEqualTo(body.path("sessionId"));
        }
    }

    @Test
    void anAbortInTheMiddleFailsTheAnswerThoughItSeemsToEndWell() {
        ProviderException failure = failure(() -> streamed(CHUNK, ABORT, END));

        assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(failure.receivedCharacters()).isEqualTo(4);
        assertThat(failure).message().doesNotContain("secret");
    }

    @Test
    void anErrorTextInAnyEventFailsTheAnswer() {
        assertThat(failure(() -> streamed(CHUNK.replace("\"error\":false", "\"error\":\"secret words\""), END)))
                .message()
                .doesNotContain("secret");
    }

    @Test
    void closeIsNotTheEnd() throws Exception {
        String last = CHUNK.replace("\"close\":false", "\"close\":true");

        assertThat(streamed(CHUNK, last, END).text()).isEqualTo("halfhalf");
        assertThat(failure(() -> streamed(CHUNK, last)).kind()).isEqualTo(FailureKind.PROTOCOL);
        assertThat(failure(() -> streamed(last, ABORT, END)).kind()).isEqualTo(FailureKind.UNAVAILABLE);
    }

    @Test
    void whatAModelThinksIsNotPartOfTheText() throws Exception {
        String chunk = "{'type':'textResponseChunk','textResponse':'%s','close':false,'error':false}";
        ProviderAnswer streamed = streamed(
                json(chunk.formatted("<th")),
                json(chunk.formatted("ink>Two, or ")),
                json(chunk.formatted("four.</thi")),
                json(chunk.formatted("nk>\\n\\nFour <think>.")),
                END);
        ProviderAnswer whole = whole(json("{'type':'textResponse',"
                + "'textResponse':'<think>Two, or four.</think>\\n\\nFour <think>.'," + METRICS + "}"));

        assertThat(streamed.content())
                .containsExactly(new Part.Reasoning("Two, or four.", Optional.empty()), new Part.Text("Four <think>."));
        assertThat(whole).isEqualTo(streamed);
    }

    @Test
    void anAnswerOfReasoningAloneIsAnAnswer() throws Exception {
        ProviderAnswer answer = whole(json("{'type':'textResponse','textResponse':'<think>Hm'," + METRICS + "}"));

        assertThat(answer.text()).isEmpty();
        assertThat(answer.content()).containsExactly(new Part.Reasoning("Hm", Optional.empty()));
    }

    @Test
    void citesEachSourceOnceWithItsPlaceOnTheWeb() throws Exception {
        String sources =
                "'sources':[{'title':'a.txt','text':'A.','chunkSource':'localfile://a.txt','url':'file://a.txt'},"
                        + "{'title':'A page','chunk':'B.','chunkSource':'link://https://example.com/b'},"
                        + "{'title':'A page','chunk':'B.','chunkSource':'link://https://example.com/b'},"
                        + "{'title':'c','url':'https://example.com/c'},{'score':0.5}]";

        ProviderAnswer answer = streamed(CHUNK, END.replace("\"close\"", json(sources) + ",\"close\""));

        assertThat(answer.citations())
                .containsExactly(
                        new Citation("", "a.txt", Optional.empty(), Optional.of("A.")),
                        new Citation("", "A page", Optional.of("https://example.com/b"), Optional.of("B.")),
                        new Citation("", "c", Optional.of("https://example.com/c"), Optional.empty()));
    }

    @Test
    void listsWorkspacesAsModels() throws Exception {
        RecordedReply recorded = AnythingLlmReplay.reply("openai-models");
        try (ReplyServer server = ReplyServer.replaying(recorded, 7);
                AnythingLlmProvider provider = AnythingLlmReplay.open(server)) {
            assertThat(provider.models(Duration.ofSeconds(20)))
                    .containsExactly(ModelInfo.hosted("sample-workspace"), ModelInfo.hosted("empty-query"));
            assertThat(server.requests().get(0)).startsWith("GET /v1/openai/models HTTP/1.1");
        }
        try (ReplyServer server = ReplyServer.replying(200, "application/json", "{\"data\":{}}");
                AnythingLlmProvider provider = AnythingLlmReplay.open(server)) {
            assertThat(failure(() -> provider.models(Duration.ofSeconds(20))).kind())
                    .isEqualTo(FailureKind.PROTOCOL);
        }
    }

    @Test
    void makesVectorsWithTheEmbedderOfTheServer() throws Exception {
        EmbeddingCall call = new EmbeddingCall("docs", List.of("one", "two"), Optional.empty(), Duration.ofSeconds(20));
        String body = json("{'object':'list','data':[{'embedding':[0.5],'index':0},{'embedding':[-1],'index':1}],"
                + "'model':'all-MiniLM-L6-v2'}");
        try (ReplyServer server = ReplyServer.replying(200, "application/json", body);
                AnythingLlmProvider provider = AnythingLlmReplay.open(server)) {
            EmbeddingAnswer answer = provider.embed(call);

            assertThat(answer.vectors()).containsExactly(Embedding.of(0.5f), Embedding.of(-1));
            assertThat(answer.model()).isEqualTo("all-MiniLM-L6-v2");
            assertThat(answer.usage().isUnknown()).isTrue();
            assertThat(server.requests().get(0)).startsWith("POST /v1/openai/embeddings HTTP/1.1");
            assertThat(body(server.requests().get(0)).toString()).isEqualTo(json("{'input':['one','two']}"));
            ProviderException sized = failure(() ->
                    provider.embed(new EmbeddingCall("docs", List.of("one"), Optional.of(64), Duration.ofSeconds(20))));
            assertThat(sized.kind()).isEqualTo(FailureKind.UNSUPPORTED);
            assertThat(sized).hasMessageContaining("dimensions is 64, expected none");
            assertThat(failure(() -> provider.embed(new EmbeddingCall(
                                    "docs", List.of("one"), Optional.empty(), Duration.ofSeconds(20))))
                            .kind())
                    .isEqualTo(FailureKind.PROTOCOL);
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void aModelWithoutTextHasFailed() {
        String empty = json("{'type':'finalizeResponseStream','close':true,'error':false}");

        assertThat(failure(() -> streamed(empty)).kind()).isEqualTo(FailureKind.UNAVAILABLE);
    }

    @Test
    void aWorkspaceWithoutDocumentsAnswersAStreamWithOneEvent() throws Exception {
        ProviderAnswer answer = streamed(json("{'id':'x','type':'textResponse','textResponse':'nothing found',"
                + "'sources':[],'close':true,'error':null,'metrics':{}}"));

        assertThat(answer.text()).isEqualTo("nothing found");
        assertThat(answer.stopReason()).isEqualTo(StopReason.OTHER);
        assertThat(answer.usage().isUnknown()).isTrue();
    }

    @Test
    void appendsAnAgentsAnswerOnce() throws Exception {
        ProviderAnswer answer = streamed(
                json("{'type':'agentThought','thought':'searching'}"),
                CHUNK,
                json("{'type':'finalizeResponseStream','textResponse':'half and half','error':false," + METRICS + "}"));

        assertThat(answer.text()).isEqualTo("half and half");
        assertThat(answer.usage()).isEqualTo(TokenUsage.of(5, 2));
        assertThat(answer.model()).isEqualTo("P/m");
    }

    @Test
    void anAnswerOfAnotherTypeIsAFailure() {
        for (String body : List.of("{}", CHUNK)) {
            assertThat(failure(() -> whole(body)).kind()).isEqualTo(FailureKind.PROTOCOL);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, INVALID_REQUEST",
        "401, AUTHENTICATION",
        "403, AUTHENTICATION",
        "404, INVALID_REQUEST",
        "500, UNAVAILABLE",
        "502, UNAVAILABLE",
        "503, OVERLOADED"
    })
    void mapsErrorsByTheirStatus(int status, FailureKind kind) {
        assertThat(error(status, ABORT).kind()).isEqualTo(kind);
        assertThat(error(status, "").kind()).isEqualTo(kind);
        assertThat(error(status, ABORT)).message().doesNotContain("secret");
    }

    /** The text is the server's own for its workspaces, and that of the provider behind it for models. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | Workspace nowhere is not a valid workspace. | MODEL_NOT_FOUND",
                "400 | Message is empty | INVALID_REQUEST",
                "404 | Not Found | INVALID_REQUEST",
                "500 | model \"llama9\" not found, try pulling it first | MODEL_NOT_FOUND",
                "500 | 404 The model `gpt-9` does not exist or you do not have access to it. | MODEL_NOT_FOUND",
                "500 | Your credit balance is too low to access the Anthropic API. | QUOTA_EXHAUSTED",
                "500 | prompt is too long: 3333404 tokens > 200000 maximum | CONTEXT_TOO_LONG",
                "500 | This model's maximum context length is 8192 tokens. | CONTEXT_TOO_LONG",
                "500 | connect ECONNREFUSED | UNAVAILABLE"
            })
    void aTextThatNamesTheCauseIsRead(int status, String text, FailureKind kind) throws IOException {
        String abort = new ObjectMapper()
                .createObjectNode()
                .put("type", "abort")
                .put("error", text)
                .toString();

        assertThat(error(status, abort).kind()).isEqualTo(kind);
        assertThat(error(status, abort)).message().doesNotContain(text);
        if (status == 500) {
            assertThat(failure(() -> streamed(abort)).kind()).isEqualTo(kind);
        }
    }

    private static String json(String singleQuoted) {
        return singleQuoted.replace('\'', '"');
    }

    private static JsonNode body(String request) throws IOException {
        return new ObjectMapper().readTree(request.substring(request.indexOf("\r\n\r\n")));
    }
}
