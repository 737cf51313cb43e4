package dev.architect.provider.claude;

import static dev.architect.provider.claude.StubbedClaude.OLDER;
import static dev.architect.provider.claude.StubbedClaude.call;
import static dev.architect.provider.claude.StubbedClaude.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Part;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.RateLimit;
import dev.architect.model.StopReason;
import dev.architect.provider.http.message.ReplyHeaders;
import dev.architect.spi.ProviderAnswer;
import dev.architect.testkit.replay.RecordedReply;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What recorded traffic shows beside what {@link ClaudeReplayTest} compares with the vendor's own client. */
class ClaudeRecordingTest {

    private static final Path RECORDINGS = Path.of("src/test/resources/recordings");

    @Test
    void distinguishesRecordedErrors() throws Exception {
        ProviderException badKey = failure(recorded("error-401"));
        assertThat(badKey.kind()).isEqualTo(FailureKind.AUTHENTICATION);
        assertThat(badKey).hasMessageContaining("authentication_error");

        ProviderException badRequest = failure(recorded("error-400-shape"));
        assertThat(badRequest.kind()).isEqualTo(FailureKind.INVALID_REQUEST);
        assertThat(badRequest).hasMessageContaining("invalid_request_error");
    }

    @Test
    void reportsARefusalWholeAndStreamed() throws Exception {
        for (RecordedReply reply : List.of(whole("anthropic-refusal"), stream("anthropic-refusal"))) {
            ProviderAnswer answer = answer(reply);

            assertThat(answer.stopReason()).isEqualTo(StopReason.REFUSED);
            assertThat(answer.content()).isEmpty();
            assertThat(answer.usage().promptTokens()).isEqualTo(18);
        }
    }

    @Test
    void lastCountOfAStreamHolds() throws Exception {
        ProviderAnswer answer = answer(stream("anthropic-message-delta-input-tokens"));

        assertThat(answer.text()).isEqualTo("pong");
        assertThat(answer.usage()).isEqualTo(TokenUsage.of(61, 2));
    }

    @Test
    void readsTheJsonToolWholeAndStreamed() throws Exception {
        for (RecordedReply reply : List.of(whole("anthropic-json-tool.1"), stream("anthropic-json-tool.1"))) {
            ProviderAnswer answer = answer(reply);

            assertThat(answer.stopReason()).isEqualTo(StopReason.TOOL_CALLS);
            assertThat(answer.toolCalls()).hasSize(1);
            assertThat(answer.toolCalls().get(0).name()).isEqualTo("json");
            assertThat(json(answer.toolCalls().get(0).arguments()).at("/elements/0/location"))
                    .isEqualTo(json("\"San Francisco\""));
        }
    }

    @Test
    void keepsRecordedReasoningWithItsSignature() throws Exception {
        for (RecordedReply reply : List.of(whole("anthropic-clear-thinking.1"), stream("anthropic-clear-thinking.1"))) {
            ProviderAnswer answer = answer(reply);

            assertThat(answer.content()).hasSize(2);
            Part.Reasoning reasoning = (Part.Reasoning) answer.content().get(0);
            assertThat(reasoning.text()).isNotBlank();
            assertThat(reply.body())
                    .contains("\"" + reasoning.signature().orElseThrow().value() + "\"");
            assertThat(answer.text()).isNotBlank();
        }
    }

    @Test
    void readsTextWholeAndStreamed() throws Exception {
        for (RecordedReply reply : List.of(whole("anthropic-text"), stream("anthropic-text"))) {
            ProviderAnswer answer = answer(reply);

            assertThat(answer.stopReason()).isEqualTo(StopReason.COMPLETE);
            assertThat(answer.text()).isNotBlank();
            assertThat(answer.usageSource()).isEqualTo(UsageSource.REPORTED);
        }
    }

    @Test
    void readsTheRecordedRateLimits() throws Exception {
        assertThat(answer(recorded("thinking-stream")).rateLimits())
                .extracting(RateLimit::name, limit -> limit.limit().orElseThrow())
                .containsExactly(
                        tuple("requests", 10_000L),
                        tuple("tokens", 12_000_000L),
                        tuple("input-tokens", 10_000_000L),
                        tuple("output-tokens", 2_000_000L));
    }

    @Test
    void countsAsTheVendorsClientDoes() throws Exception {
        long expected = json(Files.readString(RECORDINGS.resolve("expected/anthropic/count-tokens.json")))
                .at("/oracle/0/count/input_tokens")
                .asLong();
        try (StubbedClaude claude =
                StubbedClaude.answering(recorded("count-tokens").body())) {
            assertThat(claude.provider.countTokens(call(OLDER, ChatRequest.of("What is the capital of France?"))))
                    .isEqualTo(expected)
                    .isEqualTo(14);
        }
    }

    private static ProviderAnswer answer(RecordedReply reply) {
        try (StubbedClaude claude =
                StubbedClaude.replying(reply.status(), ReplyHeaders.of(reply.headers()), reply.body())) {
            return reply.isStreamed()
                    ? claude.provider.stream(call(OLDER, ChatRequest.of("Hello?")), piece -> {})
                    : claude.provider.chat(call(OLDER, ChatRequest.of("Hello?")));
        }
    }

    private static ProviderException failure(RecordedReply reply) {
        return catchThrowableOfType(ProviderException.class, () -> answer(reply));
    }

    private static RecordedReply recorded(String name) throws IOException {
        return RecordedReply.load(RECORDINGS.resolve("anthropic/" + name + ".json"))
                .get(0);
    }

    private static RecordedReply whole(String name) throws IOException {
        return RecordedReply.ofBody(RECORDINGS.resolve("anthropic/chunk-fixtures/" + name + ".json"));
    }

    private static RecordedReply stream(String name) throws IOException {
        return RecordedReply.ofEvents(RECORDINGS.resolve("anthropic/chunk-fixtures/" + name + ".chunks.txt"));
    }
}
