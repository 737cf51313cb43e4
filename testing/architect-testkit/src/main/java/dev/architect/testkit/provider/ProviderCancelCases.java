package dev.architect.testkit.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.simulator.script.Latency;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Cancellation by interrupt, on threads of the kind that the engine uses on this Java version. */
abstract class ProviderCancelCases extends ProviderCases {

    private static final ThreadRunner THREADS = new ThreadRunner("contract");

    ProviderCancelCases(ModelProviderContract contract) {
        super(contract);
    }

    @Test
    void interruptionClosesTheCall() throws Exception {
        configure(script -> script.withLatency(Latency.fixed(Duration.ofMinutes(5))));
        Caller caller = new Caller(this::chat);
        assertThat(simulator().awaitCalls(1, TIMEOUT)).isTrue();

        caller.thread.interrupt();

        caller.assertCancelled();
        assertThat(simulator().awaitFinished(1, TIMEOUT)).isTrue();
        assertThat(loggedCall().clientHungUp()).isTrue();
    }

    @Test
    void interruptionClosesAStreamThatRuns() throws Exception {
        configure(script -> script.withPerToken(Duration.ofMillis(100)).withTokensPerChunk(1));
        CountDownLatch firstChunk = new CountDownLatch(1);
        Caller caller = new Caller(() -> provider().stream(call(), chunk -> firstChunk.countDown()));
        assertThat(firstChunk.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();

        caller.thread.interrupt();

        ProviderException failure = caller.assertCancelled();
        assertThat(failure.receivedCharacters()).isPositive();
        assertThat(simulator().awaitFinished(1, TIMEOUT)).isTrue();
        assertThat(loggedCall().clientHungUp()).isTrue();
    }

    @Test
    void anInterruptedThreadSendsNothing() throws Exception {
        Caller caller = new Caller(() -> {
            Thread.currentThread().interrupt();
            chat();
        });

        ProviderException failure = caller.assertCancelled();

        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.NOT_SENT);
        assertThat(simulator().log()).isEmpty();
    }

    @Test
    void aCancelledCallDoesNotAffectOthers() throws Exception {
        configure(script -> script.withLatency(Latency.fixed(Duration.ofMinutes(5))));
        Caller cancelled = new Caller(this::chat);
        assertThat(simulator().awaitCalls(1, TIMEOUT)).isTrue();
        configure(script -> script.withLatency(Latency.none()));

        cancelled.thread.interrupt();

        cancelled.assertCancelled();
        assertThat(chat().text()).isNotBlank();
    }

    @Test
    void closingTheProviderEndsCallsInFlight() throws Exception {
        configure(script -> script.withLatency(Latency.fixed(Duration.ofMinutes(5))));
        Caller caller = new Caller(this::chat);
        assertThat(simulator().awaitCalls(1, TIMEOUT)).isTrue();

        provider().close();

        caller.join();
        assertThat(caller.failure.get()).isNotNull();
        assertThat(simulator().awaitFinished(1, TIMEOUT)).isTrue();
    }

    /** A thread that makes one call and keeps how it ended. */
    private static final class Caller {
        private final AtomicReference<@Nullable ProviderException> failure = new AtomicReference<>();
        private final AtomicBoolean interruptFlag = new AtomicBoolean();
        private final Thread thread;

        Caller(Runnable call) {
            thread = THREADS.start("caller", () -> {
                try {
                    call.run();
                } catch (ProviderException ended) {
                    failure.set(ended);
                    interruptFlag.set(Thread.currentThread().isInterrupted());
                }
            });
        }

        void join() throws InterruptedException {
            thread.join(Duration.ofSeconds(5).toMillis());
            assertThat(thread.isAlive()).as("the call still runs after 5 s").isFalse();
        }

        ProviderException assertCancelled() throws InterruptedException {
            join();
            ProviderException ended = failure.get();
            if (ended == null) {
                throw new AssertionError("the call ended without a ProviderException, expected CANCELLED");
            }
            assertThat(ended.kind()).isEqualTo(FailureKind.CANCELLED);
            assertThat(interruptFlag).as("interrupt flag").isTrue();
            return ended;
        }
    }
}
