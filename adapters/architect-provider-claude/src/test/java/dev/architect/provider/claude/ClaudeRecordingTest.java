package dev.architect.provider.claude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.chat.ChatRequest;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Recorded traffic of the real service, compared with what the vendor's own client made of the same bytes. */
class ClaudeRecordingTest {

    private static final Path RECORDINGS = Path.of("src/test/resources/recordings");

    /** Sizes of the pieces in which bodies travel: cut everywhere, oddly, and hardly. */
    private static final List<Integer> PIECES = List.of(1, 13, 65536);

    @TestFactory
    Stream<DynamicTest> readsAnswersAsTheVendorsClientDoes() {
        return Stream.of(
                        "cache-write",
                        "json-schema-output",
                        "opus-5-text",
                        "parallel-tool-calls",
                        "text-basic",
                        "text-stream",
                        "thinking-stream",
                        "tool-roundtrip",
                        "tool-stream")
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    List<RecordedReply> replies = replies(name);
                    JsonNode expected = expected(name);
                    assertThat(replies).hasSize(expected.size());
                    for (int index = 0; index < replies.size(); index++) {
                        for (int pieces : PIECES) {
                            assertSame(ask(replies.get(index), pieces), expected.get(index));
                        }
                    }
                }));
    }

    @Test
    void readsErrorsAsTheVendorsClientDoes() throws Exception {
        ProviderException badKey = failure(replies("error-401").get(0));
        assertThat(badKey.kind()).isEqualTo(FailureKind.AUTHENTICATION);
        assertThat(badKey.status()).hasValue(401);
        assertThat(badKey).hasMessageContaining("authentication_error");

        ProviderException badRequest = failure(replies("error-400-shape").get(0));
        assertThat(badRequest.kind()).isEqualTo(FailureKind.INVALID_REQUEST);
        assertThat(badRequest).hasMessageContaining("invalid_request_error");
    }

    @Test
    void tellsARefusalWholeAndStreamed() throws Exception {
        for (RecordedReply reply : List.of(
                RecordedReply.ofBody(fixture("anthropic-refusal.json")),
                RecordedReply.ofEvents(fixture("anthropic-refusal.chunks.txt")))) {
            ProviderAnswer answer = ask(reply, 7);

            assertThat(answer.stopReason()).isEqualTo(StopReason.REFUSED);
            assertThat(answer.text()).isEmpty();
            assertThat(answer.usage().count(UsageBucket.INPUT)).isEqualTo(18);
        }
    }

    @Test
    void lastCountOfAStreamHolds() throws Exception {
        ProviderAnswer answer =
                ask(RecordedReply.ofEvents(fixture("anthropic-message-delta-input-tokens.chunks.txt")), 5);

        assertThat(answer.text()).isEqualTo("pong");
        assertThat(answer.usage()).isEqualTo(TokenUsage.of(61, 2));
    }

    @Test
    void otherFixturesAreAnswers() throws Exception {
        for (String name : List.of("anthropic-text", "anthropic-json-tool.1", "anthropic-clear-thinking.1")) {
            ProviderAnswer whole = ask(RecordedReply.ofBody(fixture(name + ".json")), 50);
            ProviderAnswer streamed = ask(RecordedReply.ofEvents(fixture(name + ".chunks.txt")), 50);

            assertThat(whole.usageSource()).isEqualTo(UsageSource.REPORTED);
            assertThat(streamed.usageSource()).isEqualTo(UsageSource.REPORTED);
            assertThat(streamed.stopReason()).isEqualTo(whole.stopReason());
        }
    }

    /** A recorded stream that is cut anywhere before its last event is never an answer. */
    @Test
    void aRecordedStreamCutAnywhereIsNoAnswer() throws Exception {
        RecordedReply whole = replies("text-stream").get(0);
        int end = whole.body().indexOf("message_stop");
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

    private static void assertSame(ProviderAnswer answer, JsonNode expected) {
        assertThat(answer.text()).isEqualTo(expected.path("text").asText(""));
        assertThat(answer.model()).isEqualTo(expected.path("model").asText());
        assertThat(answer.stopReason())
                .isEqualTo(
                        switch (expected.path("stop_reason").asText()) {
                            case "end_turn" -> StopReason.COMPLETE;
                            case "max_tokens" -> StopReason.LENGTH;
                            case "tool_use" -> StopReason.TOOL_CALLS;
                            default -> StopReason.OTHER;
                        });
        JsonNode counts = expected.path("usage");
        TokenUsage usage = answer.usage();
        assertThat(usage.count(UsageBucket.INPUT))
                .isEqualTo(counts.path("input_tokens").asLong());
        assertThat(usage.count(UsageBucket.CACHE_READ))
                .isEqualTo(counts.path("cache_read_input_tokens").asLong());
        assertThat(usage.promptTokens())
                .isEqualTo(counts.path("input_tokens").asLong()
                        + counts.path("cache_read_input_tokens").asLong()
                        + counts.path("cache_creation_input_tokens").asLong());
        assertThat(usage.completionTokens())
                .isEqualTo(counts.path("output_tokens").asLong());
        assertThat(usage.count(UsageBucket.REASONING_IN_OUTPUT))
                .isEqualTo(counts.path("output_tokens_details")
                        .path("thinking_tokens")
                        .asLong());
        assertThat(answer.usageSource()).isEqualTo(UsageSource.REPORTED);
    }

    private static ProviderAnswer ask(RecordedReply reply, int pieces) throws IOException {
        try (ReplyServer server = ReplyServer.replaying(reply, pieces);
                ClaudeProvider provider = ClaudeProvider.builder(name -> Optional.of("sk-replay"))
                        .baseUrl(server.url())
                        .build()) {
            ProviderCall call = new ProviderCall("claude-haiku-4-5", ChatRequest.of("Hello?"), Duration.ofSeconds(20));
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
        return RecordedReply.load(RECORDINGS.resolve("anthropic/" + name + ".json"));
    }

    private static JsonNode expected(String name) throws IOException {
        return new ObjectMapper()
                .readTree(RECORDINGS
                        .resolve("expected/anthropic/" + name + ".json")
                        .toFile())
                .path("oracle");
    }

    private static Path fixture(String name) {
        return RECORDINGS.resolve("anthropic/chunk-fixtures/" + name);
    }
}
