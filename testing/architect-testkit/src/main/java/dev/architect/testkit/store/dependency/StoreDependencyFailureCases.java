package dev.architect.testkit.store.dependency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.FencingToken;
import dev.architect.graph.TaskLink;
import dev.architect.maintenance.TaskAction;
import dev.architect.task.ParentTask.OnFailure;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.testkit.store.node.StoreHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What becomes of tasks whose parents end without success. */
public abstract class StoreDependencyFailureCases extends StoreDependencyFixture {

    /** For the contract. */
    protected StoreDependencyFailureCases(StoreHandles handles) {
        super(handles);
    }

    /** A child for each of the ways, in their order. */
    private List<TaskId> children(TaskId parent) {
        List<TaskId> children = new ArrayList<>();
        for (OnFailure onFailure : OnFailure.values()) {
            children.add(submitChild(onFailure, parent));
        }
        return children;
    }

    private List<TaskState> states(List<TaskId> ids) {
        return ids.stream().map(this::stateOf).toList();
    }

    private void assertSettled(List<TaskId> children) {
        assertThat(states(children)).containsExactly(TaskState.BLOCKED, TaskState.CANCELLED, TaskState.READY);
        assertCountsEqualRows();
    }

    @Test
    void eachChildIsTreatedAsItWasSubmitted() {
        FencingToken parent = running();
        List<TaskId> children = children(parent.id());

        finish(parent, AttemptOutcome.FAILED, TaskState.DEAD);

        assertSettled(children);
        assertThat(tasks().children(parent.id(), Optional.empty(), 10))
                .containsExactly(
                        new TaskLink(children.get(0), OnFailure.BLOCK, false, Optional.of(TaskState.BLOCKED)),
                        new TaskLink(children.get(1), OnFailure.CANCEL, false, Optional.of(TaskState.CANCELLED)),
                        new TaskLink(children.get(2), OnFailure.PROCEED, true, Optional.of(TaskState.READY)));
    }

    @Test
    void theSameHoldsForParentsThatHaveFailedBefore() {
        List<TaskId> children = children(dead());

        assertSettled(children);
        Task cancelled = find(children.get(1));
        assertThat(cancelled.endedAt()).contains(cancelled.createdAt());
    }

    @Test
    void cancelledParentIsOneThatHasFailed() {
        TaskId parent = submit(task("parent"));
        List<TaskId> children = children(parent);

        tasks().cancel(parent);

        assertSettled(children);
    }

    @Test
    void parentCancelledByForceIsOneThatHasFailed() {
        FencingToken parent = running();
        List<TaskId> children = children(parent.id());

        assertThat(tasks().forceCancel(parent.id())).contains(parent);

        assertSettled(children);
    }

    @Test
    void parentCancelledInBulkIsOneThatHasFailed() {
        TaskId parent = submit(task("parent"));
        List<TaskId> children = children(parent);

        assertThat(tasks().change(List.of(parent), TaskAction.CANCEL)).containsEntry(parent, TaskState.CANCELLED);

        assertSettled(children);
    }

    @Test
    void expiredParentIsOneThatHasFailed() {
        TaskId parent = submit(task("parent").withOptions(TaskOptions.DEFAULT.withExpiry(Duration.ofMinutes(1))));
        List<TaskId> children = children(parent);
        time.advance(Duration.ofMinutes(2));

        assertThat(tasks().expire(10)).containsExactly(parent);

        assertSettled(children);
    }

    @Test
    void parentWhoseNodesDiedIsOneThatHasFailed() throws Exception {
        TaskId parent = submit(task("parent"));
        List<TaskId> children = children(parent);
        for (int crash = 0; crash < 3; crash++) {
            assertThat(stateOf(children.get(2))).isEqualTo(TaskState.BLOCKED);
            long node = store().nodes().join("dies-" + crash);
            assertThat(tasks().claim(ClaimRequest.of(node, 1, Set.of("work")))).hasSize(1);
            kill(node);
            assertThat(tasks().reap(node)).isEqualTo(1);
        }

        assertThat(stateOf(parent)).isEqualTo(TaskState.DEAD);
        assertSettled(children);
    }

