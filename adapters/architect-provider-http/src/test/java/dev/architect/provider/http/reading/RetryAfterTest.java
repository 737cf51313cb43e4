package dev.architect.provider.http.reading;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.provider.http.message.ReplyHeaders;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryAfterTest {

    private static final String DATE = "Sun, 22 Nov 2026 10:00:00 GMT";

    @Test
    void readsMillisecondsFirst() {
        assertThat(RetryAfter.of(ReplyHeaders.of("Retry-After", "9", "retry-after-ms", "1500.5")))
                .contains(Duration.ofNanos(1_500_500_000));
    }

    @Test
    void readsSecondsWithFractions() {
        assertThat(RetryAfter.of(ReplyHeaders.of("retry-after", "2"))).contains(Duration.ofSeconds(2));
        assertThat(RetryAfter.of(ReplyHeaders.of("retry-after", " 0.25 "))).contains(Duration.ofMillis(250));
    }

    @Test
    void passesOverMillisecondsThatMakeNoSense() {
        assertThat(RetryAfter.of(ReplyHeaders.of("retry-after-ms", "soon", "retry-after", "3")))
                .contains(Duration.ofSeconds(3));
    }

    @Test
    void comparesAnHttpDateWithTheReplysOwnDate() {
        assertThat(RetryAfter.of(ReplyHeaders.of("retry-after", "Sun, 22 Nov 2026 10:00:30 GMT", "date", DATE)))
                .contains(Duration.ofSeconds(30));
        assertThat(RetryAfter.of(ReplyHeaders.of("retry-after", "Sun, 22 Nov 2026 09:59:30 GMT", "date", DATE)))
                .isEmpty();
        assertThat(RetryAfter.of(ReplyHeaders.of("retry-after", "Sun, 22 Nov 2099 10:00:30 GMT")))
                .isEmpty();
    }

    @Test
    void takesNonsenseForNothing() {
        for (String value : List.of(
                "", "0", "-1", "-0.5", "1e9", "NaN", "Infinity", "soon", "99999999999999999999999", "86401", "٣")) {
            assertThat(RetryAfter.of(headers(value))).as(value).isEmpty();
        }
        assertThat(RetryAfter.of(headers("86400"))).contains(Duration.ofDays(1));
        assertThat(RetryAfter.of(ReplyHeaders.none())).isEmpty();
    }

    @Test
    void readsDurationsOfBodies() {
        assertThat(RetryAfter.parse("48s")).contains(Duration.ofSeconds(48));
        assertThat(RetryAfter.parse("34.4s")).contains(Duration.ofMillis(34_400));
        assertThat(RetryAfter.parse("45.837906927s")).contains(Duration.ofNanos(45_837_906_927L));
        assertThat(RetryAfter.parse("174ms")).contains(Duration.ofMillis(174));
        assertThat(RetryAfter.parse("6m0s")).contains(Duration.ofMinutes(6));
        assertThat(RetryAfter.parse("1h2m3.5s")).contains(Duration.ofMillis(3_723_500));
        for (String value : List.of("", "0s", "12", "s", "-3s", "3s later", "99h", "1.2.3s")) {
            assertThat(RetryAfter.parse(value)).as(value).isEmpty();
        }
    }

    private static ReplyHeaders headers(String value) {
        return ReplyHeaders.of("retry-after", value);
    }
}
