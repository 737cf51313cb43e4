package dev.architect.provider.ollama;

import static dev.architect.provider.ollama.OllamaReplay.error;
import static dev.architect.provider.ollama.OllamaReplay.failure;
import static dev.architect.provider.ollama.OllamaReplay.streamed;
import static dev.architect.provider.ollama.OllamaReplay.whole;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.Signature;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.testkit.provider.ClosedPort;
import dev.architect.testkit.replay.ReplyServer;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is peculiar to Ollama's wire format and was not recorded. */
class OllamaQuirkTest {

    private static final String DONE =
            json("{'model':'llama3.2','message':{'content':'hi'},'done_reason':'stop','done':true,"
                    + "'prompt_eval_count':5,'eval_count':2}");

    @Test
    void sendsEveryFieldWhereOllamaLooksForIt() throws Exception {
        ChatRequest request = ChatRequest.builder("And now?")
                .earlier(Message.user("First."))
                .earlier(Message.assistant("Second."))
                .system("Be brief.")
                .maxOutputTokens(7)
                .temperature(0.5)
                .stopSequences(List.of("END"))
                .build();

        String sent = sent(request, DONE, false);

        assertThat(sent).startsWith("POST /api/chat HTTP/1.1").doesNotContainIgnoringCase("authorization");
        assertThat(body(sent))
                .isEqualTo(tree("{'model':'llama3.2','messages':[{'role':'system','content':'Be brief.'},"
                        + "{'role':'user','content':'First.'},{'role':'assistant','content':'Second.'},"
                        + "{'role':'user','content':'And now?'}],"
                        + "'options':{'num_predict':7,'temperature':0.5,'stop':['END']},"
                        + "'truncate':false,'stream':false}"));
    }

    @Test
    void alwaysWritesWhetherToStream() throws Exception {
        ChatRequest request = ChatRequest.of("Hello?");

        assertThat(body(sent(request, DONE, false)).path("stream").isBoolean()).isTrue();
        assertThat(body(sent(request, DONE + "\n", true)).path("stream").asBoolean())
                .isTrue();
        assertThat(body(sent(request, DONE, false)).has("options")).isFalse();
    }

    @Test
    void countsThatAreMissingStayUnknown() throws Exception {
        ProviderAnswer answer = whole(DONE.replace("\"prompt_eval_count\":5,", ""));

        assertThat(answer.usage().isKnown(UsageBucket.INPUT)).isFalse();
        assertThat(answer.usage().count(UsageBucket.OUTPUT)).isEqualTo(2);
        assertThat(answer.usageSource()).isEqualTo(UsageSource.ESTIMATED);
    }

    @ParameterizedTest
    @CsvSource({"stop, COMPLETE", "length, LENGTH", "unload, OTHER", "'', OTHER"})
    void mapsDoneReasons(String word, StopReason reason) throws Exception {
        assertThat(whole(DONE.replace("\"stop\"", "\"" + word + "\"")).stopReason())
                .isEqualTo(reason);
    }

    @Test
    void toolCallsWithoutIdsAndUnderOneIndexAreDistinguished() throws Exception {
        String calls = json("{'model':'qwen3','message':{'content':'','thinking':'Two cities.','tool_calls':["
                + "{'function':{'index':0,'name':'weather','arguments':{'city':'Oslo','days':2}}},"
                + "{'function':{'index':0,'name':'weather','arguments':{'city':'Bergen'}}},"
                + "{'id':'call_x','function':{'name':'clock','arguments':{}}}]},'done':false}");
        String end = DONE.replace("\"hi\"", "\"\"");

        ProviderAnswer answer = streamed(calls, end);

        assertThat(answer.content())
                .containsExactly(
                        new Part.Reasoning("Two cities.", Optional.of(new Signature("ollama", "llama3.2"))),
                        Part.ToolCall.of("call_1", "weather", json("{'city':'Oslo','days':2}")),
                        Part.ToolCall.of("call_2", "weather", json("{'city':'Bergen'}")),
                        Part.ToolCall.of("call_x", "clock", "{}"));
        assertThat(answer.stopReason()).isEqualTo(StopReason.TOOL_CALLS);
    }

