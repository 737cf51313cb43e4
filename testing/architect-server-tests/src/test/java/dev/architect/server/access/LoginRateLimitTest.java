package dev.architect.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.testkit.time.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class LoginRateLimitTest {

    private final ManualTime time = new ManualTime();
    private final LoginRateLimit limit = new LoginRateLimit(time);

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            limit.recordFailure("a");
        }
    }

    @Test
    void fourWrongTokensAreFree() {
        fail(4);

        assertThat(limit.retryAfter("a")).isZero();
    }

    @Test
    void theWaitDoublesUpToOneMinute() {
        fail(5);
        assertThat(limit.retryAfter("a")).isEqualTo(Duration.ofSeconds(1));
        fail(1);
        assertThat(limit.retryAfter("a")).isEqualTo(Duration.ofSeconds(2));
        fail(100);
        assertThat(limit.retryAfter("a")).isEqualTo(Duration.ofMinutes(1));
        time.advance(Duration.ofSeconds(59));
        assertThat(limit.retryAfter("a")).isEqualTo(Duration.ofSeconds(1));
        time.advance(Duration.ofSeconds(1));
        assertThat(limit.retryAfter("a")).isZero();
    }

    @Test
    void aCorrectTokenOrAnHourClearsTheFailures() {
        fail(50);
        limit.recordSuccess("a");
        assertThat(limit.retryAfter("a")).isZero();

        fail(50);
        time.advance(Duration.ofMinutes(61));
        limit.recordFailure("a");

        assertThat(limit.retryAfter("a")).isZero();
    }

    @Test
    void addressesAreLimitedSeparately() {
        fail(50);

        assertThat(limit.retryAfter("b")).isZero();
    }

    @Test
    void countsAtMostAThousandAddresses() {
        fail(50);
        for (int i = 0; i < 1_000; i++) {
            limit.recordFailure("other-" + i);
        }

        assertThat(limit.retryAfter("a")).isZero();
    }
}
