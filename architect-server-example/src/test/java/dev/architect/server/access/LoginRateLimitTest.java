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
            limit.failed("a");
        }
    }

    @Test
    void fourWrongTokensAreFree() {
        fail(4);

        assertThat(limit.waitOf("a")).isZero();
    }

    @Test
    void theWaitDoublesUpToAMinute() {
        fail(5);
        assertThat(limit.waitOf("a")).isEqualTo(Duration.ofSeconds(1));
        fail(1);
        assertThat(limit.waitOf("a")).isEqualTo(Duration.ofSeconds(2));
        fail(100);
        assertThat(limit.waitOf("a")).isEqualTo(Duration.ofMinutes(1));
        time.advance(Duration.ofSeconds(59));
        assertThat(limit.waitOf("a")).isEqualTo(Duration.ofSeconds(1));
        time.advance(Duration.ofSeconds(1));
        assertThat(limit.waitOf("a")).isZero();
    }

    @Test
    void aRightTokenAndAnHourForget() {
        fail(50);
        limit.succeeded("a");
        assertThat(limit.waitOf("a")).isZero();

        fail(50);
        time.advance(Duration.ofMinutes(61));
        limit.failed("a");

        assertThat(limit.waitOf("a")).isZero();
    }

    @Test
    void oneAddressDoesNotSlowAnother() {
        fail(50);

        assertThat(limit.waitOf("b")).isZero();
    }

    @Test
    void remembersNoMoreThanAThousandAddresses() {
        fail(50);
        for (int i = 0; i < 1_000; i++) {
            limit.failed("other-" + i);
        }

        assertThat(limit.waitOf("a")).isZero();
    }
}
