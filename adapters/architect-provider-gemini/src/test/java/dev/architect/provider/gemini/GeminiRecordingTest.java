package dev.architect.provider.gemini;

import static dev.architect.provider.gemini.GeminiReplay.ask;
import static dev.architect.provider.gemini.GeminiReplay.failure;
import static dev.architect.provider.gemini.GeminiReplay.fixture;
import static dev.architect.provider.gemini.GeminiReplay.replies;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.Role;
import dev.architect.chat.StopReason;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.spi.ProviderAnswer;
import dev.architect.testkit.RecordedReply;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Recorded traffic of the real service, compared with what the vendor's own client made of the same bytes. */
class GeminiRecordingTest {

    /** Sizes of the pieces in which bodies travel: cut everywhere, oddly, and hardly. */
    private static final List<Integer> PIECES = List.of(1, 13, 65536);

    @TestFactory
    Stream<DynamicTest> readsAnswersAsTheVendorsClientDoes() {
        return Stream.of(
                        "gemini-3-5-flash",
                        "json-schema-output",
                        "max-tokens",
                        "parallel-tool-calls",
                        "safety-block",
                        "text-basic",
                        "text-stream",
                        "thinking",
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
    void countsTokensAsTheVendorsClientDoes() throws Exception {
        GeminiCases cases = new GeminiCases(replies("count-tokens").get(0).body());

        long tokens = cases.provider.countTokens(
                GeminiCases.call("gemini-3.5-flash", ChatRequest.of("What is the capital of France?")));

        assertThat(tokens)
                .isEqualTo(expected("count-tokens").at("/0/count/totalTokens").asLong());
        assertThat(cases.sentBody(0).at("/generateContentRequest/contents"))
                .isEqualTo(sent("count-tokens", 0).at("/generateContentRequest/contents"));
    }

    /** What a signed call goes back as is what the vendor was sent in the recording. */
    @Test
    void sendsRecordedCallsBackAsTheyCame() throws Exception {
        ProviderAnswer calls = ask(replies("tool-roundtrip").get(0), 1000);
        ChatRequest next = ChatRequest.builder(Message.toolResults(
                        List.of(Part.ToolResult.of(calls.toolCalls().get(0), "15 degrees"))))
                .earlier(Message.user("What's the weather in Berlin?"))
                .earlier(new Message(Role.ASSISTANT, calls.content()))
                .build();

        ObjectNode part =
                (ObjectNode) GeminiCases.body("gemini-2.5-flash", next).at("/contents/1/parts/0");

        ((ObjectNode) part.path("functionCall")).remove("id");
        assertThat(part).isEqualTo(sent("tool-roundtrip", 1).at("/contents/1/parts/0"));
    }

    @Test
    void readsAStreamedCallWhoseEndIsAnEmptyText() throws Exception {
        ProviderAnswer streamed = ask(RecordedReply.ofEvents(fixture("google-tool-call.chunks.txt")), 7);

        assertThat(streamed.stopReason()).isEqualTo(StopReason.TOOL_CALLS);
        assertThat(streamed.toolCalls()).singleElement().satisfies(call -> {
            assertThat(call.name()).isEqualTo("weather");
            assertThat(call.arguments()).isEqualTo("{\"location\":\"San Francisco\"}");
            assertThat(call.signature()).isPresent();
        });
        assertThat(streamed.content()).hasSize(1);
    }

    @Test
    void tellsABadKeyThoughItsStatusIs400() throws Exception {
        RecordedReply reply = replies("error-400-api-key").get(0);

        ProviderException badKey = failure(() -> ask(reply, 100));

        assertThat(badKey.kind()).isEqualTo(FailureKind.AUTHENTICATION);
        assertThat(badKey.status()).hasValue(400);
        assertThat(badKey).hasMessageContaining("API_KEY_INVALID");
    }

    @Test
    void readsTheDelayOfABusyMinute() throws Exception {
        String body = Files.readString(fixture("google-429-retry-info.json"));

        ProviderException busy = GeminiReplay.error(429, body);

        assertThat(busy.kind()).isEqualTo(FailureKind.RATE_LIMITED);
        assertThat(busy.retryAfter()).contains(Duration.ofMillis(34_400));
        assertThat(busy).hasMessageContaining("RESOURCE_EXHAUSTED");
    }

    @Test
    void readsStreamsOfSeveralEvents() throws Exception {
        for (int pieces : PIECES) {
            ProviderAnswer answer = ask(RecordedReply.ofEvents(fixture("google-text.chunks.txt")), pieces);

            assertThat(answer.text()).isEqualTo("There are **3** \"r\"s in strawberry.\n\nst**r**awbe**rr**y");
            assertThat(answer.stopReason()).isEqualTo(StopReason.COMPLETE);
            assertThat(answer.model()).isEqualTo("gemini-3-pro-preview");
            assertThat(answer.requestId()).contains("bH6LaZW8Fp_3nsEPqtaSwQ4");
            assertThat(answer.usage())
                    .isEqualTo(new TokenUsage(Map.of(
                            UsageBucket.INPUT, 9L, UsageBucket.OUTPUT, 208L, UsageBucket.REASONING_IN_OUTPUT, 185L)));
            assertThat(answer.usageSource()).isEqualTo(UsageSource.REPORTED);
        }
    }

    @Test
    void keepsThoughtsOutOfTheText() throws Exception {
        RecordedReply reply = replies("thinking").get(0);
        assertThat(reply.body()).contains("\"thought\": true");
        assertThat(ask(reply, 500).text()).startsWith("To see your future in such a mirror");

        ProviderAnswer streamed = ask(RecordedReply.ofEvents(fixture("google-reasoning-gemini3.chunks.txt")), 50);
        assertThat(streamed.stopReason()).isEqualTo(StopReason.COMPLETE);
        assertThat(streamed.usage().count(UsageBucket.REASONING_IN_OUTPUT)).isPositive();
    }

    /** A recorded stream that is cut anywhere before its finish reason is never an answer. */
    @Test
    void aRecordedStreamCutAnywhereIsNoAnswer() throws Exception {
        RecordedReply whole = RecordedReply.ofEvents(fixture("google-text.chunks.txt"));
        int end = whole.body().indexOf("finishReason");
        for (int length = 0; length < end; length += 41) {
            RecordedReply cut = new RecordedReply(
                    "", "", true, 200, whole.headers(), whole.body().substring(0, length));

            assertThat(failure(() -> ask(cut, 1000)).kind()).isEqualTo(FailureKind.PROTOCOL);
        }
    }

    private static void assertSame(ProviderAnswer answer, JsonNode expected) throws IOException {
        assertThat(answer.text()).isEqualTo(expected.path("text").asText());
        assertThat(reasoning(answer)).isEqualTo(expected.path("thoughts").asText(""));
        assertCalls(answer.toolCalls(), expected.path("tool_calls"));
        assertThat(answer.model()).isEqualTo(expected.path("model_version").asText());
        assertThat(answer.serviceTier()).isEqualTo("standard");
        assertThat(answer.stopReason())
                .isEqualTo(
                        switch (expected.path("finish_reason").asText()) {
                            case "STOP" ->
                                expected.path("tool_calls").isEmpty() ? StopReason.COMPLETE : StopReason.TOOL_CALLS;
                            case "MAX_TOKENS" -> StopReason.LENGTH;
                            case "SAFETY" -> StopReason.REFUSED;
                            default -> StopReason.OTHER;
                        });
        JsonNode counts = expected.path("usage");
        long thoughts = counts.path("thoughtsTokenCount").asLong();
        TokenUsage usage = answer.usage();
        assertThat(usage.promptTokens())
                .isEqualTo(counts.path("promptTokenCount").asLong());
        assertThat(usage.completionTokens())
                .isEqualTo(counts.path("candidatesTokenCount").asLong() + thoughts);
        assertThat(usage.count(UsageBucket.REASONING_IN_OUTPUT)).isEqualTo(thoughts);
        assertThat(usage.promptTokens() + usage.completionTokens())
                .isEqualTo(counts.path("totalTokenCount").asLong());
        assertThat(answer.usageSource()).isEqualTo(UsageSource.REPORTED);
    }

    private static String reasoning(ProviderAnswer answer) {
        return answer.content().stream()
                .filter(Part.Reasoning.class::isInstance)
                .map(part -> ((Part.Reasoning) part).text())
                .collect(Collectors.joining());
    }

    private static void assertCalls(List<Part.ToolCall> calls, JsonNode expected) throws IOException {
        assertThat(calls).hasSize(expected.size());
        for (int index = 0; index < calls.size(); index++) {
            Part.ToolCall call = calls.get(index);
            assertThat(call.name()).isEqualTo(expected.at("/" + index + "/name").asText());
            assertThat(new ObjectMapper().readTree(call.arguments())).isEqualTo(expected.at("/" + index + "/args"));
            assertThat(call.signature().isPresent())
                    .isEqualTo(expected.at("/" + index + "/signature_present").asBoolean());
        }
    }

    private static JsonNode sent(String name, int exchange) throws IOException {
        return new ObjectMapper()
                .readTree(GeminiReplay.RECORDINGS
                        .resolve("gemini/" + name + ".json")
                        .toFile())
                .at("/exchanges/" + exchange + "/request/body");
    }

    private static JsonNode expected(String name) throws IOException {
        return new ObjectMapper()
                .readTree(GeminiReplay.RECORDINGS
                        .resolve("expected/gemini/" + name + ".json")
                        .toFile())
                .path("oracle");
    }
}
