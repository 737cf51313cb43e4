package dev.architect.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.event.Event;
import dev.architect.spi.TaskStore;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.task.TaskId;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskState;
import dev.architect.thread.ThreadRunner;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class TaskWaitersTest {

    private static final TaskId ID = TaskId.of(1, 0, 0);
    private static final TaskResult DONE =
            new TaskResult(ID, TaskState.DONE, Optional.of("output"), Optional.empty(), Optional.empty());

    /** One thread registers and leaves all the time, so that its removal meets the registrations of the other one. */
    @Test
    void wakesAWaiterThatRegistersWhileAnotherOneLeaves() throws Exception {
        AtomicBoolean finished = new AtomicBoolean();
        AtomicInteger missed = new AtomicInteger();
        ThreadLocal<Integer> looks = ThreadLocal.withInitial(() -> 1);
        TaskWaiters[] waiters = new TaskWaiters[1];
        waiters[0] = new TaskWaiters(
                store(() -> {
                    // A thread's first look finds nothing if it has reset its counter: then it waits once.
                    int look = looks.get();
                    looks.set(look + 1);
                    return look == 0 ? Optional.empty() : Optional.of(DONE);
                }),
                new WakeUps(() -> new WakeUp() {
                    private boolean signalled;

                    @Override
                    public void signal() {
                        signalled = true;
                    }

                    @Override
                    public boolean await(Duration timeout) {
                        waiters[0].onEvent(new Event.TaskEnded(Instant.EPOCH, ID, TaskState.DONE));
                        if (!signalled) {
                            missed.incrementAndGet();
                        }
                        return signalled;
                    }
                }),
                new ThreadRunner("unused"));
        Thread leaving = new Thread(() -> {
            while (!finished.get()) {
                await(waiters[0]);
            }
        });
        leaving.start();

        for (int round = 0; round < 200_000 && missed.get() == 0; round++) {
            looks.set(0);
            await(waiters[0]);
        }

        finished.set(true);
        leaving.join();
        assertThat(missed).hasValue(0);
    }

    private static void await(TaskWaiters waiters) {
        try {
            waiters.await(ID, Duration.ofMinutes(1));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static TaskStore store(Supplier<Optional<TaskResult>> result) {
        return (TaskStore) Proxy.newProxyInstance(
                TaskStore.class.getClassLoader(), new Class<?>[] {TaskStore.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("result");
                    return result.get();
                });
    }

    private record WakeUps(Supplier<WakeUp> source) implements TimeSource {
        @Override
        public Instant wallTime() {
            return Instant.EPOCH;
        }

        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public void sleep(Duration duration) {}

        @Override
        public WakeUp newWakeUp() {
            return source.get();
        }

        @Override
        public long random(long bound) {
            return 0;
        }
    }
}
