package dev.architect.provider.claude;

import static dev.architect.provider.claude.StubbedClaude.OLDER;
import static dev.architect.provider.claude.StubbedClaude.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatRequest;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.message.ReplyHeaders;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClaudeErrorReaderTest {

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error, INVALID_REQUEST",
        "401, authentication_error, AUTHENTICATION",
        "402, billing_error, QUOTA_EXHAUSTED",
        "403, permission_error, AUTHENTICATION",
        "404, not_found_error, MODEL_NOT_FOUND",
        "408, timeout_error, UNAVAILABLE",
        "413, request_too_large, INVALID_REQUEST",
        "429, rate_limit_error, RATE_LIMITED",
        "500, api_error, UNAVAILABLE",
        "503, api_error, UNAVAILABLE",
        "504, timeout_error, UNAVAILABLE",
        "529, overloaded_error, OVERLOADED"
    })
    void everyTypeHasItsKind(int status, String type, FailureKind kind) {
        ProviderException failure = failure(status, error(type, "", ""));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.status()).hasValue(status);
        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.ANSWERED);
        assertThat(failure).hasMessageContaining(type);
    }

    @ParameterizedTest
    @CsvSource({
        "400, INVALID_REQUEST",
        "409, UNAVAILABLE",
        "413, INVALID_REQUEST",
        "429, RATE_LIMITED",
        "502, UNAVAILABLE",
        "503, OVERLOADED",
        "529, OVERLOADED"
    })
    void withoutATypeTheStatusDecides(int status, FailureKind kind) {
        assertThat(failure(status, "<html>").kind()).isEqualTo(kind);
        assertThat(failure(status, error("brand_new_error", "", "")).kind()).isEqualTo(kind);
    }

    /** These do not pass by waiting. */
    @ParameterizedTest
    @CsvSource({
        "429, rate_limit_error, enforced_spend_limit_reached, QUOTA_EXHAUSTED",
        "429, rate_limit_error, contract_spend_limit_reached, QUOTA_EXHAUSTED",
        "429, rate_limit_error, linked_organization_spend_limit_reached, QUOTA_EXHAUSTED",
        "400, invalid_request_error, linked_organization_billing_unavailable, QUOTA_EXHAUSTED",
        "403, permission_error, user_profile_not_billable, QUOTA_EXHAUSTED",
        "404, not_found_error, user_profile_not_found, INVALID_REQUEST",
        "429, rate_limit_error, ramp_limit_exceeded, RATE_LIMITED",
        "400, invalid_request_error, organization_on_hold, AUTHENTICATION",
        "400, invalid_request_error, image_dimensions_too_large, INVALID_REQUEST"
    })
    void theCodeIsMorePreciseThanTheType(int status, String type, String code, FailureKind kind) {
        ProviderException failure = failure(status, error(type, "", code));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessageContaining(code);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prompt is too long: 3333404 tokens > 200000 maximum",
                "Prompt is too long",
                "input length and `max_tokens` exceed context limit: 3333404 + 8192 > 200000, decrease input length or"
                        + " `max_tokens` and try again",
                "Input is too long for requested model."
            })
    void aPromptThatIsTooLongIsNoOrdinaryBadRequest(String message) {
        ProviderException failure = failure(400, error("invalid_request_error", message, ""));

        assertThat(failure.kind()).isEqualTo(FailureKind.CONTEXT_TOO_LONG);
        assertThat(failure.kind().allowsFailover()).isTrue();
        assertThat(failure.getMessage()).doesNotContain("3333404");
        assertThat(inStream(error("invalid_request_error", message, "")).kind())
                .isEqualTo(FailureKind.CONTEXT_TOO_LONG);
    }

    /** A limit of the output, a long name and a long picture are not the window of the model. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "max_tokens: 100000 > 64000, which is the maximum allowed number of output tokens for claude-haiku-4-5",
                "tools.0.custom.name: String should have at most 128 characters",
                "messages.0.content.1.image.source.base64: image exceeds 5 MB maximum: 6000000 bytes > 5242880 bytes",
                "messages.0.content.0.text: 'prompt is too long' is not a valid value",
                "messages.0.content.0.text: 'Your credit balance is too low' is not a valid value"
            })
    void anOrdinaryBadRequestStaysOne(String message) {
        assertThat(failure(400, error("invalid_request_error", message, "")).kind())
                .isEqualTo(FailureKind.INVALID_REQUEST);
    }

    /** All of these are a 400, 403 or 429 whose type would blame the request, the key or a busy minute. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | invalid_request_error | Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.",
                "400 | invalid_request_error | You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.",
                "400 | invalid_request_error | You have reached your specified workspace API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.",
                "400 | invalid_request_error | You're out of extra usage. Add more and keep going.",
                "403 | permission_error | Your credit balance is too low to access the Claude API.",
                "429 | rate_limit_error | You have reached your specified API usage limits.",
                "429 | rate_limit_error | Extra usage is required for long context requests."
            })
    void anEmptyAccountIsNoBadRequest(int status, String type, String message) {
        ProviderException failure = failure(status, error(type, message, ""));

        assertThat(failure.kind()).isEqualTo(FailureKind.QUOTA_EXHAUSTED);
        assertThat(failure.kind().allowsFailover()).isTrue();
        assertThat(failure.isTransient()).isFalse();
        assertThat(failure).message().doesNotContain("credit balance", "usage limits", "Extra");
        assertThat(inStream(error(type, message, "")).kind()).isEqualTo(FailureKind.QUOTA_EXHAUSTED);
    }

    @Test
    void anAccountThatIsClosedIsNoBadRequest() {
        ProviderException failure =
                failure(400, error("invalid_request_error", "This organization has been disabled.", ""));

        assertThat(failure.kind()).isEqualTo(FailureKind.AUTHENTICATION);
    }

    @Test
    void aBusyMinuteStaysARateLimit() {
        ProviderException failure = failure(
                429,
                error(
                        "rate_limit_error",
                        "This request would exceed your organization's rate limit of 30,000 input tokens per minute.",
                        ""));

        assertThat(failure.kind()).isEqualTo(FailureKind.RATE_LIMITED);
        assertThat(failure.isTransient()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model: claude-2.1",
                "model: claude-haiku-4-5",
                "Model not found: claude-2.1",
                "The model `claude-2.1` has been retired."
            })
    void aModelThatIsGoneIsNotFound(String message) {
        ProviderException failure = failure(404, error("not_found_error", message, ""));

        assertThat(failure.kind()).isEqualTo(FailureKind.MODEL_NOT_FOUND);
        assertThat(failure.isTransient()).isFalse();
    }

    /** What is missing is the path, a file or a container: the model may well be there. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"error\",\"error\":{\"type\":\"not_found_error\",\"message\":\"Not Found\"}}",
                "{\"type\":\"error\",\"error\":{\"type\":\"not_found_error\",\"message\":\"File not found: file_011CNha8iCJcU1wXNR6q4V8w\"}}",
                "{\"type\":\"error\",\"error\":{\"type\":\"not_found_error\",\"message\":\"container: container_0 was not found\"}}",
                "{\"detail\":\"Not Found\"}",
                "{}",
                "<html>404 Not Found</html>",
                ""
            })
    void another404IsNoMissingModel(String body) {
        assertThat(failure(404, body).kind()).isEqualTo(FailureKind.INVALID_REQUEST);
    }

    @Test
    void aLimitThatWillNotPassIsAnExhaustedQuota() {
        ReplyHeaders isFinal = ReplyHeaders.of("x-should-retry", "false");

        assertThat(failure(429, isFinal, error("rate_limit_error", "", "")).kind())
                .isEqualTo(FailureKind.QUOTA_EXHAUSTED);
        assertThat(failure(529, isFinal, error("overloaded_error", "", "")).kind())
                .isEqualTo(FailureKind.OVERLOADED);
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error",
        "404, not_found_error",
        "408, timeout_error",
        "409, conflict_error",
        "429, rate_limit_error",
        "500, api_error",
        "503, api_error",
        "504, timeout_error",
        "529, overloaded_error"
    })
    void aCallThatShallNotBeRetriedIsNotTransient(int status, String type) {
        ReplyHeaders isFinal = ReplyHeaders.of("X-Should-Retry", "false");

        assertThat(failure(status, isFinal, error(type, "", "")).isTransient()).isFalse();
    }

    @Test
    void reportsRetryAfterAndRequestId() {
        ReplyHeaders headers = ReplyHeaders.of(
                "retry-after", "17", "request-id", "req_011", "anthropic-ratelimit-requests-remaining", "0");
        for (int status : new int[] {429, 503, 529}) {
            ProviderException failure = failure(status, headers, "{}");

            assertThat(failure.retryAfter()).contains(Duration.ofSeconds(17));
            assertThat(failure.requestId()).contains("req_011");
            assertThat(failure.rateLimits()).hasSize(1);
        }
        assertThat(failure(500, headers, "{}").retryAfter()).isEmpty();
    }

    @Test
    void theVendorsTextStaysOutOfMessages() {
        assertThat(failure(400, error("invalid_request_error", "secret: sk-1", ""))
                        .toString())
                .doesNotContain("sk-1");
    }

    private static ProviderException inStream(String error) {
        return catchThrowableOfType(ProviderException.class, () -> StubbedClaude.streamed(error));
    }

    private static ProviderException failure(int status, String body) {
        return failure(status, ReplyHeaders.none(), body);
    }

    private static ProviderException failure(int status, ReplyHeaders headers, String body) {
        try (StubbedClaude claude = StubbedClaude.replying(status, headers, body)) {
            return catchThrowableOfType(
                    ProviderException.class, () -> claude.provider.chat(call(OLDER, ChatRequest.of("Hello?"))));
        }
    }

    private static String error(String type, String message, String code) {
        String details = code.isEmpty() ? "" : ",\"details\":{\"error_code\":\"" + code + "\"}";
        return "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"" + message + "\"" + details
                + "}}";
    }
}
