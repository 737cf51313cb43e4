package dev.architect.store.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MicrosTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.123456789Z");

    @Test
    void keepsTheMicrosecondThatATimeIsIn() {
        assertThat(Micros.instant(Micros.of(NOW))).isEqualTo(Instant.parse("2026-01-01T00:00:00.123456Z"));
        assertThat(Micros.of(Instant.EPOCH.minusNanos(1))).isEqualTo(-1);
        assertThat(Micros.duration(Micros.of(Duration.ofNanos(1_999)))).isEqualTo(Duration.ofNanos(1_000));
    }

    @Test
    void comparesKeptTimesWithExactOnes() {
        assertThat(Micros.notBefore(NOW)).isEqualTo(Micros.of(NOW) + 1);
        assertThat(Micros.notBefore(Instant.parse("2026-01-01T00:00:00.123456Z")))
                .isEqualTo(Micros.of(NOW));
    }

    @Test
    void staysInTheRangeOfALong() {
        assertThat(Micros.of(Instant.MAX)).isPositive().isGreaterThan(Micros.of(NOW));
        assertThat(Micros.of(Instant.MIN)).isNegative();
        assertThat(Micros.of(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)))
                .isPositive()
                .isGreaterThan(Micros.of(Duration.ofDays(1_000_000)));
    }

    @Test
    void isNeverDueAfterTheYear9999() {
        assertThat(Micros.after(NOW, Duration.ofSeconds(2))).isEqualTo(Micros.of(NOW) + 2_000_000);
        assertThat(Micros.instant(Micros.after(NOW, Duration.ofSeconds(Long.MAX_VALUE))))
                .isEqualTo(Instant.parse("9999-12-31T00:00:00Z"));
    }
}
