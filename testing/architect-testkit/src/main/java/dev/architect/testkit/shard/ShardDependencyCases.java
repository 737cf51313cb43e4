package dev.architect.testkit.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.ClaimedTask;
import dev.architect.graph.ParentRefusedException;
import dev.architect.graph.TaskLink;
import dev.architect.project.ProjectId;
import dev.architect.shard.ShardBatch;
import dev.architect.shard.ShardPhase;
import dev.architect.shard.TakenTasks;
import dev.architect.spi.Store;
import dev.architect.task.ParentTask;
import dev.architect.task.ParentTask.OnFailure;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tasks that wait for others while their shard moves. */
abstract class ShardDependencyCases extends ShardCases {

    ShardDependencyCases(ShardContract contract) {
        super(contract);
    }

    private static TaskRequest child(ProjectId project, OnFailure onFailure, TaskId parent) {
        return request(project)
                .withOptions(TaskOptions.DEFAULT.withParents(List.of(new ParentTask(parent, onFailure))));
    }

    private TaskId submitChild(OnFailure onFailure, TaskId parent) {
        return submit(first(), child(MOVING, onFailure, parent));
    }

    private ShardBatch take(TakenTasks which) {
        return shards(first()).take(SHARD, MOVE, which, Optional.empty(), 500);
    }

    private void leave() {
        shards(first()).set(SHARD, MOVE, ShardPhase.LEAVING);
        shards(second()).set(SHARD, MOVE, ShardPhase.ARRIVING);
    }

    private void arrive(ShardBatch batch) {
        shards(second()).add(SHARD, MOVE, batch.tasks());
    }

    private static TaskState stateIn(Store store, TaskId id) {
        return store.tasks().find(id).orElseThrow().state();
    }

    @Test
    void edgesMoveWithTheirTasks() {
        form();
        TaskId parent = submit();
        TaskId child = submitChild(OnFailure.BLOCK, parent);
        TaskId cancelled = submitChild(OnFailure.CANCEL, parent);
        leave();

        arrive(take(TakenTasks.IDLE));
        shards(second()).set(SHARD, MOVE, ShardPhase.SERVED);

        assertThat(second().tasks().parents(child))
                .containsExactly(new TaskLink(parent, OnFailure.BLOCK, false, Optional.of(TaskState.READY)));
        assertThat(stateIn(second(), child)).isEqualTo(TaskState.BLOCKED);
        second().tasks().cancel(parent);
        assertThat(stateIn(second(), child)).isEqualTo(TaskState.BLOCKED);
        assertThat(stateIn(second(), cancelled)).isEqualTo(TaskState.CANCELLED);
        assertThat(second().tasks().redrive(List.of(parent))).containsExactly(parent);
    }

    @Test
    void parentThatEndsWhileItsChildIsOnItsWayReleasesItThere() {
        form();
        TaskId parent = submit();
        ClaimedTask attempt = claim().get(0);
        TaskId child = submitChild(OnFailure.BLOCK, parent);
        leave();
        arrive(take(TakenTasks.IDLE));
        assertThat(stateIn(second(), child)).isEqualTo(TaskState.BLOCKED);

        finish(first(), done(attempt.fencingToken(), "out"));
        arrive(take(TakenTasks.IDLE));

        assertThat(stateIn(second(), child)).isEqualTo(TaskState.READY);
        assertThat(second().tasks().parentOutcomes(child))
                .extracting(outcome -> outcome.output().orElse(""))
                .containsExactly("out");
    }

    @Test
    void parentThatEndsWhileItsChildIsOutOfReachReleasesItWhenItIsGivenBack() {
        form();
        TaskId parent = submit();
        ClaimedTask attempt = claim().get(0);
        TaskId child = submitChild(OnFailure.BLOCK, parent);
        leave();
        take(TakenTasks.IDLE);
        finish(first(), done(attempt.fencingToken(), "out"));

        assertThat(shards(first()).giveBack(SHARD, MOVE, Optional.empty(), 500)).isEmpty();

        assertThat(stateIn(first(), child)).isEqualTo(TaskState.READY);
    }

    @Test
    void redrivenChildIsNotCancelledOnceMoreByAMove() {
        form();
        TaskId parent = submit();
        TaskId child = submitChild(OnFailure.CANCEL, parent);
        first().tasks().cancel(parent);
        time.advance(Duration.ofSeconds(1));
        assertThat(first().tasks().redrive(List.of(child))).containsExactly(child);
        leave();

        arrive(take(TakenTasks.IDLE));

        assertThat(stateIn(second(), child)).isEqualTo(TaskState.BLOCKED);
    }

    @Test
    void parentThatLeftEarlyIsKnownToAChildThatIsSubmittedAfterwards() {
        form();
        TaskId parent = submit();
        finish(first(), done(claim().get(0).fencingToken(), "out"));
        shards(first()).set(SHARD, MOVE, ShardPhase.SERVED);
        shards(second()).set(SHARD, MOVE, ShardPhase.ARRIVING);
        arrive(take(TakenTasks.ENDED));
        TaskId child = submitChild(OnFailure.BLOCK, parent);
        assertThat(stateIn(first(), child)).isEqualTo(TaskState.READY);
        shards(first()).set(SHARD, MOVE, ShardPhase.LEAVING);

        arrive(take(TakenTasks.IDLE));

        assertThat(stateIn(second(), child)).isEqualTo(TaskState.READY);
        assertThat(second().tasks().parentOutcomes(child)).hasSize(1);
    }

    @Test
    void parentOfAnotherShardIsRefusedInAGroup() {
        form();
        TaskId parent = submit();

        assertThatThrownBy(() -> submit(first(), child(STAYING, OnFailure.BLOCK, parent)))
                .isInstanceOfSatisfying(ParentRefusedException.class, refused -> {
                    assertThat(refused.parent()).isEqualTo(parent);
                    assertThat(refused.reason()).isEqualTo(ParentRefusedException.Reason.OTHER_SHARD);
                });
    }

    @Test
    void whoeverWaitsForATaskOfAnotherShardIsHeldWhenOneOfThemLeaves() {
        TaskId moving = submit();
        TaskId staying = submit(first(), request(STAYING));
        TaskId left = submit(first(), child(STAYING, OnFailure.BLOCK, moving));
        TaskId leaving = submit(first(), child(MOVING, OnFailure.CANCEL, staying));
        form();
        leave();

        arrive(take(TakenTasks.IDLE));

        assertThat(stateIn(first(), left)).isEqualTo(TaskState.HELD);
        assertThat(stateIn(second(), leaving)).isEqualTo(TaskState.HELD);
        assertThat(first().tasks().resume(left, Optional.empty())).isTrue();
        assertThat(stateIn(first(), left)).isEqualTo(TaskState.READY);
    }
}