    @Test
    void toolCallsOverSeveralLinesAreAllKept() throws Exception {
        String call =
                "{'message':{'content':'','tool_calls':[{'function':{'name':'%s','arguments':%s}}]},'done':false}";

        ProviderAnswer answer = streamed(
                json(call.formatted("a", "{'n':1}")),
                json(call.formatted("b", "'{\\'n\\':2}'")),
                json(call.formatted("c", "null")),
                DONE);

        assertThat(answer.toolCalls())
                .containsExactly(
                        Part.ToolCall.of("call_1", "a", json("{'n':1}")),
                        Part.ToolCall.of("call_2", "b", json("{'n':2}")),
                        Part.ToolCall.of("call_3", "c", "{}"));
    }

    @Test
    void aToolCallWithoutANameIsAFailure() {
        String call = json("{'message':{'content':'','tool_calls':[{'function':{'arguments':{}}}]},'done':false}");

        assertThat(failure(() -> streamed(call, DONE)).kind()).isEqualTo(FailureKind.PROTOCOL);
    }

    @Test
    void reasoningComesBeforeTheTextWholeAndStreamed() throws Exception {
        String reasoning = "{'message':{'role':'assistant','content':'','thinking':'%s'},'done':false}";

        ProviderAnswer streamed =
                streamed(json(reasoning.formatted("Let me ")), json(reasoning.formatted("see.")), DONE);
        ProviderAnswer whole =
                whole(DONE.replace("\"content\":\"hi\"", "\"content\":\"hi\",\"thinking\":\"Let me see.\""));

        assertThat(streamed.content())
                .containsExactly(
                        new Part.Reasoning("Let me see.", Optional.of(new Signature("ollama", "llama3.2"))),
                        new Part.Text("hi"));
        assertThat(whole).isEqualTo(streamed);
        assertThat(streamed.usage().isKnown(UsageBucket.REASONING)).isFalse();
        assertThat(streamed.usage().isKnown(UsageBucket.REASONING_IN_OUTPUT)).isFalse();
    }

    @Test
    void anErrorLineInsideAStreamIsAFailure() {
        ProviderException failure = failure(() -> streamed(
                json("{'model':'llama3.2','message':{'content':'half'},'done':false}"),
                json("{'error':'an error was encountered while running the model: secret words'}")));

        assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(failure.receivedCharacters()).isEqualTo(4);
        assertThat(failure).message().doesNotContain("secret");
    }

