package dev.architect.provider.claude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.chat.StopReason;
import dev.architect.model.Capability;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.HttpLimits;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.SecretSource;
import dev.architect.testkit.ReplyServer;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClaudeProviderTest {

    private static final String ANSWER = """
            {"type":"message","model":"claude-haiku-4-5-20251001","stop_reason":"end_turn",
             "content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"one "},{"type":"novelty"},
                        {"type":"text","text":"two"}],
             "usage":{"input_tokens":120,"cache_read_input_tokens":50000,"cache_creation_input_tokens":3000,
                      "cache_creation":{"ephemeral_5m_input_tokens":2000,"ephemeral_1h_input_tokens":1000},
                      "output_tokens":800,"output_tokens_details":{"thinking_tokens":300},
                      "server_tool_use":{"web_search_requests":3,"web_fetch_requests":1},"service_tier":"priority"}}
            """;

    @Test
    void writesTheRequestAsTheVendorAsks() throws Exception {
        ChatRequest request = ChatRequest.builder("And now?")
                .system("Be brief.")
                .earlier(Message.user("Hello"))
                .earlier(Message.assistant("Hi"))
                .maxOutputTokens(99)
                .temperature(0.25)
                .stopSequences(List.of("END", "STOP"))
                .build();
        try (ReplyServer server = ReplyServer.replying(200, "application/json", ANSWER);
                ClaudeProvider provider = provider(server)) {
            provider.chat(call("claude-haiku-4-5", request));

            String sent = server.requests().get(0);
            assertThat(sent).startsWith("POST /v1/messages HTTP/1.1");
            assertThat(sent).contains("x-api-key: sk-test").contains("anthropic-version: 2023-06-01");
            assertThat(body(sent)).isEqualTo(json("""
                    {"model":"claude-haiku-4-5","max_tokens":99,"system":"Be brief.",
                     "messages":[{"role":"user","content":"Hello"},{"role":"assistant","content":"Hi"},
                                 {"role":"user","content":"And now?"}],
                     "temperature":0.25,"stop_sequences":["END","STOP"]}"""));
        }
    }

    @Test
    void alwaysSaysHowLongAnAnswerMayBe() throws Exception {
        try (ReplyServer server = ReplyServer.replying(200, "application/json", ANSWER);
                ClaudeProvider usual = provider(server);
                ClaudeProvider other = builder(server).maxOutputTokens(77).build()) {
            usual.chat(call("claude-opus-5", ChatRequest.of("Hello?")));
            other.chat(call("claude-opus-5", ChatRequest.of("Hello?")));

            assertThat(body(server.requests().get(0)).path("max_tokens").asInt())
                    .isEqualTo(8192);
            assertThat(body(server.requests().get(1)).path("max_tokens").asInt())
                    .isEqualTo(77);
        }
    }

    @Test
    void putsEveryCountIntoABucketOfItsOwn() throws Exception {
        ProviderAnswer answer = answer(ANSWER);

        assertThat(answer.text()).isEqualTo("one two");
        assertThat(answer.usage().counts())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        UsageBucket.INPUT, 120L,
                        UsageBucket.CACHE_READ, 50_000L,
                        UsageBucket.CACHE_WRITE_5M, 2_000L,
                        UsageBucket.CACHE_WRITE_1H, 1_000L,
                        UsageBucket.OUTPUT, 800L,
                        UsageBucket.REASONING_IN_OUTPUT, 300L,
                        UsageBucket.WEB_SEARCH, 3L,
                        UsageBucket.WEB_FETCH, 1L));
        assertThat(answer.serviceTier()).isEqualTo("priority");
    }

    @Test
    void chargesCacheWritesOnceWhenTheirLifetimeIsNotStated() throws Exception {
        ProviderAnswer answer = answer("""
                {"content":[],"usage":{"input_tokens":3,"cache_creation_input_tokens":12304,"output_tokens":550}}""");

        assertThat(answer.usage().encode()).isEqualTo("INPUT=3,CACHE_WRITE=12304,OUTPUT=550");
        assertThat(answer.stopReason()).isEqualTo(StopReason.OTHER);
        assertThat(answer.model()).isEqualTo("claude-haiku-4-5");
    }

    @Test
    void mergesStreamUsageByLastValue() throws Exception {
        ProviderAnswer answer = streamed("""
                {"type":"message_start","message":{"model":"m","usage":{"input_tokens":10,"output_tokens":1,\
                "cache_read_input_tokens":5,"cache_creation":{"ephemeral_5m_input_tokens":7}}}}
                {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"be"}}
                {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"gin"}}
                {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}
                {"type":"message_delta","delta":{"stop_reason":null},"usage":{"output_tokens":20,"input_tokens":null}}
                {"type":"brand_new"}
                {"type":"message_delta","delta":{"stop_reason":"stop_sequence"},"usage":{"output_tokens":30,"input_tokens":12}}
                {"type":"message_stop"}""");

        assertThat(answer.text()).isEqualTo("begin");
        assertThat(answer.stopReason()).isEqualTo(StopReason.STOP_SEQUENCE);
        assertThat(answer.usage().encode()).isEqualTo("INPUT=12,CACHE_READ=5,CACHE_WRITE_5M=7,OUTPUT=30");
        assertThat(answer.usageSource()).isEqualTo(UsageSource.REPORTED);
    }

    /** A server that changes its mind about what a count is may lose that count, and no answer. */
    @Test
    void aCountThatBecomesAnObjectIsReplaced() throws Exception {
        ProviderAnswer answer = streamed("""
                {"type":"message_start","message":{"model":"m","usage":{"input_tokens":10,"cache_creation":4}}}
                {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"hi"}}
                {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":3,\
                "cache_creation":{"ephemeral_5m_input_tokens":7}}}
                {"type":"message_stop"}""");

        assertThat(answer.usage().encode()).isEqualTo("INPUT=10,CACHE_WRITE_5M=7,OUTPUT=3");
    }

    @Test
    void keepsUsageAndTextOfAStreamThatBreaks() {
        ProviderException failure = catchThrowableOfType(ProviderException.class, () -> streamed("""
                {"type":"message_start","message":{"usage":{"input_tokens":1200,"output_tokens":1}}}
                {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"partial"}}
                {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"""));

        assertThat(failure.kind()).isEqualTo(FailureKind.OVERLOADED);
        assertThat(failure).hasMessageContaining("overloaded_error");
        assertThat(failure.receivedCharacters()).isEqualTo(7);
        assertThat(failure.usage().encode()).isEqualTo("INPUT=1200,OUTPUT=1");
    }

    @Test
    void anEndWithoutABeginningIsNoAnswer() {
        ProviderException failure =
                catchThrowableOfType(ProviderException.class, () -> streamed("{\"type\":\"message_stop\"}"));

        assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
    }

    @Test
    void tellsErrorsApart() throws Exception {
        assertThat(kind(400, error("invalid_request_error", "prompt is too long: 9 tokens > 5 maximum", null)))
                .isEqualTo(FailureKind.CONTEXT_TOO_LONG);
        assertThat(kind(400, error("invalid_request_error", "max_tokens: bad", null)))
                .isEqualTo(FailureKind.INVALID_REQUEST);
        assertThat(kind(402, error("billing_error", "", null))).isEqualTo(FailureKind.QUOTA_EXHAUSTED);
        assertThat(kind(403, error("permission_error", "", null))).isEqualTo(FailureKind.AUTHENTICATION);
        assertThat(kind(404, error("not_found_error", "", null))).isEqualTo(FailureKind.INVALID_REQUEST);
        assertThat(kind(409, "{}")).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(kind(413, "too large")).isEqualTo(FailureKind.INVALID_REQUEST);
        assertThat(kind(429, error("rate_limit_error", "", null))).isEqualTo(FailureKind.RATE_LIMITED);
        assertThat(kind(429, error("rate_limit_error", "", "enforced_spend_limit_reached")))
                .isEqualTo(FailureKind.QUOTA_EXHAUSTED);
        assertThat(kind(429, error("rate_limit_error", "", "contract_spend_limit_reached")))
                .isEqualTo(FailureKind.QUOTA_EXHAUSTED);
        assertThat(kind(429, error("rate_limit_error", "", "ramp_limit_exceeded")))
                .isEqualTo(FailureKind.RATE_LIMITED);
        assertThat(kind(500, error("api_error", "", null))).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(kind(503, "<html>")).isEqualTo(FailureKind.OVERLOADED);
        assertThat(kind(504, error("timeout_error", "", null))).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(kind(529, error("overloaded_error", "", null))).isEqualTo(FailureKind.OVERLOADED);
    }

    @Test
    void aLimitThatWillNotPassIsAnExhaustedQuota() throws Exception {
        try (ReplyServer server = ReplyServer.start(connection ->
                        connection.reply(429, Map.of("x-should-retry", "false"), error("rate_limit_error", "", null)));
                ClaudeProvider provider = provider(server)) {
            assertThat(failure(provider).kind()).isEqualTo(FailureKind.QUOTA_EXHAUSTED);
        }
    }

    @Test
    void readsRetryAfterOnlyFromErrors() throws Exception {
        try (ReplyServer server =
                        ReplyServer.start(connection -> connection.reply(200, Map.of("retry-after", "60"), ANSWER));
                ClaudeProvider provider = provider(server)) {
            assertThat(provider.chat(call("claude-haiku-4-5", ChatRequest.of("Hello?")))
                            .text())
                    .isEqualTo("one two");
        }
    }

    @Test
    void onlyOlderModelsTakeATemperature() {
        try (ClaudeProvider provider = ClaudeProvider.builder(name -> Optional.empty())
                .limits(HttpLimits.defaults())
                .build()) {
            for (String model : List.of(
                    "claude-opus-4-6",
                    "claude-sonnet-4-6",
                    "claude-haiku-4-5-20251001",
                    "claude-sonnet-4-20250514",
                    "claude-opus-4-1",
                    "claude-3-5-haiku-20241022",
                    "claude-3-opus-latest")) {
                assertThat(provider.capabilities(model)).as(model).contains(Capability.TEMPERATURE);
            }
            for (String model : List.of(
                    "claude-opus-4-7",
                    "claude-opus-5",
                    "claude-sonnet-5-5",
                    "claude-haiku-5-5",
                    "claude-fable-5-2",
                    "claude-mythos-5",
                    "something-else")) {
                assertThat(provider.capabilities(model))
                        .as(model)
                        .doesNotContain(Capability.TEMPERATURE)
                        .contains(Capability.STREAMING, Capability.SYSTEM_TEXT, Capability.STOP_SEQUENCES);
            }
        }
    }

    @Test
    void theNewerVersionTakesNoTemperatureAtAll() {
        SecretSource none = name -> Optional.empty();
        try (ClaudeProvider provider =
                ClaudeProvider.builder(none).apiVersion("2026-10-21").build()) {
            assertThat(provider.capabilities("claude-opus-4-6")).doesNotContain(Capability.TEMPERATURE);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> ClaudeProvider.builder(none).apiVersion("latest").build())
                .withMessage("apiVersion is 'latest', expected a date such as 2023-06-01");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClaudeProvider.builder(none).maxOutputTokens(0));
    }

    @Test
    void refusesATemperatureThatIsTooHigh() throws Exception {
        try (ReplyServer server = ReplyServer.replying(200, "application/json", ANSWER);
                ClaudeProvider provider = provider(server)) {
            ChatRequest hot = ChatRequest.builder("Hello?").temperature(1.5).build();

            ProviderException failure =
                    catchThrowableOfType(ProviderException.class, () -> provider.chat(call("claude-haiku-4-5", hot)));

            assertThat(failure.kind()).isEqualTo(FailureKind.UNSUPPORTED);
            assertThat(failure).hasMessageContaining("temperature is 1.5, expected 0.0..1.0");
            assertThat(server.requests()).isEmpty();
        }
    }

    private static ProviderAnswer answer(String body) throws IOException {
        try (ReplyServer server = ReplyServer.replying(200, "application/json", body);
                ClaudeProvider provider = provider(server)) {
            return provider.chat(call("claude-haiku-4-5", ChatRequest.of("Hello?")));
        }
    }

    private static ProviderAnswer streamed(String events) throws IOException {
        String body = "data: " + String.join("\n\ndata: ", events.split("\n")) + "\n\n";
        try (ReplyServer server = ReplyServer.replying(200, "text/event-stream", body);
                ClaudeProvider provider = provider(server)) {
            return provider.stream(call("claude-haiku-4-5", ChatRequest.of("Hello?")), piece -> {});
        }
    }

    private static FailureKind kind(int status, String body) throws IOException {
        try (ReplyServer server = ReplyServer.replying(status, "application/json", body);
                ClaudeProvider provider = provider(server)) {
            return failure(provider).kind();
        }
    }

    private static ProviderException failure(ClaudeProvider provider) {
        return catchThrowableOfType(
                ProviderException.class, () -> provider.chat(call("claude-haiku-4-5", ChatRequest.of("Hello?"))));
    }

    private static String error(String type, String message, String code) {
        String details = code == null ? "" : ",\"details\":{\"error_code\":\"" + code + "\"}";
        return "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"" + message + "\"" + details
                + "}}";
    }

    private static ProviderCall call(String model, ChatRequest request) {
        return new ProviderCall(model, request, Duration.ofSeconds(20));
    }

    private static ClaudeProvider provider(ReplyServer server) {
        return builder(server).build();
    }

    private static ClaudeProvider.Builder builder(ReplyServer server) {
        return ClaudeProvider.builder(
                        name -> name.equals("ANTHROPIC_API_KEY") ? Optional.of("sk-test") : Optional.empty())
                .baseUrl(server.url());
    }

    private static JsonNode body(String request) throws IOException {
        return json(request.substring(request.indexOf("\r\n\r\n")));
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }
}
