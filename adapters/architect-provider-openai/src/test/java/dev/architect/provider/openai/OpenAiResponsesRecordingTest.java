package dev.architect.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Part;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.testkit.replay.RecordedReply;
import dev.architect.testkit.replay.ReplayRunner;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Recorded traffic of the Responses API, beyond what {@link OpenAiResponsesReplayTest} shows. */
class OpenAiResponsesRecordingTest {

    private static final Path RECORDINGS = Path.of("src/test/resources/recordings");
    private static final ProviderCall CALL =
            new ProviderCall("gpt-5-nano", ChatRequest.of("Hello?"), Duration.ofSeconds(20));
    private static final ReplayRunner REPLAYS = new ReplayRunner(CALL, OpenAiResponsesReplayTest::provider);
    private static final Path FIXTURES = RECORDINGS.resolve("openai-responses/chunk-fixtures");

    @Test
    void countsTokensAsTheVendorsClientDoes() throws Exception {
        StubbedOpenAi stub = StubbedOpenAi.replying(
                OpenAiApi.RESPONSES, 200, replies("count-tokens").get(0).body());
        try (OpenAiProvider provider = stub.open()) {
            assertThat(provider.countTokens(CALL))
                    .isEqualTo(
                            expected("count-tokens").at("/0/count/input_tokens").asLong());
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
        assertThat(ask(replies("background").get(2)).stopReason()).isEqualTo(StopReason.COMPLETE);
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
        ProviderAnswer streamed = ask(RecordedReply.ofEvents(FIXTURES.resolve("openai-phase.1.chunks.txt")));
        ProviderAnswer whole = ask(RecordedReply.ofBody(FIXTURES.resolve("openai-phase.1.json")));

        assertThat(streamed.text()).startsWith("Got it").contains("Here are a few **AI");
        assertThat(whole.text()).startsWith("I’ll quickly").contains("Here are some **latest");
        assertThat(streamed.stopReason()).isEqualTo(StopReason.COMPLETE);
    }

    @Test
    void passesOverItemsItDoesNotKnow() throws Exception {
        ProviderAnswer streamed = ask(RecordedReply.ofEvents(FIXTURES.resolve("openai-custom-tool.1.chunks.txt")));

        assertThat(streamed.content()).isEmpty();
        assertThat(streamed.usage().promptTokens()).isEqualTo(50);
    }

    /** The fixture holds several responses in a row, of which a call reads the first: encrypted reasoning and a call of a tool. */
    @Test
    void keepsEncryptedReasoning() throws Exception {
        ProviderAnswer answer =
                ask(RecordedReply.ofEvents(FIXTURES.resolve("openai-reasoning-encrypted-content.1.chunks.txt")));

        Part.Reasoning reasoning = (Part.Reasoning) answer.content().get(0);
        assertThat(reasoning.text()).startsWith("**Calculating step-by-step using calculator**\n\nI'll");
        assertThat(reasoning.signature().orElseThrow().provider()).isEqualTo("openai");
        assertThat(reasoning.signature().orElseThrow().value()).startsWith("gAAAAA");
        assertThat(answer.toolCalls()).hasSize(1);
    }

    /** The recording reports 0 of everything, and has text. */
    @Test
    void zeroOfEverythingIsNoCount() throws Exception {
        ProviderAnswer answer = ask(replies("incomplete-stream").get(0));

        assertThat(answer.text()).isNotBlank();
        assertThat(answer.usage()).isEqualTo(TokenUsage.UNKNOWN);
        assertThat(answer.usageSource()).isEqualTo(UsageSource.ESTIMATED);
    }

    private static ProviderAnswer ask(RecordedReply reply) {
        return REPLAYS.call(reply, reply.isStreamed(), 13);
    }

    private static ProviderException failure(RecordedReply reply) {
        return ReplayRunner.failureOf(() -> ask(reply));
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
