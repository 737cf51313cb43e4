package dev.architect.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.model.Capability;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.provider.http.message.HttpLimits;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.testkit.replay.ReplyServer;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OpenAiProviderTest {

    private static final String ANSWER = """
            {"model":"gpt-5.6-terra-2026","service_tier":"priority",
             "choices":[{"index":0,"message":{"role":"assistant","content":"hello","refusal":null},"finish_reason":"stop"}],
             "usage":{"prompt_tokens":272000,"completion_tokens":1000,
                      "prompt_tokens_details":{"cached_tokens":200000,"cache_write_tokens":10000},
                      "completion_tokens_details":{"reasoning_tokens":640}}}
            """;

    @Test
    void writesTheRequestAsTheVendorDocumentsIt() throws Exception {
        ChatRequest request = ChatRequest.builder("And now?")
                .system("Be brief.")
                .earlier(Message.user("Hello"))
                .earlier(Message.assistant("Hi"))
                .maxOutputTokens(99)
                .temperature(1.5)
                .stopSequences(List.of("END"))
                .build();
        try (ReplyServer server = ReplyServer.replying(200, "application/json", ANSWER);
                OpenAiProvider provider = provider(server)) {
            provider.chat(call("gpt-4o-mini", request));

            String sent = server.requests().get(0);
            assertThat(sent).startsWith("POST /chat/completions HTTP/1.1").contains("uthorization: Bearer sk-test");
            assertThat(body(sent)).isEqualTo(json("""
                    {"model":"gpt-4o-mini",
                     "messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello"},
                                 {"role":"assistant","content":"Hi"},{"role":"user","content":"And now?"}],
                     "max_completion_tokens":99,"temperature":1.5,"stop":["END"]}"""));
        }
    }

    @Test
    void requestsTheUsageOfAStream() throws Exception {
        try (ReplyServer server = ReplyServer.replying(200, "text/event-stream", "data: [DONE]\n\n");
                OpenAiProvider provider = provider(server)) {
            provider.stream(call("gpt-4o-mini", ChatRequest.of("Hello?")), piece -> {});

            assertThat(body(server.requests().get(0))).isEqualTo(json("""
                    {"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello?"}],
                     "stream":true,"stream_options":{"include_usage":true}}"""));
        }
    }

    @Test
    void takesCachedTokensOutOfThePrompt() throws Exception {
        ProviderAnswer answer = answer(ANSWER);

        assertThat(answer.usage().toString())
                .isEqualTo("INPUT=62000,CACHE_READ=200000,CACHE_WRITE=10000,OUTPUT=1000,REASONING_IN_OUTPUT=640");
        assertThat(answer.usage().promptTokens()).isEqualTo(272_000);
        assertThat(answer.usageSource()).isEqualTo(UsageSource.REPORTED);
        assertThat(answer.serviceTier()).isEqualTo("priority");
        assertThat(answer.model()).isEqualTo("gpt-5.6-terra-2026");
    }

    @Test
    void reportsRefusals() throws Exception {
        ProviderAnswer worded = answer("""
                {"choices":[{"message":{"content":null,"refusal":"I can't."},"finish_reason":"stop"}]}""");
        ProviderAnswer filtered = answer("""
                {"choices":[{"message":{"content":""},"finish_reason":"content_filter"}]}""");

        assertThat(worded.stopReason()).isEqualTo(StopReason.REFUSED);
        assertThat(worded.text()).isEqualTo("I can't.");
        assertThat(filtered.stopReason()).isEqualTo(StopReason.REFUSED);
        assertThat(filtered.usage()).isEqualTo(TokenUsage.UNKNOWN);
        assertThat(filtered.usageSource()).isEqualTo(UsageSource.ESTIMATED);
    }

    @Test
    void anAnswerWithoutAMessageIsNoAnswer() {
        ProviderException failure =
                catchThrowableOfType(ProviderException.class, () -> answer("{\"choices\":[],\"usage\":{}}"));

        assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
    }

    @Test
    void joinsTheDeltasOfTheFirstChoiceOnly() throws Exception {
        ProviderAnswer answer = streamed("""
                {"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""}}],"usage":null}
                {"model":"m","choices":[{"index":1,"delta":{"content":"other"},"finish_reason":"length"}]}
                {"model":"m","choices":[{"index":0,"delta":{"content":"hel"}}],"obfuscation":"xyz"}
                {"model":"m","choices":[{"index":0,"delta":{"content":"lo"}}],"service_tier":"flex"}
                {"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}
                {"model":"m","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}
                [DONE]""");

        assertThat(answer.text()).isEqualTo("hello");
        assertThat(answer.stopReason()).isEqualTo(StopReason.COMPLETE);
        assertThat(answer.usage()).isEqualTo(TokenUsage.of(3, 2));
        assertThat(answer.serviceTier()).isEqualTo("flex");
    }

    @Test
    void aRefusalIsStreamedToo() throws Exception {
        ProviderAnswer answer = streamed("""
                {"choices":[{"index":0,"delta":{"refusal":"I "}}]}
                {"choices":[{"index":0,"delta":{"refusal":"can't."},"finish_reason":"stop"}]}
                [DONE]""");

        assertThat(answer.text()).isEqualTo("I can't.");
        assertThat(answer.stopReason()).isEqualTo(StopReason.REFUSED);
    }

    @Test
    void doesNotNeedTheEndMarkWhenEverythingHasArrived() throws Exception {
        ProviderAnswer answer = streamed("""
                {"choices":[{"index":0,"delta":{"content":"hello"},"finish_reason":"stop"}]}
                {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}""");

        assertThat(answer.text()).isEqualTo("hello");
    }

    @Test
    void aStreamWithoutItsReasonAndEndMarkIsNoAnswer() {
        ProviderException failure = catchThrowableOfType(ProviderException.class, () -> streamed("""
                {"choices":[{"index":0,"delta":{"content":"hello"}}]}
                {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2}}"""));

        assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
        assertThat(failure.receivedCharacters()).isEqualTo(5);
    }

    @Test
    void reportsAnErrorInsideAStream() {
        ProviderException failure = catchThrowableOfType(ProviderException.class, () -> streamed("""
                {"choices":[{"index":0,"delta":{"content":"hel"}}]}
                {"error":{"message":"The fox failed.","type":"server_error","code":null}}"""));

        assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(failure).hasMessageContaining("server_error").hasMessageNotContaining("fox");
        assertThat(failure.receivedCharacters()).isEqualTo(3);
    }

    @Test
    void distinguishesErrors() throws Exception {
        assertThat(kind(400, error("context_length_exceeded", "invalid_request_error", "")))
                .isEqualTo(FailureKind.CONTEXT_TOO_LONG);
        assertThat(kind(400, error("content_policy_violation", "invalid_request_error", "")))
                .isEqualTo(FailureKind.CONTENT_REFUSED);
        assertThat(kind(400, error("unknown_parameter", "invalid_request_error", "")))
                .isEqualTo(FailureKind.INVALID_REQUEST);
        assertThat(kind(401, error("invalid_api_key", "invalid_request_error", "")))
                .isEqualTo(FailureKind.AUTHENTICATION);
        assertThat(kind(403, "{}")).isEqualTo(FailureKind.AUTHENTICATION);
        assertThat(kind(404, error("model_not_found", "invalid_request_error", "")))
                .isEqualTo(FailureKind.MODEL_NOT_FOUND);
        assertThat(kind(429, error("rate_limit_exceeded", "tokens", ""))).isEqualTo(FailureKind.RATE_LIMITED);
        assertThat(kind(
                        429,
                        error("rate_limit_exceeded", "tokens", "Request too large for gpt. Limit 3, Requested 9.")))
                .isEqualTo(FailureKind.TOO_LARGE_FOR_LIMIT);
        assertThat(kind(429, error("insufficient_quota", "insufficient_quota", "")))
                .isEqualTo(FailureKind.QUOTA_EXHAUSTED);
        assertThat(kind(429, error("credit_balance_exhausted", "x", ""))).isEqualTo(FailureKind.QUOTA_EXHAUSTED);
        assertThat(kind(429, error("slow_down", "rate_limit_error", ""))).isEqualTo(FailureKind.OVERLOADED);
        assertThat(kind(500, error("", "server_error", ""))).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(kind(503, error("server_is_overloaded", "service_unavailable_error", "")))
                .isEqualTo(FailureKind.OVERLOADED);
        assertThat(kind(502, "<html>bad gateway</html>")).isEqualTo(FailureKind.UNAVAILABLE);
    }

    @Test
    void readsTheDelayOutOfTheMessage() throws Exception {
        String message =
                "Rate limit reached. Limit 30000, Used 18928, Requested 11159. Please try again in 174ms. Visit";

        assertThat(failure(429, error("rate_limit_exceeded", "tokens", message)).retryAfter())
                .contains(Duration.ofMillis(174));
        assertThat(failure(429, error("rate_limit_exceeded", "tokens", "Please try again in 1m3.5s."))
                        .retryAfter())
                .contains(Duration.ofMillis(63_500));
        assertThat(failure(429, error("insufficient_quota", "x", "Please try again in 5s."))
                        .retryAfter())
                .isEmpty();
    }

    @Test
    void reasoningModelsTakeNoSamplingParameters() {
        try (OpenAiProvider provider = OpenAiProvider.builder(name -> Optional.empty())
                .limits(HttpLimits.defaults())
                .build()) {
            for (String model :
                    List.of("o1", "o3-mini", "o4-mini-2025-04-16", "gpt-5-nano", "gpt-5.4", "gpt-6.1-sol")) {
                assertThat(provider.capabilities(model))
                        .as(model)
                        .doesNotContain(Capability.TEMPERATURE, Capability.STOP_SEQUENCES)
                        .contains(Capability.STREAMING, Capability.MAX_OUTPUT_TOKENS);
            }
            for (String model :
                    List.of("gpt-4o-mini", "gpt-4.1", "gpt-3.5-turbo", "chatgpt-4o-latest", "llama-3-70b")) {
                assertThat(provider.capabilities(model))
                        .as(model)
                        .contains(Capability.TEMPERATURE, Capability.STOP_SEQUENCES);
            }
        }
    }

    private static ProviderAnswer answer(String body) throws IOException {
        try (ReplyServer server = ReplyServer.replying(200, "application/json", body);
                OpenAiProvider provider = provider(server)) {
            return provider.chat(call("gpt-4o-mini", ChatRequest.of("Hello?")));
        }
    }

    private static ProviderAnswer streamed(String events) throws IOException {
        String body = "data: " + String.join("\n\ndata: ", events.split("\n")) + "\n\n";
        try (ReplyServer server = ReplyServer.replying(200, "text/event-stream", body);
                OpenAiProvider provider = provider(server)) {
            return provider.stream(call("gpt-4o-mini", ChatRequest.of("Hello?")), piece -> {});
        }
    }

    private static FailureKind kind(int status, String body) throws IOException {
        return failure(status, body).kind();
    }

    private static ProviderException failure(int status, String body) throws IOException {
        try (ReplyServer server = ReplyServer.replying(status, "application/json", body);
                OpenAiProvider provider = provider(server)) {
            return catchThrowableOfType(
                    ProviderException.class, () -> provider.chat(call("gpt-4o-mini", ChatRequest.of("Hello?"))));
        }
    }

    private static String error(String code, String type, String message) {
        String quoted = code.isEmpty() ? "null" : "\"" + code + "\"";
        return "{\"error\":{\"message\":\"" + message + "\",\"type\":\"" + type + "\",\"param\":null,\"code\":" + quoted
                + "}}";
    }

    private static ProviderCall call(String model, ChatRequest request) {
        return new ProviderCall(model, request, Duration.ofSeconds(20));
    }

    private static OpenAiProvider provider(ReplyServer server) {
        return OpenAiProvider.builder(name -> name.equals("OPENAI_API_KEY") ? Optional.of("sk-test") : Optional.empty())
                .baseUrl(server.url())
                .build();
    }

    private static JsonNode body(String request) throws IOException {
        return json(request.substring(request.indexOf("\r\n\r\n")));
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }
}
