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
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Recorded traffic of the real service, compared with what the vendor's own client made of the same bytes. */
class OpenAiRecordingTest {

    private static final Path RECORDINGS = Path.of("src/test/resources/recordings");

    /** Sizes of the pieces in which bodies travel: cut everywhere, oddly, and hardly. */
    private static final List<Integer> PIECES = List.of(1, 13, 65536);

    @TestFactory
    Stream<DynamicTest> readsAnswersAsTheVendorsClientDoes() {
        return Stream.of(
                        "cache-read-stream",
                        "image-input",
                        "json-schema-output",
                        "multiple-tools-stream",
                        "text-basic",
                        "text-stream-usage",
                        "tool-roundtrip")
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

    private static void assertSame(ProviderAnswer answer, JsonNode expected) {
        JsonNode choice = expected.path("choices").path(0);
        assertThat(answer.text()).isEqualTo(choice.path("text").asText(""));
        assertThat(answer.model()).isEqualTo(expected.path("model").asText());
        assertThat(answer.stopReason())
                .isEqualTo(
                        switch (choice.path("finish_reason").asText()) {
                            case "stop" -> StopReason.COMPLETE;
                            case "length" -> StopReason.LENGTH;
                            case "tool_calls" -> StopReason.TOOL_CALLS;
                            default -> StopReason.OTHER;
                        });
        assertThat(answer.serviceTier()).isEqualTo("standard");
        assertSameCalls(answer, choice.path("tool_calls"), "id");
        JsonNode counts = expected.path("usage");
        TokenUsage usage = answer.usage();
        assertThat(usage.promptTokens()).isEqualTo(counts.path("prompt_tokens").asLong());
        assertThat(usage.count(UsageBucket.CACHE_READ))
                .isEqualTo(counts.path("prompt_tokens_details")
                        .path("cached_tokens")
                        .asLong());
        assertThat(usage.completionTokens())
                .isEqualTo(counts.path("completion_tokens").asLong());
        assertThat(usage.count(UsageBucket.REASONING_IN_OUTPUT))
                .isEqualTo(counts.path("completion_tokens_details")
                        .path("reasoning_tokens")
                        .asLong());
        assertThat(answer.usageSource()).isEqualTo(counts.isObject() ? UsageSource.REPORTED : UsageSource.ESTIMATED);
    }

    static void assertSameCalls(ProviderAnswer answer, JsonNode expected, String idField) {
        assertThat(answer.toolCalls()).hasSize(expected.size());
        for (int index = 0; index < expected.size(); index++) {
            Part.ToolCall call = answer.toolCalls().get(index);
            assertThat(call.id()).isEqualTo(expected.get(index).path(idField).asText());
            assertThat(call.name()).isEqualTo(expected.get(index).path("name").asText());
            assertThat(call.arguments())
                    .isEqualTo(expected.get(index).path("arguments").asText());
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

    private static JsonNode expected(String name) throws IOException {
        return new ObjectMapper()
                .readTree(RECORDINGS
                        .resolve("expected/openai-chat/" + name + ".json")
                        .toFile())
                .path("oracle");
    }
}
