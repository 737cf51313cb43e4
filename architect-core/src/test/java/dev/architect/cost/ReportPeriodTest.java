package dev.architect.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class ReportPeriodTest {

    private static final Instant NOW = Instant.parse("2026-11-22T23:59:59Z");

    @Test
    void todayIsTheDayInUtc() {
        assertThat(ReportPeriod.today().resolve(NOW))
                .isEqualTo(new ReportPeriod.Between(
                        Instant.parse("2026-11-22T00:00:00Z"), Instant.parse("2026-11-23T00:00:00Z")));
    }

    @Test
    void theLastHourEndsWithThisInstant() {
        ReportPeriod.Between hour = ReportPeriod.last(Duration.ofHours(1)).resolve(NOW);

        assertThat(hour.from()).isEqualTo(NOW.minusSeconds(3_600));
        assertThat(hour.to()).isAfter(NOW);
    }

    @Test
    void refusesASpanThatIsUpsideDown() {
        assertThatThrownBy(() -> ReportPeriod.between(NOW, NOW.minusSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected not before");
    }

    @Test
    void aFixedPeriodDoesNotDependOnNow() {
        ReportPeriod period = ReportPeriod.between(NOW.minusSeconds(60), NOW.minusSeconds(30));

        assertThat(period.resolve(NOW)).isEqualTo(new ReportPeriod.Between(NOW.minusSeconds(60), NOW.minusSeconds(30)));
        assertThat(period.resolve(Instant.EPOCH)).isEqualTo(period);
    }

    @Test
    void allTimeContainsEveryInstantOfALedger() {
        ReportPeriod.Between all = ReportPeriod.all().resolve(NOW);

        assertThat(all.from()).isEqualTo(Instant.EPOCH);
        assertThat(all.to()).isAfter(Instant.parse("2999-12-31T00:00:00Z"));
    }

    @Test
    void acceptsAnEmptySpan() {
        ReportPeriod.Between empty = ReportPeriod.between(NOW, NOW).resolve(NOW);

        assertThat(empty.from()).isEqualTo(empty.to());
    }
}
