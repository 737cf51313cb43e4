package dev.architect.testkit.store.waiting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.FencingToken;
import dev.architect.project.ProjectId;
import dev.architect.submission.AcceptedTask;
import dev.architect.submission.IdempotencyKey;
import dev.architect.submission.TaskSubmission;
import dev.architect.submission.UniqueKeyTakenException;
import dev.architect.task.Priority;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskState;
import dev.architect.task.UniqueKey;
import dev.architect.testkit.store.node.StoreHandles;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Unique keys: at most one unfinished task of a project has each. */
public abstract class StoreUniqueKeyCases extends StoreWaitingFixture {

    private static final String ODD = "a\u0000b\ud83d\udcca \ud83d %_'\"\\\n\ufdd0 ä";

    /** For the contract. */
    protected StoreUniqueKeyCases(StoreHandles handles) {
        super(handles);
    }

    @Test
    void refusesASecondTaskWithTheKey() {
        TaskId first = submit(unique("1", UniqueKey.rejecting("k")));

        assertThatThrownBy(() -> tasks().submit(List.of(task("other"), unique("2", UniqueKey.rejecting("k")))))
                .isInstanceOfSatisfying(UniqueKeyTakenException.class, taken -> {
                    assertThat(taken.key()).isEqualTo("k");
                    assertThat(taken.holder()).isEqualTo(first);
                })
                .hasMessage("uniqueKey is 'k', which task " + first
                        + " has, expected one that no unfinished task of the project has");

        assertThat(tasks().counts()).isEqualTo(Map.of(TaskState.READY, 1L));
        assertThat(tasks().holderOf(PROJECT, "k")).contains(first);
        assertThat(tasks().holderOf(PROJECT, "K")).isEmpty();
        assertThat(tasks().holderOf(new ProjectId("never-used"), "k")).isEmpty();
    }

    @Test
    void answersTheTaskThatHasTheKey() {
        TaskId first = submit(unique("1", UniqueKey.existing("k")));

        List<AcceptedTask> accepted = tasks().submitOnce(List.of(
                TaskSubmission.of(task("other")), TaskSubmission.of(unique("2", UniqueKey.existing("k")))));

        assertThat(accepted.get(0).isNew()).isTrue();
        assertThat(accepted.get(1)).isEqualTo(new AcceptedTask(first, false));
        assertThat(tasks().submit(List.of(unique("3", UniqueKey.existing("k")))))
                .containsExactly(first);
        assertThat(find(first).request().payload()).isEqualTo("1");
        assertThat(tasks().counts()).isEqualTo(Map.of(TaskState.READY, 2L));
    }

    @Test
    void replacesTheWorkOfAWaitingTask() {
        TaskId first = submit(unique("1", UniqueKey.replacing("k")).withDelay(Duration.ofSeconds(10)));
        time.advance(Duration.ofSeconds(9));

        TaskId second = submit(unique("2", UniqueKey.replacing("k"))
                .withAttributes(Map.of("a", "b"))
                .withPriority(new Priority(1))
                .withDelay(Duration.ofSeconds(10)));

        assertThat(second).isEqualTo(first);
        Task task = find(first);
        assertThat(task.state()).isEqualTo(TaskState.SCHEDULED);
        assertThat(task.dueAt()).contains(time.wallTime().plusSeconds(10));
        assertThat(task.request().payload()).isEqualTo("2");
        assertThat(task.request().attributes()).isEqualTo(Map.of("a", "b"));
        assertThat(task.request().priority().level()).isEqualTo(1);
        time.advance(Duration.ofSeconds(1));
        assertThat(tasks().promoteDue(10)).isZero();
        time.advance(Duration.ofSeconds(9));
        assertThat(tasks().promoteDue(10)).isEqualTo(1);
        assertThat(claim(9)).singleElement().satisfies(claimed -> {
            assertThat(claimed.request().payload()).isEqualTo("2");
            assertThat(claimed.request().attributes()).isEqualTo(Map.of("a", "b"));
        });
        assertCountsEqualRows();
    }

    @Test
    void replacementWithoutADelayIsReadyAtOnce() {
        TaskId first = submit(unique("1", UniqueKey.replacing("k")).withDelay(Duration.ofHours(1)));

        submit(unique("2", UniqueKey.replacing("k")));

        assertThat(stateOf(first)).isEqualTo(TaskState.READY);
        assertThat(find(first).dueAt()).isEmpty();
        assertThat(claimOne().id()).isEqualTo(first);
        assertCountsEqualRows();
    }

    @Test
    void replacesNothingOfARunningTask() {
        TaskId first = submit(unique("1", UniqueKey.replacing("k")));
        FencingToken token = claimOne();
        Task before = find(first);

        assertThat(submit(unique("2", UniqueKey.replacing("k")).withDelay(Duration.ofHours(1))))
                .isEqualTo(first);

        assertThat(find(first)).isEqualTo(before);
        finish(token, AttemptOutcome.SUCCEEDED, TaskState.DONE);
        assertThat(submit(unique("2", UniqueKey.replacing("k")))).isNotEqualTo(first);
    }

    @Test
    void aHeldTaskThatIsReplacedStaysHeld() {
        TaskId first = submit(unique("1", UniqueKey.replacing("k")));
        tasks().hold(first);

        submit(unique("2", UniqueKey.replacing("k")).withDelay(Duration.ofHours(1)));

        assertThat(stateOf(first)).isEqualTo(TaskState.HELD);
        assertThat(find(first).request().payload()).isEqualTo("2");
    }

