package dev.architect.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.testkit.time.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class TaskThroughputTest {

    private final ManualTime time = new ManualTime();
    private final TaskThroughput throughput = new TaskThroughput(time);

    @Test
    void isZeroAtFirstAndWhileNothingEnds() {
        assertThat(throughput.perSecond(100)).isEqualByComparingTo("0");
        time.advance(Duration.ofSeconds(1));
        assertThat(throughput.perSecond(100)).isEqualByComparingTo("0");
    }

    @Test
    void isTheRateOfTheLastFiveSeconds() {
        throughput.perSecond(0);
        for (int second = 1; second <= 10; second++) {
            time.advance(Duration.ofSeconds(1));
            throughput.perSecond(second * 10L);
        }
        time.advance(Duration.ofSeconds(1));

        assertThat(throughput.perSecond(100)).isEqualByComparingTo("8.0");
    }

    @Test
    void isZeroWhenTheCountDecreases() {
        throughput.perSecond(50);
        time.advance(Duration.ofSeconds(1));

        assertThat(throughput.perSecond(10)).isEqualByComparingTo("0");
    }
}
