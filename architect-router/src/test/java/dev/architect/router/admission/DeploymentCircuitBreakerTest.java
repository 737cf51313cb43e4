package dev.architect.router.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.route.BreakerState;
import dev.architect.router.policy.CircuitBreakerSettings;
import dev.architect.testkit.time.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeploymentCircuitBreakerTest {

    private final ManualTime time = new ManualTime();
    private final DeploymentCircuitBreaker breaker =
            new DeploymentCircuitBreaker(CircuitBreakerSettings.STANDARD, time);

    @Test
    void opensOnTheFifthFailureOfTheLastTenCalls() {
        fail(4);
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);

        fail(1);

        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
        assertThat(breaker.tryAcquire(false)).isEmpty();
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
        pass().recordFailure(true);

        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void ignoredCallsDoNotCount() {
        for (int i = 0; i < 20; i++) {
            pass().release();
            pass().recordRejection();
        }
        fail(4);

        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void triesAgainAfterTwoFourEightEightSeconds() {
        fail(5);

        for (int seconds : new int[] {2, 4, 8, 8, 8}) {
            time.advance(Duration.ofMillis(800L * seconds).minusNanos(1));
            assertThat(breaker.tryAcquire(false))
                    .as("before %d s less a fifth", seconds)
                    .isEmpty();
            time.advance(Duration.ofMillis(400L * seconds).plusNanos(1));
            pass().recordFailure(false);
        }

        time.advance(Duration.ofMillis(9_600));
        pass().recordSuccess();
        fail(5);
        time.advance(Duration.ofMillis(2_400));
        assertThat(breaker.tryAcquire(false)).as("the delay starts anew").isPresent();
    }

    @Test
    void letsExactlyOneTrialThrough() {
        fail(5);
        time.advance(Duration.ofMillis(2_400));

        DeploymentCircuitBreaker.Pass trial = pass();

        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(breaker.tryAcquire(false)).isEmpty();
        assertThat(breaker.tryAcquire(true)).isEmpty();
        trial.recordSuccess();
        assertThat(breaker.tryAcquire(false)).isPresent();
        assertThat(trial.changed()).contains(BreakerState.HALF_OPEN);
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void trialWithoutAnOutcomeAllowsAnother() {
        fail(5);
        time.advance(Duration.ofMillis(2_400));

        pass().release();

        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(breaker.tryAcquire(false)).isPresent();
    }

    @Test
    void trialThatIsRefusedShowsThatTheProviderIsThere() {
        fail(5);
        time.advance(Duration.ofMillis(2_400));

        pass().recordRejection();

        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void trialMayGoOutEarlyAsALastResort() {
        fail(5);

        Optional<DeploymentCircuitBreaker.Pass> trial = breaker.tryAcquire(true);

        assertThat(trial).isPresent();
        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
    }

    @Test
    void lateCompletionNeitherOpensNorCloses() {
        List<DeploymentCircuitBreaker.Pass> early = List.of(pass(), pass(), pass(), pass(), pass(), pass());
        fail(5);

        early.get(0).recordSuccess();
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);

        time.advance(Duration.ofMillis(2_400));
        DeploymentCircuitBreaker.Pass trial = pass();
        early.get(1).recordFailure(false);
        early.get(2).recordSuccess();
        early.get(3).release();
        early.get(4).recordRejection();
        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(breaker.tryAcquire(false)).isEmpty();

        trial.recordSuccess();
        early.get(5).recordFailure(true);
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void wallClockJumpsDoNotMatter() {
        fail(5);

        time.jumpWall(Duration.ofDays(1));

        assertThat(breaker.tryAcquire(false)).isEmpty();
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            pass().recordFailure(false);
        }
    }

    private void succeed(int times) {
        for (int i = 0; i < times; i++) {
            pass().recordSuccess();
        }
    }

    private DeploymentCircuitBreaker.Pass pass() {
        return breaker.tryAcquire(false).orElseThrow();
    }

    @Test
    void closesWithTheFirstTokenOfTheTrialAndCountsItsEndAsAnyOther() {
        fail(5);
        time.advance(Duration.ofMillis(2_400));
        DeploymentCircuitBreaker.Pass trial = pass();

        assertThat(trial.recordFirstToken()).isTrue();
        assertThat(trial.recordFirstToken()).isFalse();

        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(breaker.tryAcquire(false)).isPresent();
        fail(4);
        trial.recordFailure(false);
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void givesAShareThatGrowsAfterARecovery() {
        assertThat(breaker.share()).isEqualTo(1);
        fail(5);
        time.advance(Duration.ofMillis(2_400));
        pass().recordSuccess();

        assertThat(breaker.share()).isEqualTo(0.25);
        time.advance(Duration.ofSeconds(5));
        assertThat(breaker.share()).isEqualTo(0.5);
        time.advance(Duration.ofSeconds(5));
        assertThat(breaker.share()).isEqualTo(1);
    }
}
