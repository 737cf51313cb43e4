package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.Architect;
import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.error.StoreException;
import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import dev.architect.task.PoolLimits;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.testkit.time.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When slots are free again, and what the engine reports of itself. */
final class AcknowledgementTest extends EngineFixture {

    private final AtomicInteger performed = new AtomicInteger();

    private record GroupedWorker(AtomicInteger performed) implements Worker {
        @Override
        public Set<String> types() {
            return Set.of("short");
        }

        @Override
        public Acknowledgement acknowledgement() {
            return Acknowledgement.GROUPED;
        }

        @Override
        public String perform(TaskContext context) {
            performed.incrementAndGet();
            return context.request().payload();
        }
    }

    private void refuseEnds(StoreException.Kind kind) {
        store.set((method, call) -> {
            if (method.equals("finish")) {
                throw new StoreException(kind, "no space left", null);
            }
            return call.call();
        });
    }

    @Test
    void freesSlotsBeforeTheEndsAreRecordedUpToALimit() throws Exception {
        Architect architect = start(
                builder(context -> "done").worker(new GroupedWorker(performed)).pool(new PoolLimits(1, 1, 10)));
        refuseEnds(StoreException.Kind.FULL);
        List<TaskHandle> tasks = architect
                .tasks()
                .submitAll(IntStream.range(0, 2_500)
                        .mapToObj(i -> TaskRequest.of("short", "p" + i))
                        .toList());

        advanceUntil(() -> performed.get() == 2_010 && architect.health().unrecordedEnds() >= 2_010);
        advanceUntil(() -> time.wallTime().isAfter(ManualTime.START.plusSeconds(60)), Duration.ofSeconds(1));

        // 2,000 beyond the ten that keep their slot; and the audits have found none of them lost.
        assertThat(performed).hasValue(2_010);
        assertThat(architect.sessions().runningAttempts()).isEqualTo(10);
        // A few more were claimed ahead of a slot; giving them back waits for the store like every end.
        assertThat(architect.tasks().counts().get(TaskState.RUNNING)).isBetween(2_010L, 2_499L);
        store.heal();
        advanceUntil(() -> architect.tasks().counts().getOrDefault(TaskState.DONE, 0L) == 2_500);
        assertThat(performed).hasValue(2_500);
        assertThat(tasks)
                .allSatisfy(task -> assertThat(architect.tasks().attempts(task.id()))
                        .extracting(Attempt::outcome)
                        .endsWith(AttemptOutcome.SUCCEEDED)
                        .isSubsetOf(AttemptOutcome.HANDED_BACK, AttemptOutcome.SUCCEEDED));
        assertThat(architect.health().unrecordedEnds()).isZero();
        assertThat(architect.sessions().runningAttempts()).isZero();
    }

    @Test
    void keepsSlotsUntilTheEndsAreRecordedByDefault() throws Exception {
        Architect architect = start(builder(context -> {
                    performed.incrementAndGet();
                    return "done";
                })
                .pool(new PoolLimits(1, 1, 10)));
        refuseEnds(StoreException.Kind.FULL);
        architect
                .tasks()
                .submitAll(IntStream.range(0, 50)
                        .mapToObj(i -> TaskRequest.of("work", "p" + i))
                        .toList());

        advanceUntil(() -> architect.health().unrecordedEnds() == 10);
        advanceUntil(() -> time.wallTime().isAfter(ManualTime.START.plusSeconds(30)));

        assertThat(performed).hasValue(10);
        assertThat(architect.sessions().runningAttempts()).isEqualTo(10);
        store.heal();
        advanceUntil(() -> architect.tasks().counts().getOrDefault(TaskState.DONE, 0L) == 50);
    }

    @Test
    void recordsGroupedEndsBeforeItStops() throws Exception {
        Architect architect = start(builder(context -> "done").worker(new GroupedWorker(performed)));
        AtomicBoolean isFull = new AtomicBoolean(true);
        store.set((method, call) -> {
            if (method.equals("finish") && isFull.get()) {
                throw new StoreException(StoreException.Kind.FULL, "no space left", null);
            }
            return call.call();
        });
        TaskHandle task = architect.submit(TaskRequest.of("short", "p"));
        advanceUntil(() ->
                architect.health().unrecordedEnds() == 1 && architect.sessions().runningAttempts() == 0);
        store.keepOpen();
        Thread closing = new Thread(architect::close);
        closing.start();
        time.advance(Duration.ofMillis(100));

        isFull.set(false);
        advanceUntil(() -> !closing.isAlive());

        assertThat(memory.tasks().find(task.id()).orElseThrow().state()).isEqualTo(TaskState.DONE);
    }

    @Test
    void reportsThatTheStoreTakesNothing() throws Exception {
        Architect architect = start(context -> "done");
        assertThat(architect.health().isDegraded()).isFalse();
        refuseEnds(StoreException.Kind.BUSY);
        architect.submit(TaskRequest.of("work", "p"));

        advanceUntil(() -> architect.health().isDegraded());

        assertThat(architect.health().reasons())
                .containsExactly("1 ends of attempts wait for the store, expected that it takes them");
        store.heal();
        advanceUntil(() -> !architect.health().isDegraded());
    }

    @Test
    void reportsALoopThatHangs() throws Exception {
        Architect architect = start(context -> "done");
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch hanging = new CountDownLatch(1);
        store.set((method, call) -> {
            if (method.equals("claim") || method.equals("untilNextDue")) {
                hanging.countDown();
                release.await();
            }
            return call.call();
        });
        advanceUntil(() -> hanging.getCount() == 0);
        advanceUntil(() -> architect.health().longestSilence().compareTo(Duration.ofSeconds(6)) > 0);

        assertThat(architect.health().reasons())
                .singleElement()
                .asString()
                .startsWith("a loop of the engine has been silent for ");
        release.countDown();
        advanceUntil(() -> !architect.health().isDegraded());
    }

    @Test
    void reportsNoSilenceOfLoopsThatWaitForTheirTime() throws Exception {
        Architect architect = start(context -> "done");
        advanceBy(Duration.ofSeconds(300));

        // The loop of the retention waits for ten minutes between its rounds.
        advanceUntil(() -> architect.health().reasons().isEmpty());
    }
}
