package dev.architect.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatRequest;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.testkit.RecordedReply;
import dev.architect.testkit.ReplyServer;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Recorded traffic of Chat Completions, beyond what replaying it shows. */
class OpenAiRecordingTest {

    private static final Path RECORDINGS = Path.of("src/test/resources/recordings");

    @Test
    void readsErrorsAsTheVendorsClientDoes() throws Exception {
        ProviderException badKey = failure(replies("error-401").get(0));
        assertThat(badKey.kind()).isEqualTo(FailureKind.AUTHENTICATION);
        assertThat(badKey.status()).hasValue(401);
        assertThat(badKey).hasMessageContaining("invalid_api_key");

        ProviderException noModel = failure(replies("error-404-model").get(0));
        assertThat(noModel.kind()).isEqualTo(FailureKind.INVALID_REQUEST);
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
                ask(RecordedReply.ofBody(RECORDINGS.resolve("openai-chat/chunk-fixtures/openai-text.json")), 100);

        assertThat(answer.text()).startsWith("**Holiday Name:** Galaxy Day").endsWith("beyond our world.");
        assertThat(answer.usage().promptTokens()).isEqualTo(16);
        assertThat(answer.usage().completionTokens()).isEqualTo(363);
    }

    /** The vector G06 of the cost reference: cached tokens are a part of the prompt, and counted once. */
    @Test
    void keepsCachedTokensInStreams() throws Exception {
        TokenUsage usage = ask(replies("cache-read-stream").get(0), 100).usage();

        assertThat(usage.count(UsageBucket.INPUT)).isEqualTo(140);
        assertThat(usage.count(UsageBucket.CACHE_READ)).isEqualTo(1280);
        assertThat(usage.count(UsageBucket.OUTPUT)).isEqualTo(100);
    }

    /** A recorded stream that is cut anywhere before its counts came is never an answer. */
    @Test
    void aRecordedStreamCutAnywhereIsNoAnswer() throws Exception {
        RecordedReply whole = replies("text-stream-usage").get(0);
        int end = whole.body().indexOf("\"usage\":{");
        assertThat(end).isPositive();
        for (int length = 0; length < end; length += 61) {
            RecordedReply cut = new RecordedReply(
                    whole.path(),
                    whole.model(),
                    true,
                    200,
                    whole.headers(),
                    whole.body().substring(0, length));

            assertThat(failure(cut).kind()).isEqualTo(FailureKind.PROTOCOL);
        }
    }

    private static ProviderAnswer ask(RecordedReply reply, int pieces) throws IOException {
        try (ReplyServer server = ReplyServer.replaying(reply, pieces);
                OpenAiProvider provider = OpenAiProvider.builder(name -> Optional.of("sk-replay"))
                        .baseUrl(server.url())
                        .build()) {
            ProviderCall call = new ProviderCall("gpt-4o-mini", ChatRequest.of("Hello?"), Duration.ofSeconds(20));
            if (!reply.isStreamed()) {
                return provider.chat(call);
            }
            StringBuilder heard = new StringBuilder();
            ProviderAnswer answer = provider.stream(call, heard::append);
            assertThat(heard).hasToString(answer.text());
            return answer;
        }
    }

    private static ProviderException failure(RecordedReply reply) {
        ProviderException failure = catchThrowableOfType(ProviderException.class, () -> ask(reply, 1000));
        assertThat(failure).isNotNull();
        return failure;
    }

    private static List<RecordedReply> replies(String name) throws IOException {
        return RecordedReply.load(RECORDINGS.resolve("openai-chat/" + name + ".json"));
    }
}
