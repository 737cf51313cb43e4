package dev.architect.router.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.route.BreakerCause;
import dev.architect.route.BreakerState;
import dev.architect.route.BreakerTransition;
import dev.architect.route.BreakerTrip;
import dev.architect.route.ModelHealth;
import dev.architect.router.policy.CircuitBreakerSettings;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.testkit.time.ManualTime;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeploymentCircuitBreakerTest {

    private static final long REFUSED = DeploymentCircuitBreaker.REFUSED;

    private final ManualTime time = new ManualTime();
    private final DeploymentCircuitBreaker breaker =
            new DeploymentCircuitBreaker(CircuitBreakerSettings.STANDARD, time);

    @Test
    void opensOnTheFifthFailure() {
        fail(4);
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);

        fail(1);

        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
        assertThat(breaker.tryAcquire(false)).isEqualTo(REFUSED);
    }

    @Test
    void opensWhenHalfOfTheLastTwentyCallsFailed() {
        succeed(30);
        time.advance(Duration.ofSeconds(31));
        succeed(11);
        fail(9);
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);

        fail(1);

        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void opensWhenHalfOfTheCallsOfThirtySecondsFailed() {
        for (int second = 0; second < 60; second += 3) {
            succeed(1);
            time.advance(Duration.ofSeconds(3));
        }
        // Of the last 20 calls a quarter failed, of those of the last 30 seconds half.
        for (int call = 0; call < 5; call++) {
            assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
            fail(1);
            time.advance(Duration.ofSeconds(3));
        }

        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void failuresOfEarlierCallsAndTimesAreForgotten() {
        fail(4);
        succeed(16);
        time.advance(Duration.ofSeconds(31));
        fail(4);
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);

        succeed(20);
        time.advance(Duration.ofSeconds(31));
        fail(4);

        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void aPolicyThatStatesSoManyOfSoManyCallsIsObeyed() {
        CircuitBreakerSettings threeOfTen = RoutingPolicy.parse("""
                baseline: a/b
                breaker: {failures: 3, calls: 10}
                models: [{model: a/b, quality: 50, contextTokens: 8192}]
                """).circuitBreaker();
        DeploymentCircuitBreaker own = new DeploymentCircuitBreaker(threeOfTen, time);
        for (int call = 0; call < 7; call++) {
            own.recordSuccess(own.tryAcquire(false), false);
        }

        own.recordFailure(own.tryAcquire(false), false);
        own.recordFailure(own.tryAcquire(false), false);
        assertThat(own.state()).isEqualTo(BreakerState.CLOSED);

        assertThat(own.recordFailure(own.tryAcquire(false), false)).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void opensWhenEightOfTenCallsAreSlow() {
        for (int call = 0; call < 19; call++) {
            assertThat(breaker.recordSuccess(pass(), call % 4 != 0))
                    .as("call %d", call)
                    .isNull();
        }
        breaker.recordSuccess(pass(), true);
        assertThat(breaker.recordSuccess(pass(), true)).isEqualTo(BreakerState.OPEN);

        assertThat(causes()).containsExactly(BreakerCause.SLOW_CALLS);
    }

    @Test
    void anAnswerThatDoesNotBeginInTimeCountsAsSlowAndNotAsFailed() {
        for (int call = 0; call < 12; call++) {
            assertThat(breaker.recordLateFirstToken(pass())).isNull();
            succeed(1);
        }
        for (int call = 0; call < 16 && breaker.state() == BreakerState.CLOSED; call++) {
            breaker.recordLateFirstToken(pass());
        }

        assertThat(causes()).containsExactly(BreakerCause.SLOW_CALLS);
    }

    @Test
    void aSlowTrialOpensItAgain() {
        fail(5);
        time.advance(Duration.ofMillis(2_400));

        assertThat(breaker.recordFirstToken(pass(), true)).isEqualTo(BreakerState.OPEN);

        time.advance(Duration.ofMillis(3_199));
        assertThat(breaker.tryAcquire(false)).as("the delay has doubled").isEqualTo(REFUSED);
        time.advance(Duration.ofMillis(1_601));
        assertThat(breaker.recordSuccess(pass(), true)).isEqualTo(BreakerState.OPEN);
        assertThat(causes())
                .containsExactly(
                        BreakerCause.FAILURES,
                        BreakerCause.TRIAL,
                        BreakerCause.SLOW_CALLS,
                        BreakerCause.TRIAL,
                        BreakerCause.SLOW_CALLS);
    }

    @Test
    void aTripBindsWhateverCallsShowUntilItsTimeIsOver() {
        long early = pass();
        BreakerTrip order = new BreakerTrip("maintenance", ManualTime.START.plusSeconds(3_600));

        assertThat(breaker.trip(order)).isEqualTo(BreakerState.OPEN);

        breaker.recordSuccess(early, false);
        breaker.recordHealthyProbe();
        time.advance(Duration.ofMinutes(59));
        assertThat(breaker.tryAcquire(false)).isEqualTo(REFUSED);
        assertThat(breaker.tryAcquire(true)).as("not even as the last resort").isEqualTo(REFUSED);
        assertThat(breaker.untilNextCall()).isEqualTo(Duration.ofMinutes(1));
        assertThat(breaker.health("m").trip()).contains(order);
        time.advance(Duration.ofMinutes(1));
        assertThat(breaker.untilNextCall()).isZero();
        assertThat(breaker.health("m").trip()).isEmpty();
        breaker.recordSuccess(pass(), false);
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void aTripWithoutAnEndLastsUntilItIsReset() {
        breaker.trip(BreakerTrip.untilReset("broken answers"));
        time.advance(Duration.ofDays(400));
        assertThat(breaker.tryAcquire(true)).isEqualTo(REFUSED);
        assertThat(breaker.untilNextCall()).isEqualTo(Duration.ofMinutes(5));
        assertThat(breaker.health("m").nextTrial()).contains(Instant.MAX);

        assertThat(breaker.reset("repaired")).isEqualTo(BreakerState.CLOSED);

        assertThat(breaker.share()).isEqualTo(1);
        assertThat(breaker.tryAcquire(false)).isNotEqualTo(REFUSED);
        assertThat(breaker.health("m").history())
                .extracting(BreakerTransition::note)
                .containsExactly("broken answers", "repaired");
    }

    @Test
    void aTrialThatIsOnItsWayDoesNotEndATrip() {
        fail(5);
        time.advance(Duration.ofMillis(2_400));
        long trial = pass();

        breaker.trip(BreakerTrip.untilReset("stop"));

        assertThat(breaker.recordFirstToken(trial, false)).isNull();
        assertThat(breaker.recordSuccess(trial, false)).isNull();
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void aResetForgetsWhatCallsShowed() {
        fail(4);
        long early = pass();
        assertThat(breaker.reset("no fault of the model")).isNull();
        assertThat(breaker.recordFailure(early, false)).isNull();

        fail(4);

        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void aHealthyProbeClosesOnlyWhatProbesOpened() {
        fail(5);
        assertThat(breaker.recordHealthyProbe()).isNull();
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
        breaker.reset("again");

        breaker.open(BreakerCause.PROBE);

        assertThat(breaker.recordHealthyProbe()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void whatOthersSayMakesItCarefulAndDoesNotOpenIt() {
        breaker.suspect(Duration.ofSeconds(30));
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(breaker.share()).isEqualTo(0.25);
        fail(3);
        assertThat(breaker.state()).as("with as many failures of its own").isEqualTo(BreakerState.OPEN);

        breaker.reset("again");
        breaker.suspect(Duration.ofSeconds(30));
        succeed(1);
        assertThat(breaker.share()).as("its own call was answered").isEqualTo(1);
        fail(3);
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);

        breaker.suspect(Duration.ofSeconds(30));
        time.advance(Duration.ofSeconds(30));
        assertThat(breaker.share()).isEqualTo(1);
    }

    @Test
    void keepsItsLastChanges() {
        for (int round = 0; round < 20; round++) {
            fail(5);
            time.advance(Duration.ofMillis(2_400));
            succeed(1);
        }

        ModelHealth health = breaker.health("m");

        assertThat(health.history()).hasSize(32);
        assertThat(health.cause()).contains(BreakerCause.TRIAL_ANSWERED);
        assertThat(health.history().get(31))
                .isEqualTo(new BreakerTransition(
                        time.wallTime(), BreakerState.HALF_OPEN, BreakerState.CLOSED, BreakerCause.TRIAL_ANSWERED, ""));
        assertThat(health.since()).isEqualTo(time.wallTime());
        assertThat(health.nextTrial()).isEmpty();
    }

    @Test
    void aHealthyCallAllocatesNothing() {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        DeploymentCircuitBreaker real =
                new DeploymentCircuitBreaker(CircuitBreakerSettings.STANDARD, new StoppedTime());
        call(real, 20_000);
        long before = threads.getCurrentThreadAllocatedBytes();
        call(real, 10_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        // The reading itself may take a few bytes.
        assertThat(allocated).isLessThan(10_000);
    }

    private static void call(DeploymentCircuitBreaker breaker, int times) {
        for (int i = 0; i < times; i++) {
            long pass = breaker.tryAcquire(false);
            breaker.recordFirstToken(pass, false);
            breaker.recordSuccess(pass, false);
        }
    }

    @Test
    void refusedKeyOpensAtOnce() {
        breaker.recordKeyRefused(pass());

        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void ignoredCallsDoNotCount() {
        for (int i = 0; i < 20; i++) {
            breaker.release(pass());
            breaker.recordRejection(pass());
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
                    .isEqualTo(REFUSED);
            time.advance(Duration.ofMillis(400L * seconds).plusNanos(1));
            breaker.recordFailure(pass(), false);
        }

        time.advance(Duration.ofMillis(9_600));
        breaker.recordSuccess(pass(), false);
        fail(5);
        time.advance(Duration.ofMillis(2_400));
        assertThat(breaker.tryAcquire(false)).as("the delay starts anew").isNotEqualTo(REFUSED);
    }

    @Test
    void letsExactlyOneTrialThrough() {
        fail(5);
        time.advance(Duration.ofMillis(2_400));

        long trial = pass();

        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(breaker.tryAcquire(false)).isEqualTo(REFUSED);
        assertThat(breaker.tryAcquire(true)).isEqualTo(REFUSED);
        breaker.recordSuccess(trial, false);
        assertThat(breaker.tryAcquire(false)).isNotEqualTo(REFUSED);
        assertThat(DeploymentCircuitBreaker.hasChanged(trial)).isTrue();
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void trialWithoutAnOutcomeAllowsAnother() {
        fail(5);
        time.advance(Duration.ofMillis(2_400));

        breaker.release(pass());

        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(breaker.tryAcquire(false)).isNotEqualTo(REFUSED);
    }

    @Test
    void trialThatIsRefusedShowsThatTheProviderIsThere() {
        fail(5);
        time.advance(Duration.ofMillis(2_400));

        breaker.recordRejection(pass());

        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void trialMayGoOutEarlyAsALastResort() {
        fail(5);

        long trial = breaker.tryAcquire(true);

        assertThat(trial).isNotEqualTo(REFUSED);
        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
    }

    @Test
    void lateCompletionNeitherOpensNorCloses() {
        List<Long> early = List.of(pass(), pass(), pass(), pass(), pass(), pass());
        fail(5);

        breaker.recordSuccess(early.get(0), false);
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);

        time.advance(Duration.ofMillis(2_400));
        long trial = pass();
        breaker.recordFailure(early.get(1), false);
        breaker.recordSuccess(early.get(2), false);
        breaker.release(early.get(3));
        breaker.recordRejection(early.get(4));
        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(breaker.tryAcquire(false)).isEqualTo(REFUSED);

        breaker.recordSuccess(trial, false);
        breaker.recordKeyRefused(early.get(5));
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void wallClockJumpsDoNotMatter() {
        fail(5);

        time.jumpWall(Duration.ofDays(1));

        assertThat(breaker.tryAcquire(false)).isEqualTo(REFUSED);
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            breaker.recordFailure(pass(), false);
        }
    }

    private void succeed(int times) {
        for (int i = 0; i < times; i++) {
            breaker.recordSuccess(pass(), false);
        }
    }

    private long pass() {
        long pass = breaker.tryAcquire(false);
        assertThat(pass).isNotEqualTo(REFUSED);
        return pass;
    }

    private List<BreakerCause> causes() {
        return breaker.health("m").history().stream()
                .map(BreakerTransition::cause)
                .toList();
    }

    @Test
    void closesWithTheFirstTokenOfTheTrialAndCountsItsEndAsAnyOther() {
        fail(5);
        time.advance(Duration.ofMillis(2_400));
        long trial = pass();

        assertThat(breaker.recordFirstToken(trial, false)).isEqualTo(BreakerState.CLOSED);
        assertThat(breaker.recordFirstToken(trial, false)).isNull();

        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(breaker.tryAcquire(false)).isNotEqualTo(REFUSED);
        fail(4);
        breaker.recordFailure(trial, false);
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void givesAShareThatGrowsAfterARecovery() {
        assertThat(breaker.share()).isEqualTo(1);
        fail(5);
        time.advance(Duration.ofMillis(2_400));
        breaker.recordSuccess(pass(), false);

        assertThat(breaker.share()).isEqualTo(0.25);
        time.advance(Duration.ofSeconds(5));
        assertThat(breaker.share()).isEqualTo(0.5);
        time.advance(Duration.ofSeconds(5));
        assertThat(breaker.share()).isEqualTo(1);
    }

    /** A clock that allocates nothing. */
    private static final class StoppedTime implements TimeSource {
        @Override
        public Instant wallTime() {
            return Instant.EPOCH;
        }

        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public void sleep(Duration duration) {
            throw new UnsupportedOperationException("sleep was called, expected time to be read only");
        }

        @Override
        public WakeUp newWakeUp() {
            throw new UnsupportedOperationException("a wake-up was asked for, expected time to be read only");
        }

        @Override
        public long random(long bound) {
            return 0;
        }
    }
}
