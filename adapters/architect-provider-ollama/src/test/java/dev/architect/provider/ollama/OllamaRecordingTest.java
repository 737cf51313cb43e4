package dev.architect.provider.ollama;

import static dev.architect.provider.ollama.OllamaReplay.ask;
import static dev.architect.provider.ollama.OllamaReplay.failure;
import static dev.architect.provider.ollama.OllamaReplay.replies;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.chat.Part;
import dev.architect.chat.Signature;
import dev.architect.chat.StopReason;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.spi.ProviderAnswer;
import dev.architect.testkit.RecordedReply;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Recorded traffic of real servers, compared with what Ollama's own client made of the same bytes. */
class OllamaRecordingTest {

    /** Sizes of the pieces in which bodies travel: cut everywhere, oddly, and hardly. */
    private static final List<Integer> PIECES = List.of(1, 13, 65536);

    @TestFactory
    Stream<DynamicTest> readsAnswersAsTheVendorsClientDoes() {
        return Stream.of(
                        "chat",
                        "chat-stream",
                        "chat-tool-calls",
                        "chat-with-callable-tool",
                        "generate",
                        "generate-stream")
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    RecordedReply reply = replies(name).get(0);
                    for (int pieces : PIECES) {
                        assertSame(ask(reply, pieces), expected(name));
                    }
                }));
    }

    @Test
    void keepsThinkingOutOfTheText() throws Exception {
        RecordedReply reply = replies("chat-with-callable-tool").get(0);

        assertThat(reply.body()).contains("Thinking Process");
        ProviderAnswer answer = ask(reply, 100);

        assertThat(answer.text()).isEmpty();
        assertThat(answer.content().get(0))
                .isEqualTo(new Part.Reasoning(
                        expected("chat-with-callable-tool").path("thinking").asText(),
                        new Signature("ollama", "llama3.2")));
        assertThat(answer.toolCalls().get(0).id()).isEqualTo("call_2k7ryu9k");
    }

    @Test
    void namesTheModelThatAnswered() throws Exception {
        assertThat(ask(replies("chat").get(0), 100).model()).isEqualTo("llama3");
        assertThat(ask(replies("chat-stream").get(0), 100).model()).isEqualTo("llama3");
    }

    @Test
    void tellsAModelThatTheServerDoesNotHave() throws Exception {
        RecordedReply reply = replies("error-404-model").get(0);

        ProviderException failure = failure(() -> ask(reply, 100));

        assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_REQUEST);
        assertThat(failure.status()).hasValue(404);
        assertThat(failure).message().doesNotContain("nonexistent");
    }

    /** A recorded stream that is cut anywhere before its last line is never an answer. */
    @Test
    void aRecordedStreamCutAnywhereIsNoAnswer() throws Exception {
        RecordedReply whole = replies("chat-stream").get(0);
        int end = whole.body().indexOf("\"done\":true");
        assertThat(end).isPositive();
        for (int length = 0; length < end; length += 61) {
            RecordedReply cut = new RecordedReply(
                    "", "", true, 200, whole.headers(), whole.body().substring(0, length));

            assertThat(failure(() -> ask(cut, 1000)).kind()).isEqualTo(FailureKind.PROTOCOL);
        }
    }

    private static void assertSame(ProviderAnswer answer, JsonNode expected) {
        assertThat(answer.text()).isEqualTo(expected.path("text").asText());
        assertThat(expected.path("done_reason").asText()).isEqualTo("stop");
        assertThat(answer.toolCalls()).hasSameSizeAs(expected.path("tool_calls"));
        for (int index = 0; index < answer.toolCalls().size(); index++) {
            JsonNode call = expected.path("tool_calls").path(index);
            assertThat(answer.toolCalls().get(index).name())
                    .isEqualTo(call.path("name").asText());
            assertThat(tree(answer.toolCalls().get(index).arguments())).isEqualTo(call.path("arguments"));
        }
        assertThat(answer.stopReason())
                .isEqualTo(answer.toolCalls().isEmpty() ? StopReason.COMPLETE : StopReason.TOOL_CALLS);
        assertThat(answer.usage())
                .isEqualTo(TokenUsage.of(
                        expected.path("prompt_eval_count").asLong(),
                        expected.path("eval_count").asLong()));
        assertThat(answer.usageSource()).isEqualTo(UsageSource.REPORTED);
    }

    private static JsonNode tree(String json) {
        try {
            return new ObjectMapper().readTree(json);
        } catch (IOException e) {
            throw new AssertionError(json, e);
        }
    }

    private static JsonNode expected(String name) throws IOException {
        return new ObjectMapper()
                .readTree(OllamaReplay.RECORDINGS
                        .resolve("expected/ollama/" + name + ".json")
                        .toFile())
                .path("oracle")
                .path(0);
    }
}
