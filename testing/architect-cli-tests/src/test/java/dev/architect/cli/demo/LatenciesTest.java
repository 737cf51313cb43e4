package dev.architect.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class LatenciesTest {

    @Test
    void percentilesAreTheNearestRank() {
        Latencies latencies =
                new Latencies(LongStream.rangeClosed(1, 200).map(i -> 201 - i).toArray());

        assertThat(latencies.percentile(50)).isEqualTo(Duration.ofNanos(100));
        assertThat(latencies.percentile(95)).isEqualTo(Duration.ofNanos(190));
        assertThat(latencies.percentile(99)).isEqualTo(Duration.ofNanos(198));
        assertThat(latencies.percentile(100)).isEqualTo(Duration.ofNanos(200));
    }

    @Test
    void nothingMeasuredIsZero() {
        assertThat(new Latencies(new long[0]).percentile(99)).isZero();
    }

    @Test
    void millisecondsHaveThreeDecimals() {
        assertThat(Latencies.millis(Duration.ofNanos(1_234_567))).isEqualByComparingTo("1.235");
        assertThat(Latencies.millis(Duration.ZERO).toPlainString()).isEqualTo("0.000");
    }
}
