package dev.architect.library.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Work that another thread may cancel. */
@Timeout(30)
final class CancellableWorkTest {

    @Test
    void isInterruptedWhileItBlocksAndTheInterruptEndsWithIt() throws InterruptedException {
        CancellableWork work = new CancellableWork();
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean wasInterrupted = new AtomicBoolean();
        AtomicBoolean flagAfter = new AtomicBoolean(true);
        Thread worker = new Thread(() -> {
            work.run(() -> {
                begun.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException asked) {
                    wasInterrupted.set(true);
                    Thread.currentThread().interrupt();
                }
            });
            flagAfter.set(Thread.currentThread().isInterrupted());
        });
        worker.start();
        begun.await();

        work.cancel();
        worker.join();

        assertThat(wasInterrupted).isTrue();
        assertThat(flagAfter).isFalse();
        assertThat(work.isCancelled()).isTrue();
    }

    @Test
    void doesNotBeginWhenItWasCancelled() {
        CancellableWork work = new CancellableWork();
        work.cancel();
        AtomicBoolean done = new AtomicBoolean();

        work.run(() -> done.set(true));

        assertThat(done).isFalse();
    }

    @Test
    void aFailureIsReportedUnlessTheWorkWasCancelled() {
        AtomicReference<RuntimeException> reported = new AtomicReference<>();
        IllegalStateException failure = new IllegalStateException("broken");
        CancellableWork cancelled = new CancellableWork();

        cancelled.run(
                () -> {
                    cancelled.cancel();
                    throw failure;
                },
                reported::set);
        assertThat(reported).hasNullValue();

        new CancellableWork()
                .run(
                        () -> {
                            throw failure;
                        },
                        reported::set);
        assertThat(reported).hasValue(failure);
    }

    @Test
    void anInterruptOfAnotherCauseStays() {
        CancellableWork work = new CancellableWork();

        work.run(() -> {
            Thread.currentThread().interrupt();
            work.cancel();
        });

        assertThat(Thread.interrupted()).isTrue();
    }
}
