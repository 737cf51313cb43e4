package dev.architect.provider.http.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.architect.model.FailureKind;
import dev.architect.provider.http.message.HttpRequest;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HttpValuesTest {

    @Test
    void segmentsOfPathsAreEncoded() {
        assertThat(HttpRequest.segment("a model/with:odd?signs#and ü"))
                .isEqualTo("a%20model%2Fwith%3Aodd%3Fsigns%23and%20%C3%BC");
        assertThatIllegalArgumentException().isThrownBy(() -> HttpRequest.get("models"));
    }

    @Test
    void requestsTakeMoreHeaders() {
        HttpRequest request =
                HttpRequest.get("/a").header("x", "1").header("y", "2").header("x", "3");

        assertThat(request.headers()).isEqualTo(Map.of("x", "3", "y", "2"));
        assertThat(request).hasToString("GET /a");
    }

    @Test
    void everyStatusHasAMeaning() {
        assertThat(ErrorMeaning.ofStatus(302)).isEqualTo(FailureKind.PROTOCOL);
        assertThat(ErrorMeaning.ofStatus(400)).isEqualTo(FailureKind.INVALID_REQUEST);
        assertThat(ErrorMeaning.ofStatus(401)).isEqualTo(FailureKind.AUTHENTICATION);
        assertThat(ErrorMeaning.ofStatus(402)).isEqualTo(FailureKind.QUOTA_EXHAUSTED);
        assertThat(ErrorMeaning.ofStatus(403)).isEqualTo(FailureKind.AUTHENTICATION);
        assertThat(ErrorMeaning.ofStatus(404)).isEqualTo(FailureKind.INVALID_REQUEST);
        assertThat(ErrorMeaning.ofStatus(408)).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(ErrorMeaning.ofStatus(429)).isEqualTo(FailureKind.RATE_LIMITED);
        assertThat(ErrorMeaning.ofStatus(500)).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(ErrorMeaning.ofStatus(503)).isEqualTo(FailureKind.OVERLOADED);
        assertThat(ErrorMeaning.ofStatus(529)).isEqualTo(FailureKind.OVERLOADED);
    }

    @Test
    void onlySafeTokensPass() {
        assertThat(SafeToken.token("rate_limit.exceeded-2")).contains("rate_limit.exceeded-2");
        assertThat(SafeToken.token("two words")).isEmpty();
        assertThat(SafeToken.token("x".repeat(65))).isEmpty();
        assertThat(SafeToken.token("")).isEmpty();
        assertThat(SafeToken.token(null)).isEmpty();
        assertThat(SafeToken.id("req_01/ab:c")).contains("req_01/ab:c");
        assertThat(SafeToken.id("a b")).isEmpty();
    }
}
