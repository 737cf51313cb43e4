package dev.architect.provider.http.reading;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.model.RateLimit;
import dev.architect.provider.http.message.ReplyHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RateLimitReaderTest {

    private static final String DATE = "Wed, 19 Aug 2026 14:34:30 GMT";

    @Test
    void readsAnthropicsAndComparesInstantsWithTheReplysDate() {
        assertThat(RateLimitReader.read(ReplyHeaders.of(
                        "Date", DATE,
                        "anthropic-ratelimit-tokens-limit", "480000",
                        "anthropic-ratelimit-requests-remaining", "9999",
                        "Anthropic-RateLimit-Requests-Limit", "10000",
                        "anthropic-ratelimit-requests-reset", "2026-08-19T14:34:35Z",
                        "anthropic-ratelimit-output-tokens-reset", "2026-08-19T14:34:00Z",
                        "anthropic-ratelimit-input-tokens-remaining", "0")))
                .containsExactly(
                        new RateLimit(
                                "requests",
                                Optional.of(10000L),
                                Optional.of(9999L),
                                Optional.of(Duration.ofSeconds(5))),
                        new RateLimit("tokens", Optional.of(480000L), Optional.empty(), Optional.empty()),
                        new RateLimit("input-tokens", Optional.empty(), Optional.of(0L), Optional.empty()),
                        new RateLimit("output-tokens", Optional.empty(), Optional.empty(), Optional.of(Duration.ZERO)));
    }

    @Test
    void readsOpenAis() {
        assertThat(RateLimitReader.read(ReplyHeaders.of(
                        "x-ratelimit-limit-requests", "10000",
                        "x-ratelimit-remaining-requests", "9995",
                        "x-ratelimit-reset-requests", "37.973s",
                        "x-ratelimit-limit-tokens", "200000",
                        "x-ratelimit-remaining-tokens", "199947",
                        "x-ratelimit-reset-tokens", "6m0s")))
                .containsExactly(
                        new RateLimit(
                                "requests",
                                Optional.of(10000L),
                                Optional.of(9995L),
                                Optional.of(Duration.ofMillis(37_973))),
                        new RateLimit(
                                "tokens",
                                Optional.of(200000L),
                                Optional.of(199947L),
                                Optional.of(Duration.ofMinutes(6))));
    }

    @Test
    void readsPerplexitysAsThoseOfRequests() {
        assertThat(RateLimitReader.read(ReplyHeaders.of(
                        "X-RateLimit-Limit", "50", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "12")))
                .containsExactly(new RateLimit(
                        "requests", Optional.of(50L), Optional.of(0L), Optional.of(Duration.ofSeconds(12))));
    }

    @Test
    void leavesOutWhatMakesNoSense() {
        for (String value : List.of("", "-1", "many", "1e9", "9".repeat(16), "٣", "1.5", "0x10")) {
            assertThat(RateLimitReader.read(ReplyHeaders.of("x-ratelimit-limit-tokens", value)))
                    .as(value)
                    .isEmpty();
        }
        for (String value :
                List.of("", "-1s", "soon", "999h", "99999999999", "2026-08-19T14:34:35", "2099-01-01T00:00:00Z")) {
            assertThat(RateLimitReader.read(ReplyHeaders.of("date", DATE, "x-ratelimit-reset-tokens", value)))
                    .as(value)
                    .isEmpty();
        }
        assertThat(RateLimitReader.read(ReplyHeaders.of(
                        "anthropic-ratelimit-requests-reset", "2026-08-19T14:34:35Z",
                        "anthropic-ratelimit-", "1",
                        "x-ratelimit-limit-images", "3",
                        "x-ratelimit-colour-requests", "4",
                        "x-ratelimit-", "5")))
                .isEmpty();
        assertThat(RateLimitReader.read(ReplyHeaders.none())).isEmpty();
    }
}
