package dev.architect.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Part;
import dev.architect.chat.StopReason;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.testkit.RecordedReply;
import dev.architect.testkit.ReplyServer;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Recorded traffic of the Responses API, beyond what replaying it shows. */
class ResponsesRecordingTest {

    private static final Path RECORDINGS = Path.of("src/test/resources/recordings");
    private static final Path FIXTURES = RECORDINGS.resolve("openai-responses/chunk-fixtures");

    @Test
    void countsTokensAsTheVendorsClientDoes() throws Exception {
        try (ReplyServer server = ReplyServer.replaying(replies("count-tokens").get(0), 13);
                OpenAiProvider provider = provider(server)) {
            long counted = provider.countTokens(
                    new ProviderCall("gpt-4.1-mini", ChatRequest.of("Hello?"), Duration.ofSeconds(20)));

            assertThat(counted)
                    .isEqualTo(expected("count-tokens")
                            .get(0)
                            .path("count")
                            .path("input_tokens")
                            .asLong());
        }
    }

    @Test
    void readsErrorsAsTheVendorsClientDoes() throws Exception {
        ProviderException failure = failure(replies("error-400").get(0));

        assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_REQUEST);
        assertThat(failure.status()).hasValue(400);
        assertThat(failure).hasMessageContaining("decimal_below_min_value");
    }

    @Test
    void aResponseThatIsStillQueuedIsNoAnswer() throws Exception {
        assertThat(failure(replies("background").get(0)).kind()).isEqualTo(FailureKind.PROTOCOL);
        assertThat(ask(replies("background").get(2), 13).stopReason()).isEqualTo(StopReason.COMPLETE);
    }

    @Test
    void aQuotaFailureInsideASuccessfulStreamIsOne() throws Exception {
        ProviderException failure = failure(RecordedReply.ofEvents(FIXTURES.resolve("openai-error.1.chunks.txt")));

        assertThat(failure.kind()).isEqualTo(FailureKind.QUOTA_EXHAUSTED);
        assertThat(failure.status()).hasValue(200);
        assertThat(failure).hasMessageContaining("insufficient_quota");
    }

    @Test
    void joinsCommentaryAndAnswer() throws Exception {
        ProviderAnswer streamed = ask(RecordedReply.ofEvents(FIXTURES.resolve("openai-phase.1.chunks.txt")), 13);
        ProviderAnswer whole = ask(RecordedReply.ofBody(FIXTURES.resolve("openai-phase.1.json")), 13);

        assertThat(streamed.text()).startsWith("Got it").contains("Here are a few **AI");
        assertThat(whole.text()).startsWith("I’ll quickly").contains("Here are some **latest");
        assertThat(streamed.stopReason()).isEqualTo(StopReason.COMPLETE);
    }

    @Test
    void passesOverItemsItDoesNotKnow() throws Exception {
        ProviderAnswer streamed = ask(RecordedReply.ofEvents(FIXTURES.resolve("openai-custom-tool.1.chunks.txt")), 13);

        assertThat(streamed.content()).isEmpty();
        assertThat(streamed.usage().promptTokens()).isEqualTo(50);
    }

    /** The fixture holds several responses in a row, of which a call reads the first: encrypted reasoning and a call of a tool. */
    @Test
    void keepsEncryptedReasoning() throws Exception {
        ProviderAnswer answer =
                ask(RecordedReply.ofEvents(FIXTURES.resolve("openai-reasoning-encrypted-content.1.chunks.txt")), 13);

        Part.Reasoning reasoning = (Part.Reasoning) answer.content().get(0);
        assertThat(reasoning.text()).startsWith("**Calculating step-by-step using calculator**\n\nI'll");
        assertThat(reasoning.signature().orElseThrow().provider()).isEqualTo("openai");
        assertThat(reasoning.signature().orElseThrow().value()).startsWith("gAAAAA");
        assertThat(answer.toolCalls()).hasSize(1);
    }

    /** The vector G07 of the cost reference: reasoning is a part of the answer's tokens, and counted once. */
    @Test
    void countsReasoningOnce() throws Exception {
        TokenUsage usage = ask(replies("reasoning-gpt-5-4").get(0), 100).usage();

        assertThat(usage.count(UsageBucket.INPUT)).isEqualTo(50);
        assertThat(usage.completionTokens()).isEqualTo(1229);
        assertThat(usage.count(UsageBucket.REASONING_IN_OUTPUT)).isEqualTo(1016);
    }

    /** The recording says 0 of everything, and has text. */
    @Test
    void zeroOfEverythingIsNoCount() throws Exception {
        ProviderAnswer answer = ask(replies("incomplete-stream").get(0), 100);

        assertThat(answer.text()).isNotBlank();
        assertThat(answer.usage()).isEqualTo(TokenUsage.UNKNOWN);
        assertThat(answer.usageSource()).isEqualTo(UsageSource.ESTIMATED);
    }

    /** A recorded stream that is cut anywhere before its last event is never an answer. */
    @Test
    void aRecordedStreamCutAnywhereIsNoAnswer() throws Exception {
        RecordedReply whole = replies("incomplete-stream").get(0);
        int end = whole.body().indexOf("event: response.incomplete");
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
                OpenAiProvider provider = provider(server)) {
            ProviderCall call = new ProviderCall("gpt-5-nano", ChatRequest.of("Hello?"), Duration.ofSeconds(20));
            if (!reply.isStreamed()) {
                return provider.chat(call);
            }
            StringBuilder heard = new StringBuilder();
            ProviderAnswer answer = provider.stream(call, heard::append);
            assertThat(heard).hasToString(answer.text());
            return answer;
        }
    }

    private static OpenAiProvider provider(ReplyServer server) {
        return OpenAiProvider.builder(name -> Optional.of("sk-replay"))
                .api(OpenAiApi.RESPONSES)
                .baseUrl(server.url())
                .build();
    }

    private static ProviderException failure(RecordedReply reply) {
        ProviderException failure = catchThrowableOfType(ProviderException.class, () -> ask(reply, 1000));
        assertThat(failure).isNotNull();
        return failure;
    }

    private static List<RecordedReply> replies(String name) throws IOException {
        return RecordedReply.load(RECORDINGS.resolve("openai-responses/" + name + ".json"));
    }

    private static JsonNode expected(String name) throws IOException {
        return new ObjectMapper()
                .readTree(RECORDINGS
                        .resolve("expected/openai-responses/" + name + ".json")
                        .toFile())
                .path("oracle");
    }
}
