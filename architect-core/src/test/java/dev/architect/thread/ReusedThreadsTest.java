package dev.architect.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ReusedThreadsTest {

    private final AtomicInteger made = new AtomicInteger();
    private final List<Throwable> notStarted = new CopyOnWriteArrayList<>();
    private volatile int most = Integer.MAX_VALUE;
    private final ReusedThreads threads = new ReusedThreads(this::make, Duration.ofSeconds(10));

    private static final class NoMoreThreadsError extends Error {
        private static final long serialVersionUID = 1;
    }

    private Thread make(Runnable work) {
        if (made.incrementAndGet() > most) {
            throw new NoMoreThreadsError();
        }
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    }

    @Test
    void noJobWaitsBehindOneThatBlocks() throws Exception {
        CountDownLatch together = new CountDownLatch(200);
        CountDownLatch ended = new CountDownLatch(200);

        for (int i = 0; i < 200; i++) {
            threads.run(
                    () -> {
                        together.countDown();
                        awaitQuietly(together);
                        ended.countDown();
                    },
                    notStarted::add);
        }

        assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(notStarted).isEmpty();
        threads.close();
    }

    @Test
    void aThreadRunsOneJobAfterTheOther() throws Exception {
        for (int i = 0; i < 50; i++) {
            CompletableFuture<Boolean> done = new CompletableFuture<>();
            threads.run(() -> done.complete(true), notStarted::add);
            done.get(60, TimeUnit.SECONDS);
        }

        // A second one is started when the first has not yet come back from its job.
        assertThat(made.get()).isLessThan(25);
        threads.close();
    }

    @Test
    void whoeverFindsNoThreadLearnsIt() throws Exception {
        most = 1;
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(1);
        threads.run(
                () -> {
                    started.countDown();
                    awaitQuietly(release);
                },
                notStarted::add);
        assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();

        assertThatThrownBy(() -> threads.run(() -> {}, notStarted::add)).isInstanceOf(NoMoreThreadsError.class);
        release.countDown();
        CompletableFuture<Boolean> later = new CompletableFuture<>();
        runWhenThereIsAThread(() -> later.complete(true));

        assertThat(later.get(60, TimeUnit.SECONDS)).isTrue();
        assertThat(notStarted).isEmpty();
        threads.close();
    }

    /** The second job waits while the first thread is on its way; that one finds that there is no other. */
    @Test
    void aJobThatWaitsForAThreadThatCannotBeStartedIsGivenBack() throws Exception {
        most = 1;
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger ran = new AtomicInteger();
        int thrown = 0;
        for (int i = 0; i < 20; i++) {
            try {
                threads.run(
                        () -> {
                            ran.incrementAndGet();
                            awaitQuietly(release);
                        },
                        notStarted::add);
            } catch (NoMoreThreadsError noThread) {
                thrown++;
            }
        }
        while (ran.get() + thrown + notStarted.size() < 20) {
            Thread.onSpinWait();
        }

        assertThat(ran.get()).isEqualTo(1);
        assertThat(notStarted).allMatch(NoMoreThreadsError.class::isInstance);
        release.countDown();
        threads.close();
    }

    /** The first thread takes its job while the second one is being started, so it starts no other; then the second one fails to start. */
    @Test
    void jobsThatRelyOnAThreadThatCannotBeStartedAreGivenBack() throws Exception {
        CountDownLatch mayCome = new CountDownLatch(1);
        CountDownLatch hasCome = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        ReusedThreads two = new ReusedThreads(
                work -> {
                    if (made.incrementAndGet() > 1) {
                        mayCome.countDown();
                        awaitQuietly(hasCome);
                        throw new NoMoreThreadsError();
                    }
                    Thread thread = new Thread(() -> {
                        awaitQuietly(mayCome);
                        work.run();
                    });
                    thread.setDaemon(true);
                    return thread;
                },
                Duration.ofSeconds(10));
        int thrown = 0;
        for (int i = 0; i < 8; i++) {
            try {
                two.run(
                        () -> {
                            hasCome.countDown();
                            awaitQuietly(release);
                        },
                        notStarted::add);
            } catch (NoMoreThreadsError noThread) {
                thrown++;
            }
        }

        assertThat(thrown).isEqualTo(1);
        assertThat(notStarted).hasSize(6);
        release.countDown();
        two.close();
    }

    @Test
    void takesNoWorkWhenItIsClosed() {
        threads.close();

        assertThat(threads.run(() -> {}, notStarted::add)).isFalse();
        assertThat(made).hasValue(0);
    }

    /** Until the only thread has come back from its job. */
    private void runWhenThereIsAThread(Runnable work) {
        boolean isTaken = false;
        while (!isTaken) {
            try {
                isTaken = threads.run(work, notStarted::add);
            } catch (NoMoreThreadsError notYet) {
                Thread.onSpinWait();
            }
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
