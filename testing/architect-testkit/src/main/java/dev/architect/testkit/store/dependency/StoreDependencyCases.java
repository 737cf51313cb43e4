package dev.architect.testkit.store.dependency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.graph.ParentOutcome;
import dev.architect.graph.ParentRefusedException;
import dev.architect.graph.TaskLink;
import dev.architect.maintenance.TaskAction;
import dev.architect.maintenance.TaskEdit;
import dev.architect.maintenance.TaskRetention;
import dev.architect.submission.IdempotencyKey;
import dev.architect.submission.TaskSubmission;
import dev.architect.task.ParentTask;
import dev.architect.task.ParentTask.OnFailure;
import dev.architect.task.Priority;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.testkit.store.node.StoreHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tasks that wait for others. */
public abstract class StoreDependencyCases extends StoreDependencyFixture {

    /** More than stores handle in one statement. */
    private static final int MANY = 700;

    /** For the contract. */
    protected StoreDependencyCases(StoreHandles handles) {
        super(handles);
    }

    @Test
    void childRunsWhenAllItsParentsAreDone() {
        TaskId first = submit(task("a"));
        TaskId second = submit(task("b"));
        TaskId child = submitChild(OnFailure.BLOCK, first, second);

        assertThat(stateOf(child)).isEqualTo(TaskState.BLOCKED);
        assertCountsEqualRows();
        List<ClaimedTask> parents = claim(10);
        assertThat(parents).extracting(task -> task.fencingToken().id()).containsExactly(first, second);
        done(parents.get(0).fencingToken());
        assertThat(stateOf(child)).isEqualTo(TaskState.BLOCKED);
        assertThat(claim(10)).isEmpty();
        done(parents.get(1).fencingToken());

        assertThat(stateOf(child)).isEqualTo(TaskState.READY);
        assertThat(claim(10)).extracting(task -> task.fencingToken().id()).containsExactly(child);
        assertCountsEqualRows();
    }

    @Test
    void parentsThatEndInOneGroupAreCountedEach() {
        TaskId first = submit(task("a"));
        TaskId second = submit(task("b"));
        TaskId child = submitChild(OnFailure.BLOCK, first, second);
        List<ClaimedTask> parents = claim(10);

        tasks().finish(parents.stream()
                .map(task -> end(task.fencingToken(), TaskState.DONE))
                .toList());

        assertThat(stateOf(child)).isEqualTo(TaskState.READY);
        assertCountsEqualRows();
    }

    @Test
    void parentThatIsDoneBeforeCountsAtOnce() {
        FencingToken parent = running();
        done(parent);

        TaskId child = submitChild(OnFailure.BLOCK, parent.id());

        assertThat(stateOf(child)).isEqualTo(TaskState.READY);
        assertThat(tasks().parents(child))
                .containsExactly(new TaskLink(parent.id(), OnFailure.BLOCK, true, Optional.of(TaskState.DONE)));
    }

    @Test
    void parentThatTriesAgainHasNotEnded() {
        FencingToken parent = running();
        TaskId child = submitChild(OnFailure.PROCEED, parent.id());

        finish(parent, AttemptOutcome.FAILED, TaskState.SCHEDULED);

        assertThat(stateOf(child)).isEqualTo(TaskState.BLOCKED);
    }

    @Test
    void childOfManyWaitsForEach() {
        List<TaskId> parents = tasks().submit(
                        IntStream.range(0, MANY).mapToObj(i -> task("p" + i)).toList());
        TaskId child = submitChild(OnFailure.BLOCK, parents.toArray(TaskId[]::new));
        List<ClaimedTask> claimed = claim(MANY);

        tasks().finish(claimed.subList(1, MANY).stream()
                .map(task -> end(task.fencingToken(), TaskState.DONE))
                .toList());
        assertThat(stateOf(child)).isEqualTo(TaskState.BLOCKED);
        done(claimed.get(0).fencingToken());

        assertThat(stateOf(child)).isEqualTo(TaskState.READY);
        assertThat(tasks().parents(child)).extracting(TaskLink::task).containsExactlyElementsOf(parents);
        assertThat(tasks().parentOutcomes(child)).hasSize(MANY);
    }

