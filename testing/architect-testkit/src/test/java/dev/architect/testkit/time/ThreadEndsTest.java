package dev.architect.testkit.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.thread.ThreadRunner;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

final class ThreadEndsTest {

    @Test
    void theEndOfThreadsIsAwaited() {
        CountDownLatch release = new CountDownLatch(1);
        try (ThreadRunner runner = new ThreadRunner("thread-ends-test")) {
            Thread ending = runner.startPlatform("ending", () -> {
                try {
                    release.await();
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                }
            });
            Thread awaiting = Thread.currentThread();
            runner.startPlatform("releasing", () -> {
                while (awaiting.getState() != Thread.State.TIMED_WAITING) {
                    LockSupport.parkNanos(1_000_000);
                }
                release.countDown();
            });

            assertThat(ThreadEnds.await(thread -> thread == ending)).isEmpty();
            assertThat(ending.isAlive()).isFalse();
            assertThat(ThreadEnds.awaitNamed("thread-ends-test-ending")).isEmpty();
        }
    }
}
