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

class ClaudeErrorReaderTest {

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error, INVALID_REQUEST",
        "401, authentication_error, AUTHENTICATION",
        "402, billing_error, QUOTA_EXHAUSTED",
        "403, permission_error, AUTHENTICATION",
        "404, not_found_error, INVALID_REQUEST",
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
        "429, rate_limit_error, ramp_limit_exceeded, RATE_LIMITED",
        "400, invalid_request_error, organization_on_hold, AUTHENTICATION",
        "400, invalid_request_error, image_dimensions_too_large, INVALID_REQUEST"
    })
    void theCodeIsMorePreciseThanTheType(int status, String type, String code, FailureKind kind) {
        ProviderException failure = failure(status, error(type, "", code));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessageContaining(code);
    }

    @Test
    void aPromptThatIsTooLongIsNoOrdinaryBadRequest() {
        ProviderException failure =
                failure(400, error("invalid_request_error", "prompt is too long: 3333404 tokens > 200000 maximum", ""));

        assertThat(failure.kind()).isEqualTo(FailureKind.CONTEXT_TOO_LONG);
        assertThat(failure.getMessage()).doesNotContain("3333404");
    }

    @Test
    void aLimitThatWillNotPassIsAnExhaustedQuota() {
        ReplyHeaders isFinal = ReplyHeaders.of("x-should-retry", "false");

        assertThat(failure(429, isFinal, error("rate_limit_error", "", "")).kind())
                .isEqualTo(FailureKind.QUOTA_EXHAUSTED);
        assertThat(failure(529, isFinal, error("overloaded_error", "", "")).kind())
                .isEqualTo(FailureKind.OVERLOADED);
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
