package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.Architect;
import dev.architect.event.Event;
import dev.architect.maintenance.BulkProgress;
import dev.architect.maintenance.StaleTaskException;
import dev.architect.maintenance.TaskAction;
import dev.architect.maintenance.TaskEdit;
import dev.architect.maintenance.TaskFilter;
import dev.architect.project.ProjectId;
import dev.architect.spi.TaskContext;
import dev.architect.spi.TaskStore;
import dev.architect.spi.Worker;
import dev.architect.submission.UniqueKeyTakenException;
import dev.architect.task.Task;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import dev.architect.task.TaskNotFoundException;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskState;
import dev.architect.task.TaskStateException;
import dev.architect.task.UniqueKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
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
        expect(Event.TaskSubmitted.class, 1);
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
        expect(Event.TaskSubmitted.class, 1);
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
        expect(Event.TaskEnded.class, 1);
        architect.sessions().resume();
        assertThat(architect.tasks().redrive(task.id()).id()).isEqualTo(task.id());
        advanceUntil(() -> task.result().filter(TaskResult::isDone).isPresent());
        waiter.join();
    }

    @Test
    void changesATaskThatWaits() throws Exception {
        Queue<String> performed = new ConcurrentLinkedQueue<>();
        Architect architect = start(context -> {
            performed.add(context.request().payload());
            return "done";
        });
        TaskHandle task = architect.submit(WORK.withDelay(LONG.multipliedBy(9)));

        Task edited =
                architect.tasks().edit(task.id(), TaskEdit.NONE.withPayload("q").withDelay(Duration.ZERO));

        assertThat(edited.request().payload()).isEqualTo("q");
        advanceUntil(() -> task.result().isPresent());
        assertThat(performed).containsExactly("q");
        assertThat(await(Event.TaskEdited.class).what()).isEqualTo("delay, payload");
        assertThatThrownBy(() -> architect.tasks().edit(task.id(), TaskEdit.NONE.withPayload("r")))
                .isInstanceOf(TaskStateException.class)
                .hasMessage("task " + task.id() + " is done, expected ready, scheduled, blocked, limited or held");
        assertThatThrownBy(() -> architect.tasks().edit(task.id(), TaskEdit.NONE))
                .hasMessage("edit is empty, expected at least one change");
        assertThatThrownBy(() -> architect.tasks().edit(new TaskId(77), TaskEdit.NONE.withPayload("r")))
                .isInstanceOf(TaskNotFoundException.class);
    }

    @Test
    void keepsWhatAnotherHasChangedSinceATaskWasRead() throws Exception {
        Architect architect = start(context -> "done");
        TaskHandle task = architect.submit(WORK.withDelay(LONG));
        long seen = architect.tasks().find(task.id()).orElseThrow().version();

        Task first =
                architect.tasks().edit(task.id(), TaskEdit.NONE.withPayload("q").ofVersion(seen));

        assertThatThrownBy(() -> architect
                        .tasks()
                        .edit(task.id(), TaskEdit.NONE.withPayload("r").ofVersion(seen)))
                .isInstanceOfSatisfying(
                        StaleTaskException.class,
                        stale -> assertThat(stale.current()).isEqualTo(first));
        architect.tasks().edit(task.id(), TaskEdit.NONE.withDelay(Duration.ZERO).ofVersion(first.version()));
        advanceUntil(() -> task.result().isPresent());
        assertThatThrownBy(() -> architect
                        .tasks()
                        .edit(task.id(), TaskEdit.NONE.withPayload("r").ofVersion(seen)))
                .isInstanceOf(TaskStateException.class);
        assertThatThrownBy(() -> architect.tasks().edit(task.id(), TaskEdit.NONE.ofVersion(seen)))
                .hasMessage("edit is empty, expected at least one change");
    }

    @Test
    void checksWhatAnEditMakesOfATask() throws Exception {
        Architect architect = start(builder(context -> "done").worker(new Worker() {
            @Override
            public Set<String> types() {
                return Set.of("number");
            }

            @Override
            public void check(TaskRequest request) {
                Integer.parseInt(request.payload());
            }

            @Override
            public String perform(TaskContext context) {
                return context.request().payload();
            }
        }));
        TaskHandle task = architect.submit(TaskRequest.of("number", "1").withDelay(LONG));

        assertThatThrownBy(() -> architect.tasks().edit(task.id(), TaskEdit.NONE.withPayload("one")))
                .isInstanceOf(NumberFormatException.class);

        assertThat(architect.tasks().find(task.id()).orElseThrow().request().payload())
                .isEqualTo("1");
        assertThat(architect.tasks().runNow(task.id()).id()).isEqualTo(task.id());
        advanceUntil(() -> task.result().isPresent());
        assertThatThrownBy(() -> architect.tasks().runNow(task.id())).isInstanceOf(TaskStateException.class);
    }

    @Test
    void goesOnWithABulkActionThatWasStopped() throws Exception {
        Architect architect = start(context -> "done");
        architect.sessions().pause();
        architect.tasks().submitAll(Collections.nCopies(1_203, WORK));
        TaskHandle other = architect.submit(WORK.withProject(new ProjectId("other")));
        TaskFilter filter = TaskFilter.of(TaskState.READY).withProject(ProjectId.DEFAULT);
        assertThat(architect.tasks().count(TaskAction.CANCEL, filter)).isEqualTo(1_203);
        List<BulkProgress> seen = new ArrayList<>();

        BulkProgress stopped = architect.tasks().changeAll(TaskAction.CANCEL, filter, Optional.empty(), progress -> {
            seen.add(progress);
            return seen.size() < 2;
        });

        assertThat(stopped.done()).isEqualTo(1_000);
        assertThat(stopped.isComplete()).isFalse();
        assertThat(seen).extracting(BulkProgress::done).containsExactly(500L, 1_000L);
        assertThat(architect.tasks().count(TaskAction.CANCEL, filter)).isEqualTo(203);
        BulkProgress rest = architect.tasks().changeAll(TaskAction.CANCEL, filter, stopped.last(), progress -> true);
        assertThat(rest.done()).isEqualTo(203);
        assertThat(rest.skipped()).isZero();
        assertThat(rest.isComplete()).isTrue();
        expect(Event.TaskEnded.class, 1_203);
        assertThat(events.queue.stream()
                        .filter(Event.TaskEnded.class::isInstance)
                        .map(Event::about)
                        .distinct())
                .hasSize(1_203);
        assertThat(architect.tasks().find(other.id()).orElseThrow().state()).isEqualTo(TaskState.READY);
        assertThat(architect
                        .tasks()
                        .changeAll(TaskAction.REDRIVE, TaskFilter.of(TaskState.CANCELLED))
                        .done())
                .isEqualTo(1_203);
        assertThat(architect
                        .tasks()
                        .changeAll(TaskAction.HOLD, TaskFilter.of(TaskState.READY))
                        .done())
                .isEqualTo(1_204);
        assertThatThrownBy(() -> architect.tasks().changeAll(TaskAction.HOLD, TaskFilter.of(TaskState.DONE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("states have done, expected ready, scheduled, blocked, limited only to hold");
    }

    @Test
    void aBulkCancelInterruptsWhatRuns() throws Exception {
        Architect architect = start(context -> {
            new CountDownLatch(1).await();
            return "never";
        });
        TaskHandle task = architect.submit(WORK);
        advanceUntil(() -> count(Event.TaskStarted.class) == 1);

        assertThat(architect
                        .tasks()
                        .changeAll(TaskAction.CANCEL, TaskFilter.of(TaskState.RUNNING))
                        .done())
                .isEqualTo(1);

        advanceUntil(() -> task.result().isPresent());
        assertThat(task.result().orElseThrow().state()).isEqualTo(TaskState.CANCELLED);
    }
}
