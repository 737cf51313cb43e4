package dev.architect.router.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.model.FailureKind;
import dev.architect.route.BreakerState;
import dev.architect.router.policy.CircuitBreakerSettings;
import dev.architect.testkit.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProviderCircuitBreakerTest {

    private final ManualTime time = new ManualTime();
    private final List<BreakerState> changes = new ArrayList<>();
    private final ProviderCircuitBreaker breaker = new ProviderCircuitBreaker(CircuitBreakerSettings.STANDARD, time);

    @Test
    void opensOnTheFifthFailureOfTheLastTenCalls() {
        fail(4);
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);

        fail(1);

        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
        assertThat(breaker.tryAcquire(changes::add)).isEmpty();
        assertThat(changes).containsExactly(BreakerState.OPEN);
    }

    @Test
    void forgetsFailuresThatAreOlderThanTenCalls() {
        fail(4);
        succeed(6);
        fail(4);
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);

        succeed(10);
        fail(4);

        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void refusedKeyOpensAtOnce() {
        pass().recordFailure(FailureKind.AUTHENTICATION, changes::add);

        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void ignoredCallsDoNotCount() {
        for (int i = 0; i < 20; i++) {
            pass().release();
            pass().recordRejection(changes::add);
        }
        fail(4);

        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void triesAgainAfterTwoFourEightEightSeconds() {
        fail(5);

        for (int seconds : new int[] {2, 4, 8, 8, 8}) {
            time.advance(Duration.ofSeconds(seconds).minusNanos(1));
            assertThat(breaker.tryAcquire(changes::add))
                    .as("before %d s", seconds)
                    .isEmpty();
            time.advance(Duration.ofNanos(1));
            pass().recordFailure(FailureKind.UNAVAILABLE, changes::add);
        }

        time.advance(Duration.ofSeconds(8));
        pass().recordSuccess(changes::add);
        fail(5);
        time.advance(Duration.ofSeconds(2));
        assertThat(breaker.tryAcquire(changes::add)).as("the delay starts anew").isPresent();
    }

    @Test
    void letsExactlyOneTrialThrough() {
        fail(5);
        time.advance(Duration.ofSeconds(2));

        ProviderCircuitBreaker.BreakerPermit trial = pass();

        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(breaker.tryAcquire(changes::add)).isEmpty();
        assertThat(breaker.tryAcquireEarly(changes::add)).isEmpty();
        trial.recordSuccess(changes::add);
        assertThat(breaker.tryAcquire(changes::add)).isPresent();
        assertThat(changes).containsExactly(BreakerState.OPEN, BreakerState.HALF_OPEN, BreakerState.CLOSED);
    }

    @Test
    void trialWithoutAnOutcomeAllowsAnother() {
        fail(5);
        time.advance(Duration.ofSeconds(2));

        pass().release();

        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(breaker.tryAcquire(changes::add)).isPresent();
    }

    @Test
    void trialThatIsRefusedShowsThatTheProviderIsThere() {
        fail(5);
        time.advance(Duration.ofSeconds(2));

        pass().recordRejection(changes::add);

        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void trialMayGoOutEarlyAsALastResort() {
        fail(5);

        Optional<ProviderCircuitBreaker.BreakerPermit> trial = breaker.tryAcquireEarly(changes::add);

        assertThat(trial).isPresent();
        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
    }

    @Test
    void lateCompletionNeitherOpensNorCloses() {
        List<ProviderCircuitBreaker.BreakerPermit> early = List.of(pass(), pass(), pass(), pass(), pass(), pass());
        fail(5);

        early.get(0).recordSuccess(changes::add);
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);

        time.advance(Duration.ofSeconds(2));
        ProviderCircuitBreaker.BreakerPermit trial = pass();
        early.get(1).recordFailure(FailureKind.UNAVAILABLE, changes::add);
        early.get(2).recordSuccess(changes::add);
        early.get(3).release();
        early.get(4).recordRejection(changes::add);
        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(breaker.tryAcquire(changes::add)).isEmpty();

        trial.recordSuccess(changes::add);
        early.get(5).recordFailure(FailureKind.AUTHENTICATION, changes::add);
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void wallClockJumpsDoNotMatter() {
        fail(5);

        time.jumpWall(Duration.ofDays(1));

        assertThat(breaker.tryAcquire(changes::add)).isEmpty();
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            pass().recordFailure(FailureKind.UNAVAILABLE, changes::add);
        }
    }

    private void succeed(int times) {
        for (int i = 0; i < times; i++) {
            pass().recordSuccess(changes::add);
        }
    }

    private ProviderCircuitBreaker.BreakerPermit pass() {
        return breaker.tryAcquire(changes::add).orElseThrow();
    }
}