    @Test
    void theKeyIsFreeWhenItsTaskHasEnded() {
        for (TaskState end : List.of(TaskState.DONE, TaskState.DEAD, TaskState.CANCELLED)) {
            TaskId id = submit(unique("p", UniqueKey.rejecting("k")));
            FencingToken token = claimOne();
            AttemptOutcome outcome = end == TaskState.DONE ? AttemptOutcome.SUCCEEDED : AttemptOutcome.FAILED;
            assertThat(tasks().holderOf(PROJECT, "k")).contains(id);
            finish(token, outcome, end);
            assertThat(tasks().holderOf(PROJECT, "k")).isEmpty();
        }
        TaskId waiting = submit(unique("p", UniqueKey.rejecting("k")));
        tasks().cancel(waiting);

        assertThat(submit(unique("p", UniqueKey.rejecting("k")))).isNotEqualTo(waiting);
    }

    @Test
    void keysOfProjectsAreDifferentKeys() {
        TaskId first = submit(unique("p", UniqueKey.rejecting(ODD)));
        ProjectId other = new ProjectId("other");

        TaskId second = submit(unique("p", UniqueKey.rejecting(ODD)).withProject(other));

        assertThat(tasks().holderOf(PROJECT, ODD)).contains(first);
        assertThat(tasks().holderOf(other, ODD)).contains(second);
    }

    @Test
    void aKeyThatStandsTwiceInAListHasOneTask() {
        List<TaskId> ids = tasks().submit(List.of(
                unique("1", UniqueKey.replacing("k")),
                task("other"),
                unique("2", UniqueKey.replacing("k")).withPriority(new Priority(0)),
                unique("3", UniqueKey.existing("k"))));

        assertThat(ids.get(2)).isEqualTo(ids.get(0));
        assertThat(ids.get(3)).isEqualTo(ids.get(0));
        assertThat(find(ids.get(0)).request().payload()).isEqualTo("2");
        assertThat(find(ids.get(0)).request().priority().level()).isZero();
        assertThat(tasks().counts()).isEqualTo(Map.of(TaskState.READY, 2L));
        assertThatThrownBy(() -> tasks().submit(List.of(
                        unique("1", UniqueKey.rejecting("twice")), unique("2", UniqueKey.rejecting("twice")))))
                .isInstanceOf(UniqueKeyTakenException.class);
        assertThat(tasks().counts()).isEqualTo(Map.of(TaskState.READY, 2L));
    }

    @Test
    void anIdempotencyKeyIsAnsweredFirst() {
        IdempotencyKey key = new IdempotencyKey("once");
        TaskSubmission submission = TaskSubmission.of(unique("1", UniqueKey.rejecting("k")), key);
        AcceptedTask first = tasks().submitOnce(List.of(submission)).get(0);

        assertThat(tasks().submitOnce(List.of(submission))).containsExactly(new AcceptedTask(first.id(), false));

        finish(claimOne(), AttemptOutcome.SUCCEEDED, TaskState.DONE);
        assertThat(tasks().submitOnce(List.of(submission))).containsExactly(new AcceptedTask(first.id(), false));
    }

    @Test
    void anIdempotencyKeyRemembersTheTaskThatWasAnswered() {
        TaskId first = submit(unique("1", UniqueKey.existing("k")));
        TaskSubmission submission = TaskSubmission.of(unique("2", UniqueKey.existing("k")), new IdempotencyKey("once"));

        assertThat(tasks().submitOnce(List.of(submission))).containsExactly(new AcceptedTask(first, false));
        finish(claimOne(), AttemptOutcome.SUCCEEDED, TaskState.DONE);

        assertThat(tasks().submitOnce(List.of(submission))).containsExactly(new AcceptedTask(first, false));
    }

    @Test
    void redrivesNoTaskWhoseKeyIsTaken() {
        TaskId dead = submit(unique("1", UniqueKey.rejecting("k")));
        finish(claimOne(), AttemptOutcome.FAILED, TaskState.DEAD);
        TaskId alsoDead = submit(unique("1", UniqueKey.rejecting("k")));
        finish(claimOne(), AttemptOutcome.FAILED, TaskState.DEAD);
        TaskId holder = submit(unique("2", UniqueKey.rejecting("k")));

        assertThat(tasks().redrive(List.of(dead, alsoDead))).isEmpty();
        assertThat(stateOf(dead)).isEqualTo(TaskState.DEAD);
        tasks().cancel(holder);

        assertThat(tasks().redrive(List.of(alsoDead, dead))).hasSize(1);
        assertThat(tasks().holderOf(PROJECT, "k")).isPresent();
        assertCountsEqualRows();
    }

    @Test
    void aLargeBatchWithAKeyIsAcceptedWhole() {
        List<TaskId> ids = tasks().submit(IntStream.range(0, 600)
                .mapToObj(i -> i % 3 == 0 ? unique("p" + i, UniqueKey.rejecting("k" + i)) : task("p" + i))
                .toList());

        assertThat(ids).doesNotHaveDuplicates().hasSize(600);
        assertThat(tasks().counts()).isEqualTo(Map.of(TaskState.READY, 600L));
        assertThat(tasks().holderOf(PROJECT, "k300")).contains(ids.get(300));
        assertThat(find(ids.get(599)).request().payload()).isEqualTo("p599");
        assertThatThrownBy(() -> tasks().submit(IntStream.range(0, 600)
                        .mapToObj(i -> unique("q", UniqueKey.rejecting("k" + (1000 - i))))
                        .toList()))
                .isInstanceOf(UniqueKeyTakenException.class);
        assertThat(tasks().counts()).isEqualTo(Map.of(TaskState.READY, 600L));
    }
}