    @Test
    void anErrorInsideAWholeAnswerIsAFailure() {
        assertThat(failure(() -> whole(json("{'error':'server busy, please try again'}")))
                        .kind())
                .isEqualTo(FailureKind.OVERLOADED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'message':{'content':'half'},'done':false}", "{'message':{'content':'half'}}"})
    void anAnswerThatIsNotDoneIsAFailure(String line) {
        assertThat(failure(() -> whole(json(line))).kind()).isEqualTo(FailureKind.PROTOCOL);
        assertThat(failure(() -> streamed(json(line))).kind()).isEqualTo(FailureKind.PROTOCOL);
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid character in request body, INVALID_REQUEST",
        "400, this model does not support tools, INVALID_REQUEST",
        "400, prompt too long; exceeded max context length by 12 tokens, CONTEXT_TOO_LONG",
        "400, the prompt is longer than the context length currently available, CONTEXT_TOO_LONG",
        "401, Unauthorized, AUTHENTICATION",
        "404, model 'x' not found, MODEL_NOT_FOUND",
        "404, 'model ''x'' not found, try pulling it first', MODEL_NOT_FOUND",
        "404, 'model ''qwen3:8b-q4_K_M'' not found', MODEL_NOT_FOUND",
        "410, model 'x' has been retired, MODEL_NOT_FOUND",
        "400, invalid model name, MODEL_NOT_FOUND",
        "404, 404 page not found, INVALID_REQUEST",
        "404, blob not found, INVALID_REQUEST",
        "429, you have reached your weekly usage limit; upgrade for more, QUOTA_EXHAUSTED",
        "429, 'you (name) have reached your session usage limit, please wait or upgrade to continue', QUOTA_EXHAUSTED",
        "403, 'this model requires a subscription, upgrade for access', QUOTA_EXHAUSTED",
        "429, too many requests, RATE_LIMITED",
        "500, model requires more system memory, UNAVAILABLE",
        "502, cloud unreachable, UNAVAILABLE",
        "503, server busy. maximum pending requests exceeded, OVERLOADED"
    })
    void mapsErrors(int status, String text, FailureKind kind) {
        ProviderException failure = error(status, "{\"error\":\"" + text + "\"}");

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).message().doesNotContain(text);
    }

    @Test
    void aPageThatIsMissingIsNoMissingModel() {
        for (String body :
                List.of("404 page not found", "<html>Not Found</html>", "", "{}", "{\"detail\":\"Not Found\"}")) {
            assertThat(error(404, body).kind()).isEqualTo(FailureKind.INVALID_REQUEST);
        }
    }

    /** The runner's own JSON travels as the text of the error. */
    @Test
    void findsAPromptThatIsTooLongInTheRunnersMessage() {
        String nested = json("{'error':{'code':400,'message':'request (8889 tokens) exceeds the available context size"
                + " (4096 tokens)','type':'exceed_context_size_error'}}");
        String body = "{\"error\":\"" + nested.replace("\"", "\\\"") + "\"}";

        assertThat(error(400, body).kind()).isEqualTo(FailureKind.CONTEXT_TOO_LONG);
        assertThat(error(400, nested).kind()).isEqualTo(FailureKind.CONTEXT_TOO_LONG);
    }

    @Test
    void aServerThatDoesNotRunWasNotReached() throws Exception {
        try (ClosedPort port = new ClosedPort();
                OllamaProvider provider = OllamaProvider.builder()
                        .baseUrl(URI.create("http://127.0.0.1:" + port.number()))
                        .build()) {
            ProviderException failure = failure(() -> provider.chat(OllamaReplay.call()));

            assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(failure.delivery()).isEqualTo(DeliveryStatus.NOT_SENT);
            assertThat(provider.probe().reachable()).isFalse();
        }
    }

    @Test
    void theLocalServerNeedsNothingToBeConfigured() {
        try (OllamaProvider provider = OllamaProvider.local()) {
            assertThat(provider.name()).isEqualTo("ollama");
        }
    }

    @Test
    void probesTheVersion() throws Exception {
        try (ReplyServer server = ReplyServer.replying(200, "application/json", "{\"version\":\"0.33.0\"}");
                OllamaProvider provider = OllamaReplay.open(server)) {
            assertThat(provider.probe().usable()).isTrue();
            assertThat(server.requests().get(0)).startsWith("GET /api/version HTTP/1.1");
        }
        try (ReplyServer server = ReplyServer.replying(200, "text/html", "<html>another server</html>");
                OllamaProvider provider = OllamaReplay.open(server)) {
            assertThat(provider.probe().usable()).isFalse();
        }
    }

    private static String sent(ChatRequest request, String reply, boolean streamed) throws IOException {
        try (ReplyServer server = ReplyServer.replying(200, "application/json", reply);
                OllamaProvider provider = OllamaReplay.open(server)) {
            ProviderCall call = new ProviderCall("llama3.2", request, Duration.ofSeconds(20));
            ProviderAnswer answer = streamed ? provider.stream(call, piece -> {}) : provider.chat(call);
            assertThat(answer.text()).isEqualTo("hi");
            return server.requests().get(0);
        }
    }

    private static String json(String singleQuoted) {
        return singleQuoted.replace('\'', '"');
    }

    private static JsonNode tree(String singleQuoted) throws IOException {
        return new ObjectMapper().readTree(json(singleQuoted));
    }

    private static JsonNode body(String request) throws IOException {
        return new ObjectMapper().readTree(request.substring(request.indexOf("\r\n\r\n")));
    }
}
