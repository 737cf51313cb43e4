package dev.architect.provider.http.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
