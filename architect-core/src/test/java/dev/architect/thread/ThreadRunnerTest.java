package dev.architect.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

final class ThreadRunnerTest {

    @Test
    void namesItsThreads() throws Exception {
        try (ThreadRunner runner = new ThreadRunner("test")) {
            CompletableFuture<String> name = new CompletableFuture<>();

            runner.start("work", () -> name.complete(Thread.currentThread().getName()));

            assertThat(name.get(60, TimeUnit.SECONDS)).isEqualTo("test-work-1");
        }
    }

    @Test
    void usesVirtualThreadsWhereTheyExist() throws Exception {
        try (ThreadRunner runner = new ThreadRunner("test")) {
            Thread thread = runner.start("work", () -> {});

            assertThat(isVirtual(thread)).isEqualTo(Runtime.version().feature() >= 21);
            assertThat(ThreadRunner.isVirtual()).isEqualTo(Runtime.version().feature() >= 21);
            assertThat(isVirtual(runner.startPlatform("loop", () -> {}))).isFalse();
            assertThat(ThreadRunner.isCurrentVirtual()).isFalse();
            CompletableFuture<Boolean> saysSo = new CompletableFuture<>();
            runner.start("asks", () -> saysSo.complete(ThreadRunner.isCurrentVirtual()));
            assertThat(saysSo.get()).isEqualTo(Runtime.version().feature() >= 21);
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
        assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();

        runner.close();

        assertThat(interrupted.get(60, TimeUnit.SECONDS)).isTrue();
        assertThat(runner.runningCount()).isZero();
        assertThatThrownBy(() -> runner.start("late", () -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("runner 'test' is closed, expected open");
    }

    @Test
    void runsManyJobsAtOnceUnderTheirOwnNames() throws Exception {
        try (ThreadRunner runner = new ThreadRunner("test")) {
            CountDownLatch together = new CountDownLatch(50);
            Set<String> names = ConcurrentHashMap.newKeySet();
            CountDownLatch ended = new CountDownLatch(50);

            for (int i = 0; i < 50; i++) {
                runner.run("work", () -> {
                    names.add(Thread.currentThread().getName());
                    together.countDown();
                    awaitQuietly(together);
                    ended.countDown();
                });
            }

            assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(names).hasSize(50).contains("test-work-1", "test-work-50");
        }
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_20)
    void fewThreadsRunABurstOfShortJobs() throws Exception {
        try (ThreadRunner runner = new ThreadRunner("test")) {
            Set<Thread> threads = ConcurrentHashMap.newKeySet();
            CountDownLatch ended = new CountDownLatch(20_000);

            for (int i = 0; i < 20_000; i++) {
                runner.run("work", () -> {
                    threads.add(Thread.currentThread());
                    ended.countDown();
                });
            }

            assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(threads).hasSizeLessThan(2_000);
        }
    }

    @Test
    void aJobThatFailsLeavesTheOthersTheirThreads() throws Exception {
        try (ThreadRunner runner = new ThreadRunner("test")) {
            CountDownLatch ended = new CountDownLatch(100);

            for (int i = 0; i < 200; i++) {
                boolean fails = i % 2 == 0;
                runner.run("work", () -> {
                    if (fails) {
                        throw new IllegalStateException("on purpose");
                    }
                    ended.countDown();
                });
            }

            assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void anInterruptionDoesNotReachTheNextJob() throws Exception {
        try (ThreadRunner runner = new ThreadRunner("test")) {
            for (int i = 0; i < 20; i++) {
                CompletableFuture<Boolean> interrupted = new CompletableFuture<>();

                runner.run("work", () -> {
                    interrupted.complete(Thread.currentThread().isInterrupted());
                    Thread.currentThread().interrupt();
                });

                assertThat(interrupted.get(60, TimeUnit.SECONDS)).isFalse();
            }
        }
    }

    @Test
    void interruptsTheWorkItRunsWhenItCloses() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        ThreadRunner runner = new ThreadRunner("test");
        runner.run("work", () -> {
            started.countDown();
            interrupted.complete(!awaitQuietly(new CountDownLatch(1)));
        });
        assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();

        runner.close();

        assertThat(interrupted.get(60, TimeUnit.SECONDS)).isTrue();
        assertThat(runner.runningCount()).isZero();
        assertThatThrownBy(() -> runner.run("late", () -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("runner 'test' is closed, expected open");
    }

    private static boolean awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException stop) {
            return false;
        }
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