    @Test
    void cancellationGoesOnFromChildToChild() {
        FencingToken parent = running();
        TaskId child = submitChild(OnFailure.CANCEL, parent.id());
        TaskId grandchild = submitChild(OnFailure.CANCEL, child);
        List<TaskId> last = children(grandchild);
        time.advance(Duration.ofSeconds(1));

        finish(parent, AttemptOutcome.FAILED, TaskState.DEAD);

        assertThat(stateOf(child)).isEqualTo(TaskState.CANCELLED);
        assertThat(stateOf(grandchild)).isEqualTo(TaskState.CANCELLED);
        assertSettled(last);
        assertThat(tasks().cancelledBy(List.of(parent.id()))).containsExactlyInAnyOrder(child, grandchild, last.get(1));
        assertThat(tasks().cancelledBy(List.of(grandchild))).containsExactly(last.get(1));
        assertThat(tasks().ended(last)).containsExactly(last.get(1));
    }

    @Test
    void oneThatWasCancelledForAnotherReasonIsNotNamed() {
        FencingToken parent = running();
        TaskId child = submitChild(OnFailure.CANCEL, parent.id());
        tasks().cancel(child);
        time.advance(Duration.ofSeconds(1));

        finish(parent, AttemptOutcome.FAILED, TaskState.DEAD);

        assertThat(tasks().cancelledBy(List.of(parent.id()))).isEmpty();
    }

    @Test
    void heldChildIsCancelledWithItsParent() {
        FencingToken parent = running();
        TaskId child = submitChild(OnFailure.CANCEL, parent.id());
        tasks().hold(child);

        finish(parent, AttemptOutcome.FAILED, TaskState.DEAD);

        assertThat(stateOf(child)).isEqualTo(TaskState.CANCELLED);
        assertCountsEqualRows();
    }

    @Test
    void redrivenParentRevivesItsBlockedChild() {
        FencingToken parent = running();
        TaskId child = submitChild(OnFailure.BLOCK, parent.id());
        finish(parent, AttemptOutcome.FAILED, TaskState.DEAD);

        assertThat(tasks().redrive(List.of(parent.id()))).containsExactly(parent.id());
        assertThat(stateOf(child)).isEqualTo(TaskState.BLOCKED);
        done(claimOne());

        assertThat(stateOf(child)).isEqualTo(TaskState.READY);
    }

    @Test
    void edgeIsCountedOnceHoweverOftenItsParentEnds() {
        FencingToken first = running();
        TaskId second = submit(task("second"));
        TaskId child = submitChild(OnFailure.PROCEED, first.id(), second);
        FencingToken other = claimOne();
        finish(first, AttemptOutcome.FAILED, TaskState.DEAD);
        tasks().redrive(List.of(first.id()));

        done(claimOne());

        assertThat(stateOf(child)).isEqualTo(TaskState.BLOCKED);
        done(other);
        assertThat(stateOf(child)).isEqualTo(TaskState.READY);
    }

    @Test
    void redrivenChildWaitsAgainForAParentThatHasFailed() {
        FencingToken parent = running();
        TaskId child = submitChild(OnFailure.CANCEL, parent.id());
        finish(parent, AttemptOutcome.FAILED, TaskState.DEAD);
        assertThat(stateOf(child)).isEqualTo(TaskState.CANCELLED);

        assertThat(tasks().redrive(List.of(child))).containsExactly(child);
        assertThat(stateOf(child)).isEqualTo(TaskState.BLOCKED);
        tasks().redrive(List.of(parent.id()));
        done(claimOne());

        assertThat(stateOf(child)).isEqualTo(TaskState.READY);
        assertCountsEqualRows();
    }

    @Test
    void childThatHasEndedIsReleasedForItsRedrive() {
        FencingToken parent = running();
        TaskId child = submitChild(OnFailure.BLOCK, parent.id());
        tasks().cancel(child);
        done(parent);
        assertThat(stateOf(child)).isEqualTo(TaskState.CANCELLED);

        tasks().redrive(List.of(child));

        assertThat(stateOf(child)).isEqualTo(TaskState.READY);
        assertCountsEqualRows();
    }

    @Test
    void cancelledChildFreesNoPermitOfOthers() {
        TaskRequest limited = task("limited").withOptions(TaskOptions.DEFAULT.withLimitKey("k"));
        FencingToken parent = running();
        TaskId holder = submit(limited);
        TaskId waiting = submit(limited);
        TaskId child = submit(after(limited, OnFailure.CANCEL, parent.id()));

        finish(parent, AttemptOutcome.FAILED, TaskState.DEAD);

        assertThat(states(List.of(holder, waiting, child)))
                .containsExactly(TaskState.READY, TaskState.LIMITED, TaskState.CANCELLED);
    }
}
