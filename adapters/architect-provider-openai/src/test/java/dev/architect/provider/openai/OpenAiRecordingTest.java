package dev.architect.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatRequest;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.testkit.replay.RecordedReply;
import dev.architect.testkit.replay.ReplayRunner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Recorded traffic of Chat Completions, beyond what {@link OpenAiChatReplayTest} shows. */
class OpenAiRecordingTest {

    private static final Path RECORDINGS = Path.of("src/test/resources/recordings");
    private static final ReplayRunner REPLAYS = new ReplayRunner(
            new ProviderCall("gpt-4o-mini", ChatRequest.of("Hello?"), Duration.ofSeconds(20)),
            OpenAiChatReplayTest::provider);

    @Test
    void readsErrorsAsTheVendorsClientDoes() throws Exception {
        ProviderException badKey = failure(replies("error-401").get(0));
        assertThat(badKey.kind()).isEqualTo(FailureKind.AUTHENTICATION);
        assertThat(badKey.status()).hasValue(401);
        assertThat(badKey).hasMessageContaining("invalid_api_key");

        ProviderException noModel = failure(replies("error-404-model").get(0));
        assertThat(noModel.kind()).isEqualTo(FailureKind.MODEL_NOT_FOUND);
        assertThat(noModel).hasMessageContaining("model_not_found");

        RecordedReply parameter = RecordedReply.ofBody(
                RECORDINGS.resolve("openai-chat/chunk-fixtures/reasoning-model-legacy-parameter-error.json"));
        ProviderException unsupported = failure(new RecordedReply("", "", false, 400, Map.of(), parameter.body()));
        assertThat(unsupported.kind()).isEqualTo(FailureKind.INVALID_REQUEST);
        assertThat(unsupported).hasMessageContaining("unsupported_parameter");
    }

    @Test
    void readsTheFixtureOfAWholeAnswer() throws Exception {
        ProviderAnswer answer =
                ask(RecordedReply.ofBody(RECORDINGS.resolve("openai-chat/chunk-fixtures/openai-text.json")));

        assertThat(answer.text()).startsWith("**Holiday Name:** Galaxy Day").endsWith("beyond our world.");
        assertThat(answer.usage().promptTokens()).isEqualTo(16);
        assertThat(answer.usage().completionTokens()).isEqualTo(363);
    }

    private static ProviderAnswer ask(RecordedReply reply) {
        return REPLAYS.call(reply, reply.isStreamed(), 13);
    }

    private static ProviderException failure(RecordedReply reply) {
        return ReplayRunner.failureOf(() -> ask(reply));
    }

    private static List<RecordedReply> replies(String name) throws IOException {
        return RecordedReply.load(RECORDINGS.resolve("openai-chat/" + name + ".json"));
    }
}