    @Test
    void manyChildrenGoOnTogether() {
        FencingToken parent = running();
        List<TaskId> children = tasks().submit(IntStream.range(0, MANY)
                .mapToObj(i -> child("c" + i, OnFailure.BLOCK, parent.id()))
                .toList());

        done(parent);

        assertThat(claim(MANY + 1)).extracting(task -> task.fencingToken().id()).hasSameElementsAs(children);
        List<TaskLink> links = new ArrayList<>(tasks().children(parent.id(), Optional.empty(), 500));
        links.addAll(tasks().children(parent.id(), Optional.of(links.get(499).task()), 500));
        assertThat(links)
                .extracting(TaskLink::task)
                .containsExactlyElementsOf(children.stream().sorted().toList());
    }

    @Test
    void childReadsTheResultsOfItsParentsInTheirOrder() {
        FencingToken first = running();
        TaskId failed = dead();
        done(first);
        TaskId child = submit(task("child")
                .withOptions(TaskOptions.DEFAULT.withParents(List.of(
                        new ParentTask(failed, OnFailure.PROCEED), new ParentTask(first.id(), OnFailure.BLOCK)))));

        assertThat(tasks().parentOutcomes(child))
                .containsExactly(
                        new ParentOutcome(failed, TaskState.DEAD, Optional.empty()),
                        new ParentOutcome(first.id(), TaskState.DONE, Optional.of("output of " + first.id())));
        assertThat(tasks().parentOutcomes(first.id())).isEmpty();
        assertThat(tasks().parents(new TaskId(Long.MAX_VALUE))).isEmpty();
        assertThat(tasks().children(child, Optional.empty(), 10)).isEmpty();
    }

    @Test
    void unknownParentIsRefusedByItsId() {
        TaskId known = submit(task("known"));
        TaskId unknown = TaskId.of(987_654, 0, known.shard());

        assertThatThrownBy(() -> tasks().submit(List.of(task("free"), child("child", OnFailure.BLOCK, known, unknown))))
                .isInstanceOfSatisfying(ParentRefusedException.class, refused -> {
                    assertThat(refused.parent()).isEqualTo(unknown);
                    assertThat(refused.reason()).isEqualTo(ParentRefusedException.Reason.UNKNOWN);
                })
                .hasMessage("parents has the task " + unknown + ", expected a task that the store has");
        assertThatThrownBy(() -> tasks().submitOnce(List.of(
                        TaskSubmission.of(child("child", OnFailure.BLOCK, unknown), new IdempotencyKey("k")))))
                .isInstanceOf(ParentRefusedException.class);

        assertThat(tasks().counts()).containsOnlyKeys(TaskState.READY).containsEntry(TaskState.READY, 1L);
        assertThat(tasks().children(known, Optional.empty(), 10)).isEmpty();
    }

    @Test
    void submissionThatIsRepeatedAnswersTheSameChild() {
        FencingToken parent = running();
        TaskSubmission submission =
                TaskSubmission.of(child("child", OnFailure.BLOCK, parent.id()), new IdempotencyKey("k"));

        TaskId child = tasks().submitOnce(List.of(submission)).get(0).id();
        assertThat(tasks().submitOnce(List.of(submission)).get(0).id()).isEqualTo(child);
        done(parent);

        assertThat(claim(10)).extracting(task -> task.fencingToken().id()).containsExactly(child);
    }

    @Test
    void delayCountsFromTheAcceptance() {
        FencingToken parent = running();
        TaskId late = submit(child("late", OnFailure.BLOCK, parent.id()).withDelay(Duration.ofMinutes(10)));
        TaskId over = submit(child("over", OnFailure.BLOCK, parent.id()).withDelay(Duration.ofMinutes(1)));
        assertThat(stateOf(late)).isEqualTo(TaskState.BLOCKED);
        time.advance(Duration.ofMinutes(5));
        assertThat(tasks().promoteDue(10)).isZero();

        done(parent);

        assertThat(stateOf(over)).isEqualTo(TaskState.READY);
        assertThat(stateOf(late)).isEqualTo(TaskState.SCHEDULED);
        assertThat(tasks().untilNextDue()).contains(Duration.ofMinutes(5));
        time.advance(Duration.ofMinutes(5));
        assertThat(tasks().promoteDue(10)).isEqualTo(1);
        assertThat(stateOf(late)).isEqualTo(TaskState.READY);
        assertCountsEqualRows();
    }

