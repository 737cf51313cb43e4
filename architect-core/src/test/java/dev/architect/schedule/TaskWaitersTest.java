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
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
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

    /**
     * A busy store reports changes all the time; a look that takes a millisecond is made every twentieth one at most. One that took a
     * minute, because the process was frozen, delays no waiter for longer than a second.
     */
    @Test
    void looksForEndsElsewhereDoNotTakeMoreThanATwentiethOfTheTime() throws Exception {
        AtomicLong clock = new AtomicLong(-5);
        AtomicLong lookTime = new AtomicLong(1_000_000);
        AtomicInteger looks = new AtomicInteger();
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        TaskStore store = (TaskStore) Proxy.newProxyInstance(
                TaskStore.class.getClassLoader(), new Class<?>[] {TaskStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("result")) {
                        return release.getCount() == 0 ? Optional.of(DONE) : Optional.empty();
                    }
                    looks.incrementAndGet();
                    clock.addAndGet(lookTime.get());
                    return Set.of();
                });
        TaskWaiters waiters = new TaskWaiters(
                store,
                new WakeUps(
                        () -> new WakeUp() {
                            @Override
                            public void signal() {}

                            @Override
                            public boolean await(Duration timeout) throws InterruptedException {
                                waiting.countDown();
                                release.await();
                                return true;
                            }
                        },
                        clock::get),
                new ThreadRunner("unused"));
        Thread waiter = new Thread(() -> await(waiters));
        waiter.start();
        waiting.await();

        waiters.wakeEnded();
        assertThat(looks).hasValue(1);
        assertThat(waiters.wakeEnded()).isEqualTo(Duration.ofMillis(19));
        assertThat(looks).hasValue(1);
        clock.addAndGet(Duration.ofMillis(19).toNanos());
        waiters.wakeEnded();

        assertThat(looks).hasValue(2);
        clock.addAndGet(Duration.ofMillis(19).toNanos());
        lookTime.set(Duration.ofMinutes(1).toNanos());
        waiters.wakeEnded();
        assertThat(looks).hasValue(3);
        assertThat(waiters.wakeEnded()).isEqualTo(Duration.ofSeconds(1));
        release.countDown();
        waiter.join();
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

    private record WakeUps(Supplier<WakeUp> source, LongSupplier clock) implements TimeSource {

        WakeUps(Supplier<WakeUp> source) {
            this(source, () -> 0);
        }

        @Override
        public Instant wallTime() {
            return Instant.EPOCH;
        }

        @Override
        public long nanoTime() {
            return clock.getAsLong();
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
