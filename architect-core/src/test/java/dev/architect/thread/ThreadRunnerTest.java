package dev.architect.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ThreadRunnerTest {

    @Test
    void namesItsThreads() throws Exception {
        try (ThreadRunner runner = new ThreadRunner("test")) {
            CompletableFuture<String> name = new CompletableFuture<>();

            runner.start("work", () -> name.complete(Thread.currentThread().getName()));

            assertThat(name.get(10, TimeUnit.SECONDS)).isEqualTo("test-work-1");
        }
    }

    @Test
    void usesVirtualThreadsWhereTheyExist() throws Exception {
        try (ThreadRunner runner = new ThreadRunner("test")) {
            Thread thread = runner.start("work", () -> {});

            assertThat(isVirtual(thread)).isEqualTo(Runtime.version().feature() >= 21);
            assertThat(ThreadRunner.isVirtual()).isEqualTo(Runtime.version().feature() >= 21);
            assertThat(isVirtual(runner.startPlatform("loop", () -> {}))).isFalse();
        }
    }

    @Test
    void interruptsWhatRunsWhenItCloses() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        ThreadRunner runner = new ThreadRunner("test");
        runner.start("work", () -> {
            started.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException stop) {
                interrupted.complete(true);
            }
        });
        assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();

        runner.close();

        assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(runner.runningCount()).isZero();
        assertThatThrownBy(() -> runner.start("late", () -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("runner 'test' is closed, expected open");
    }

    private static boolean isVirtual(Thread thread) throws IllegalAccessException {
        try {
            return (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
        } catch (NoSuchMethodException olderJava) {
            return false;
        } catch (InvocationTargetException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