    @Test
    void permitComesAfterTheParents() {
        TaskRequest limited = task("limited").withOptions(TaskOptions.DEFAULT.withLimitKey("k"));
        FencingToken parent = running();
        TaskId holder = submit(limited);
        TaskId child = submit(after(limited, OnFailure.BLOCK, parent.id()));
        TaskId free = submit(after(limited, OnFailure.BLOCK, parent.id()));

        assertThat(tasks().promoteLimited(10)).isZero();
        done(parent);
        assertThat(stateOf(child)).isEqualTo(TaskState.LIMITED);
        done(claimOne());

        assertThat(stateOf(holder)).isEqualTo(TaskState.DONE);
        assertThat(List.of(stateOf(child), stateOf(free)))
                .containsExactlyInAnyOrder(TaskState.READY, TaskState.LIMITED);
        assertCountsEqualRows();
    }

    @Test
    void blockedTaskIsHeldAndBlockedAgain() {
        FencingToken parent = running();
        TaskId child = submitChild(OnFailure.BLOCK, parent.id());
        TaskId other = submitChild(OnFailure.BLOCK, parent.id());

        assertThat(tasks().hold(child)).isTrue();
        assertThat(tasks().change(List.of(other), TaskAction.HOLD)).containsEntry(other, TaskState.HELD);
        assertThat(tasks().resume(child, Optional.empty())).isTrue();
        assertThat(stateOf(child)).isEqualTo(TaskState.BLOCKED);
        assertThat(tasks().change(List.of(other), TaskAction.RESUME)).containsEntry(other, TaskState.BLOCKED);
        assertThat(tasks().hold(other)).isTrue();
        done(parent);

        assertThat(stateOf(child)).isEqualTo(TaskState.READY);
        assertThat(stateOf(other)).isEqualTo(TaskState.HELD);
        assertThat(tasks().resume(other, Optional.empty())).isTrue();
        assertThat(stateOf(other)).isEqualTo(TaskState.READY);
        assertCountsEqualRows();
    }

    @Test
    void blockedTaskIsEditedAndStaysBlocked() {
        FencingToken parent = running();
        TaskId child = submitChild(OnFailure.BLOCK, parent.id());

        assertThat(tasks().runNow(child)).isFalse();
        assertThat(tasks().edit(
                                child,
                                TaskEdit.NONE.withPriority(new Priority(1)).withDelay(Duration.ofHours(1))))
                .isTrue();
        assertThat(stateOf(child)).isEqualTo(TaskState.BLOCKED);
        done(parent);

        assertThat(stateOf(child)).isEqualTo(TaskState.SCHEDULED);
        assertThat(find(child).request().priority()).isEqualTo(new Priority(1));
        assertThat(tasks().runNow(child)).isTrue();
        assertThat(claim(1)).extracting(task -> task.fencingToken().id()).containsExactly(child);
        assertCountsEqualRows();
    }

    @Test
    void blockedTaskExpires() {
        FencingToken parent = running();
        TaskId child = submit(after(
                task("child").withOptions(TaskOptions.DEFAULT.withExpiry(Duration.ofMinutes(1))),
                OnFailure.BLOCK,
                parent.id()));
        time.advance(Duration.ofMinutes(2));

        assertThat(tasks().expire(10)).containsExactly(child);
        done(parent);

        assertThat(stateOf(child)).isEqualTo(TaskState.EXPIRED);
        assertThat(tasks().redrive(List.of(child))).containsExactly(child);
        assertThat(stateOf(child)).isEqualTo(TaskState.READY);
        assertCountsEqualRows();
    }

    @Test
    void parentStaysUntilItsChildrenAreDone() {
        FencingToken parent = running();
        TaskId child = submitChild(OnFailure.BLOCK, parent.id());
        done(parent);
        FencingToken attempt = claimOne();
        time.advance(Duration.ofDays(2));

        assertThat(purge()).isZero();
        assertThat(tasks().parentOutcomes(child)).hasSize(1);
        done(attempt);
        assertThat(purge()).isEqualTo(1);
        assertThat(tasks().find(parent.id())).isEmpty();
        assertThat(tasks().parents(child))
                .containsExactly(new TaskLink(parent.id(), OnFailure.BLOCK, true, Optional.empty()));
        time.advance(Duration.ofDays(2));
        assertThat(purge()).isEqualTo(1);

        assertThat(tasks().parents(child)).isEmpty();
        assertThat(tasks().children(parent.id(), Optional.empty(), 10)).isEmpty();
        assertCountsEqualRows();
    }

    private int purge() {
        TaskRetention retention = new TaskRetention(Duration.ofDays(1), Duration.ofDays(1), Duration.ofDays(1));
        return tasks().purge(retention, Optional.empty(), 500).tasks();
    }
}
