package dev.architect.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.message.Reply;
import dev.architect.provider.http.message.ReplyHeaders;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The header {@code x-should-retry}, which says more of a failure than its status. */
class RetryInstructionTest extends HttpCases {

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 520, 529})
    void falseIsObeyedOnEveryStatus(int status) {
        ProviderException failure = failure(status, "false");

        assertThat(failure.isTransient()).isFalse();
        assertThat(failure.status()).hasValue(status);
    }

    @Test
    void theKindStillSaysWhatWentWrong() {
        assertThat(failure(529, "false").kind()).isEqualTo(FailureKind.OVERLOADED);
        assertThat(failure(500, "false").kind()).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(failure(500, "false")).hasMessageContaining("not to be retried");
    }

    /** A minute that will not pass is no busy minute: the pause before the next call has to be longer. */
    @Test
    void aRateLimitThatIsFinalIsAnExhaustedQuota() {
        assertThat(failure(429, "false").kind()).isEqualTo(FailureKind.QUOTA_EXHAUSTED);
    }

    @ParameterizedTest
    @CsvSource({
        "400, true",
        "409, true",
        "422, true",
        "429, true",
        "500, true", // The request was not at fault.
        "401, false",
        "402, false",
        "403, false" // Neither a bad key nor an empty account passes by waiting.
    })
    void trueMakesARejectedRequestWorthRetrying(int status, boolean isTransient) {
        assertThat(failure(status, "true").isTransient()).isEqualTo(isTransient);
    }

    @ParameterizedTest
    @CsvSource({"500, '', true", "500, maybe, true", "500, ' FALSE ', false", "400, 1, false", "400, ' True', true"})
    void aValueThatIsNeitherSaysNothing(int status, String value, boolean isTransient) {
        assertThat(failure(status, value).isTransient()).isEqualTo(isTransient);
    }

    private static ProviderException failure(int status, String shouldRetry) {
        try (ProviderHttp http = ProviderHttp.builder("stub", URI.create("http://stub"))
                .replies(request -> Reply.of(status, ReplyHeaders.of("X-Should-Retry", shouldRetry), "{}"))
                .build()) {
            return failure(() -> chat(http));
        }
    }
}
