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
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.spi.ProviderAnswer;
import dev.architect.testkit.replay.RecordedReply;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What recorded traffic shows beside what {@link GeminiReplayTest} compares with the vendor's own client. */
class GeminiRecordingTest {

    @Test
    void countsTokensAsTheVendorsClientDoes() throws Exception {
        StubbedGemini cases = new StubbedGemini(replies("count-tokens").get(0).body());

        long tokens = cases.provider.countTokens(
                StubbedGemini.call("gemini-3.5-flash", ChatRequest.of("What is the capital of France?")));

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
                (ObjectNode) StubbedGemini.body("gemini-2.5-flash", next).at("/contents/1/parts/0");

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
    void reportsAWrongKeyThoughItsStatusIs400() throws Exception {
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
        ProviderAnswer answer = ask(RecordedReply.ofEvents(fixture("google-text.chunks.txt")), 13);

        assertThat(answer.text()).isEqualTo("There are **3** \"r\"s in strawberry.\n\nst**r**awbe**rr**y");
        assertThat(answer.stopReason()).isEqualTo(StopReason.COMPLETE);
        assertThat(answer.model()).isEqualTo("gemini-3-pro-preview");
        assertThat(answer.serviceTier()).isEqualTo("standard");
        assertThat(answer.requestId()).contains("bH6LaZW8Fp_3nsEPqtaSwQ4");
        assertThat(answer.usage())
                .isEqualTo(new TokenUsage(Map.of(
                        UsageBucket.INPUT, 9L, UsageBucket.OUTPUT, 208L, UsageBucket.REASONING_IN_OUTPUT, 185L)));
        assertThat(answer.usageSource()).isEqualTo(UsageSource.REPORTED);
    }

    @Test
    void countsReasoningThatAStreamLeavesOut() throws Exception {
        ProviderAnswer streamed = ask(RecordedReply.ofEvents(fixture("google-reasoning-gemini3.chunks.txt")), 50);

        assertThat(streamed.stopReason()).isEqualTo(StopReason.COMPLETE);
        assertThat(streamed.usage().count(UsageBucket.REASONING_IN_OUTPUT)).isPositive();
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
