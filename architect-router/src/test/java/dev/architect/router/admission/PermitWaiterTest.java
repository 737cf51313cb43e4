package dev.architect.router.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.model.ModelId;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.testkit.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The corners of waiting that real threads rarely hit. */
class PermitWaiterTest {

    private final ManualTime time = new ManualTime();
    private final Deployment one = deployment("one");
    private final Deployment two = deployment("two");

    @Test
    void permitGrantedWhileLeavingGoesBack() {
        one.permits().tryTake();

        assertThatThrownBy(
                        () -> PermitWaiter.any(List.of(one), during(one.permits()::giveBack, true), Duration.ofDays(1)))
                .isInstanceOf(InterruptedException.class);

        assertThat(one.permits().tryTake()).isTrue();
    }

    @Test
    void permitGrantedWhileTheTimeRunsOutIsUsed() throws InterruptedException {
        one.permits().tryTake();

        assertThat(PermitWaiter.any(List.of(one), during(one.permits()::giveBack, false), Duration.ofDays(1)))
                .contains(one);
        assertThat(one.permits().tryTake()).isFalse();
    }

    @Test
    void onlyOneOfSeveralPermitsIsTaken() throws InterruptedException {
        one.permits().tryTake();
        two.permits().tryTake();
        Runnable both = () -> {
            two.permits().giveBack();
            one.permits().giveBack();
        };

        assertThat(PermitWaiter.any(List.of(one, two), during(both, false), Duration.ofDays(1)))
                .contains(two);
        assertThat(two.permits().tryTake()).isFalse();
        assertThat(one.permits().tryTake()).isTrue();
    }

    @Test
    void whoHasGivenUpIsForgotten() throws InterruptedException {
        one.permits().tryTake();
        assertThat(PermitWaiter.any(List.of(one), during(() -> {}, false), Duration.ofDays(1)))
                .isEmpty();

        one.permits().giveBack();

        assertThat(one.permits().tryTake()).isTrue();
    }

    @Test
    void permitThatBecameFreeMeanwhileIsTakenAtOnce() throws InterruptedException {
        assertThat(PermitWaiter.any(List.of(one), during(() -> {}, false), Duration.ofDays(1)))
                .contains(one);
        assertThat(one.permits().tryTake()).isFalse();
    }

    private Deployment deployment(String name) {
        return new Deployment(
                new RoutingPolicy.Model(new ModelId("p", name), 50, 1, 1_000, null, true),
                new ProviderState(
                        ScriptedProvider.named("p"),
                        new ProviderCircuitBreaker(RoutingPolicy.Breaker.STANDARD, time),
                        new AtomicInteger()),
                new ConcurrencyLimiter(1),
                new Cooldown(time));
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
                throw new AssertionError("nobody sleeps here");
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
