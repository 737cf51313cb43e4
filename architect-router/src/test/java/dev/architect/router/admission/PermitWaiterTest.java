package dev.architect.router.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.model.ModelId;
import dev.architect.router.policy.CircuitBreakerSettings;
import dev.architect.router.policy.ModelPolicy;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.testkit.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** The corners of waiting that real threads rarely hit. */
class PermitWaiterTest {

    private final ManualTime time = new ManualTime();
    private final Deployment one = deployment("one");
    private final Deployment two = deployment("two");

    @Test
    void permitGrantedWhileLeavingGoesBack() {
        one.limiter().tryAcquire();

        assertThatThrownBy(() ->
                        PermitWaiter.awaitAny(List.of(one), during(one.limiter()::release, true), Duration.ofDays(1)))
                .isInstanceOf(InterruptedException.class);

        assertThat(one.limiter().tryAcquire()).isTrue();
    }

    @Test
    void permitGrantedWhileTheTimeRunsOutIsUsed() throws InterruptedException {
        one.limiter().tryAcquire();

        assertThat(PermitWaiter.awaitAny(List.of(one), during(one.limiter()::release, false), Duration.ofDays(1)))
                .contains(one);
        assertThat(one.limiter().tryAcquire()).isFalse();
    }

    @Test
    void onlyOneOfSeveralPermitsIsTaken() throws InterruptedException {
        one.limiter().tryAcquire();
        two.limiter().tryAcquire();
        Runnable both = () -> {
            two.limiter().release();
            one.limiter().release();
        };

        assertThat(PermitWaiter.awaitAny(List.of(one, two), during(both, false), Duration.ofDays(1)))
                .contains(two);
        assertThat(two.limiter().tryAcquire()).isFalse();
        assertThat(one.limiter().tryAcquire()).isTrue();
    }

    @Test
    void aWaiterThatHasGivenUpIsRemoved() throws InterruptedException {
        one.limiter().tryAcquire();
        assertThat(PermitWaiter.awaitAny(List.of(one), during(() -> {}, false), Duration.ofDays(1)))
                .isEmpty();

        one.limiter().release();

        assertThat(one.limiter().tryAcquire()).isTrue();
    }

    @Test
    void permitThatBecameFreeMeanwhileIsTakenAtOnce() throws InterruptedException {
        assertThat(PermitWaiter.awaitAny(List.of(one), during(() -> {}, false), Duration.ofDays(1)))
                .contains(one);
        assertThat(one.limiter().tryAcquire()).isFalse();
    }

    private Deployment deployment(String name) {
        return new Deployment(
                new ModelPolicy(new ModelId("p", name), 50, 1, 1_000, OptionalInt.empty(), true),
                new ProviderState(ScriptedProvider.named("p")),
                CircuitBreakerSettings.STANDARD,
                time);
    }

    /** A clock whose waits run {@code event} and then end, by interruption or because their time is over. */
    private TimeSource during(Runnable event, boolean interrupts) {
        return new TimeSource() {
            @Override
            public Instant wallTime() {
                return time.wallTime();
            }

            @Override
            public long nanoTime() {
                return time.nanoTime();
            }

            @Override
            public void sleep(Duration duration) {
                throw new AssertionError("sleep was called, expected no sleep");
            }

            @Override
            public WakeUp newWakeUp() {
                return new WakeUp() {
                    @Override
                    public void signal() {}

                    @Override
                    public boolean await(Duration timeout) throws InterruptedException {
                        event.run();
                        if (interrupts) {
                            throw new InterruptedException();
                        }
                        return false;
                    }
                };
            }

            @Override
            public long random(long bound) {
                return time.random(bound);
            }
        };
    }
}
