package dev.architect.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class PeriodTest {

    private static final Instant NOW = Instant.parse("2026-11-22T23:59:59Z");

    @Test
    void todayIsTheDayInUtc() {
        assertThat(Period.today().resolve(NOW))
                .isEqualTo(new Period.Between(
                        Instant.parse("2026-11-22T00:00:00Z"), Instant.parse("2026-11-23T00:00:00Z")));
    }

    @Test
    void theLastHourEndsWithThisInstant() {
        Period.Between hour = Period.last(Duration.ofHours(1)).resolve(NOW);

        assertThat(hour.from()).isEqualTo(NOW.minusSeconds(3_600));
        assertThat(hour.to()).isAfter(NOW);
    }

    @Test
    void refusesASpanThatIsUpsideDown() {
        assertThatThrownBy(() -> Period.between(NOW, NOW.minusSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected not before");
    }
}
