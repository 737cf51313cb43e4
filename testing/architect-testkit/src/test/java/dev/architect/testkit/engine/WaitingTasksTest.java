package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.Architect;
import dev.architect.event.Event;
import dev.architect.maintenance.TaskFilter;
import dev.architect.spi.TaskStore;
import dev.architect.submission.UniqueKeyTakenException;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskState;
import dev.architect.task.UniqueKey;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Tasks that wait: unique keys, and what expires. */
final class WaitingTasksTest extends EngineFixture {

    private static final TaskRequest WORK = TaskRequest.of("work", "p").withMaxAttempts(1);

    private static TaskRequest unique(String payload, UniqueKey key) {
        return TaskRequest.of("work", payload).withMaxAttempts(1).withOptions(TaskOptions.DEFAULT.withUniqueKey(key));
    }

    private long submitted() {
        return count(Event.TaskSubmitted.class);
    }

    @Test
    void debouncesWhatIsSubmittedAgainAndAgain() throws Exception {
        Queue<String> performed = new ConcurrentLinkedQueue<>();
        Architect architect = start(context -> {
            performed.add(context.request().payload());
            return "done";
        });

        List<TaskHandle> handles = architect
                .tasks()
                .submitAll(List.of(
                        unique("1", UniqueKey.replacing("k")).withDelay(Duration.ofSeconds(5)),
                        unique("2", UniqueKey.replacing("k")).withDelay(Duration.ofSeconds(5))));
        TaskHandle last = architect.submit(unique("3", UniqueKey.replacing("k")).withDelay(Duration.ofSeconds(5)));

        assertThat(handles).extracting(TaskHandle::id).containsOnly(last.id());
        assertThat(submitted()).isEqualTo(1);
        advanceUntil(() -> last.result().isPresent());
        assertThat(performed).containsExactly("3");
    }

    @Test
    void refusesATaskWhoseKeyIsTaken() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Architect architect = start(context -> {
            release.await();
            throw new IllegalArgumentException("no");
        });
        TaskHandle first = architect.submit(unique("1", UniqueKey.rejecting("k")));
        advanceUntil(() -> count(Event.TaskStarted.class) == 1);

        assertThatThrownBy(() -> architect.submit(unique("2", UniqueKey.rejecting("k"))))
                .isInstanceOfSatisfying(
                        UniqueKeyTakenException.class,
                        taken -> assertThat(taken.holder()).isEqualTo(first.id()));
        assertThat(architect.submit(unique("2", UniqueKey.existing("k"))).id()).isEqualTo(first.id());
        assertThat(submitted()).isEqualTo(1);
        release.countDown();
        advanceUntil(() -> first.result().isPresent());
        TaskHandle second =
                architect.submit(unique("2", UniqueKey.rejecting("k")).withDelay(LONG));

        assertThatThrownBy(() -> architect.tasks().redrive(first.id()))
                .isInstanceOfSatisfying(UniqueKeyTakenException.class, taken -> {
                    assertThat(taken.key()).isEqualTo("k");
                    assertThat(taken.holder()).isEqualTo(second.id());
                });
        assertThat(architect.tasks().redriveAll(TaskFilter.of(TaskState.DEAD))).isZero();
        second.cancel();
        assertThat(architect.tasks().redrive(first.id()).id()).isEqualTo(first.id());
    }

    @Test
    void expiresWhatDoesNotStartInTime() throws Exception {
        Architect architect = start(context -> "done");
        architect.sessions().pause();
        TaskHandle task = architect.submit(WORK.withOptions(TaskOptions.DEFAULT.withExpiry(Duration.ofMinutes(3))));
        CompletableFuture<TaskResult> awaited = new CompletableFuture<>();
        Thread waiter = new Thread(() -> {
            try {
                awaited.complete(task.await(LONG));
            } catch (InterruptedException | RuntimeException failure) {
                awaited.completeExceptionally(failure);
            }
        });
        waiter.start();

        advanceUntil(awaited::isDone, Duration.ofSeconds(1));

        TaskResult result = awaited.join();
        assertThat(result.state()).isEqualTo(TaskState.EXPIRED);
        assertThat(result.error()).contains(TaskStore.NOT_BEGUN);
        assertThat(count(Event.TaskEnded.class)).isEqualTo(1);
        architect.sessions().resume();
        assertThat(architect.tasks().redrive(task.id()).id()).isEqualTo(task.id());
        advanceUntil(() -> task.result().filter(TaskResult::isDone).isPresent());
        waiter.join();
    }
}
