package dev.architect.provider.ollama;

import static dev.architect.provider.ollama.OllamaReplay.ask;
import static dev.architect.provider.ollama.OllamaReplay.failure;
import static dev.architect.provider.ollama.OllamaReplay.replies;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.chat.Part;
import dev.architect.chat.Signature;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.spi.ProviderAnswer;
import dev.architect.testkit.replay.RecordedReply;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What recorded traffic shows beside what {@link OllamaReplayTest} compares with Ollama's own client. */
class OllamaRecordingTest {

    @Test
    void keepsThinkingOutOfTheText() throws Exception {
        RecordedReply reply = replies("chat-with-callable-tool").get(0);

        assertThat(reply.body()).contains("Thinking Process");
        ProviderAnswer answer = ask(reply, 100);

        assertThat(answer.text()).isEmpty();
        assertThat(answer.content().get(0))
                .isEqualTo(new Part.Reasoning(
                        expected("chat-with-callable-tool").path("thinking").asText(),
                        Optional.of(new Signature("ollama", "llama3.2"))));
        assertThat(answer.toolCalls().get(0).id()).isEqualTo("call_2k7ryu9k");
    }

    @Test
    void namesTheModelThatAnswered() throws Exception {
        assertThat(ask(replies("chat").get(0), 100).model()).isEqualTo("llama3");
        assertThat(ask(replies("chat-stream").get(0), 100).model()).isEqualTo("llama3");
    }

    @Test
    void reportsAModelThatTheServerLacks() throws Exception {
        RecordedReply reply = replies("error-404-model").get(0);

        ProviderException failure = failure(() -> ask(reply, 100));

        assertThat(failure.kind()).isEqualTo(FailureKind.MODEL_NOT_FOUND);
        assertThat(failure.status()).hasValue(404);
        assertThat(failure).message().doesNotContain("nonexistent");
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
