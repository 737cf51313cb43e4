package dev.architect.testkit.store.dependency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.graph.ParentRefusedException;
import dev.architect.graph.TaskCycleException;
import dev.architect.graph.TaskLink;
import dev.architect.task.ParentTask;
import dev.architect.task.ParentTask.OnFailure;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.testkit.store.node.StoreHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tasks that get other parents than they were submitted with. */
public abstract class StoreParentChangeCases extends StoreDependencyFixture {

    private static final int ROUNDS = 100;

    /** For the contract. */
    protected StoreParentChangeCases(StoreHandles handles) {
        super(handles);
    }

    private static List<ParentTask> parents(OnFailure onFailure, TaskId... ids) {
        return Stream.of(ids).map(id -> new ParentTask(id, onFailure)).toList();
    }

    private boolean replace(TaskId child, TaskId... parents) {
        return tasks().replaceParents(child, parents(OnFailure.BLOCK, parents), Optional.empty());
    }

    /** The id of no task, in the shard of another one. */
    private static TaskId missing(TaskId other) {
        return new TaskId(other.value() + (1 << 20));
    }

    @Test
    void readyTaskIsBlockedUntilItsNewParentIsDone() {
        FencingToken parent = running();
        TaskId child = submit(task("child"));

        assertThat(replace(child, parent.id())).isTrue();

        assertThat(stateOf(child)).isEqualTo(TaskState.BLOCKED);
        assertThat(find(child).request().options().parents()).isEqualTo(parents(OnFailure.BLOCK, parent.id()));
        assertThat(tasks().parents(child))
                .containsExactly(new TaskLink(parent.id(), OnFailure.BLOCK, false, Optional.of(TaskState.RUNNING)));
        assertThat(tasks().children(parent.id(), Optional.empty(), 10))
                .extracting(TaskLink::task)
                .containsExactly(child);
        assertThat(claim(10)).isEmpty();
        assertCountsEqualRows();
        done(parent);
        assertThat(stateOf(child)).isEqualTo(TaskState.READY);
        List<ClaimedTask> claimed = claim(10);
        assertThat(claimed).extracting(task -> task.fencingToken().id()).containsExactly(child);
        assertThat(claimed.get(0).request().options().parents()).hasSize(1);
        assertCountsEqualRows();
    }

    @Test
    void blockedTaskGoesOnWhenItsLastOpenParentIsTakenAway() {
        TaskId first = submit(task("a"));
        TaskId second = submit(task("b"));
        TaskId child = submitChild(OnFailure.BLOCK, first, second);

        assertThat(replace(child, second)).isTrue();
        assertThat(stateOf(child)).isEqualTo(TaskState.BLOCKED);
        assertThat(tasks().children(first, Optional.empty(), 10)).isEmpty();
        assertThat(replace(child)).isTrue();

        assertThat(stateOf(child)).isEqualTo(TaskState.READY);
        assertThat(tasks().parents(child)).isEmpty();
        assertThat(find(child).request().options().parents()).isEmpty();
        assertThat(claim(10)).hasSize(3);
        assertCountsEqualRows();
    }

    @Test
    void parentThatHasEndedCountsAtOnce() {
        FencingToken parent = running();
        done(parent);
        TaskId dead = dead();
        TaskId open = submit(task("open"));
        TaskId child = submitChild(OnFailure.BLOCK, open);

        assertThat(replace(child, parent.id())).isTrue();
        assertThat(stateOf(child)).isEqualTo(TaskState.READY);
        assertThat(replace(child, parent.id(), dead)).isTrue();
        assertThat(stateOf(child)).isEqualTo(TaskState.BLOCKED);
        assertThat(tasks().replaceParents(child, parents(OnFailure.PROCEED, dead), Optional.empty()))
                .isTrue();
        assertThat(stateOf(child)).isEqualTo(TaskState.READY);
        assertCountsEqualRows();
    }

    @Test
    void parentThatHasFailedCancelsATaskThatIsNotToRunWithoutIt() {
        TaskId dead = dead();
        TaskId child = submit(task("child"));
        TaskId grandchild = submitChild(OnFailure.CANCEL, child);
        time.advance(Duration.ofSeconds(5));

        assertThat(tasks().replaceParents(child, parents(OnFailure.CANCEL, dead), Optional.empty()))
                .isTrue();

        assertThat(stateOf(child)).isEqualTo(TaskState.CANCELLED);
        assertThat(find(child).endedAt()).contains(time.wallTime());
        assertThat(stateOf(grandchild)).isEqualTo(TaskState.CANCELLED);
        assertThat(claim(10)).isEmpty();
        assertCountsEqualRows();
    }

    @Test
    void scheduledTaskIsDueAsBeforeAfterItsParents() {
        FencingToken parent = running();
        TaskId child = submit(task("child").withDelay(Duration.ofMinutes(5)));

        assertThat(replace(child, parent.id())).isTrue();
        assertThat(stateOf(child)).isEqualTo(TaskState.BLOCKED);
        assertThat(replace(child)).isTrue();
        assertThat(stateOf(child)).isEqualTo(TaskState.SCHEDULED);
        assertThat(replace(child, parent.id())).isTrue();
        done(parent);

        assertThat(stateOf(child)).isEqualTo(TaskState.SCHEDULED);
        time.advance(Duration.ofMinutes(5));
        assertThat(tasks().promoteDue(10)).isEqualTo(1);
        assertThat(stateOf(child)).isEqualTo(TaskState.READY);
        assertCountsEqualRows();
    }

    @Test
    void blockedTaskGivesThePermitOfItsLimitKeyBack() {
        TaskId parent = submit(TaskRequest.of("other", "p"));
        TaskRequest limited = task("child");
        limited = limited.withOptions(limited.options().withLimitKey("repository"));
        TaskId first = submit(limited);
        TaskId second = submit(limited);
        assertThat(List.of(stateOf(first), stateOf(second))).containsExactly(TaskState.READY, TaskState.LIMITED);

        assertThat(replace(first, parent)).isTrue();

        assertThat(List.of(stateOf(first), stateOf(second))).containsExactly(TaskState.BLOCKED, TaskState.READY);
        assertThat(replace(first)).isTrue();
        assertThat(stateOf(first)).isEqualTo(TaskState.LIMITED);
        assertThat(replace(second, parent)).isTrue();
        assertThat(List.of(stateOf(first), stateOf(second))).containsExactly(TaskState.READY, TaskState.BLOCKED);
        assertCountsEqualRows();
    }

    @Test
    void whatRunsIsHeldOrHasEndedStaysAsItIs() {
        TaskId parent = submit(TaskRequest.of("other", "p"));
        FencingToken running = running();
        TaskId held = submit(task("held"));
        tasks().hold(held);
        TaskId dead = dead();

        assertThat(replace(running.id(), parent)).isFalse();
        assertThat(replace(held, parent)).isFalse();
        assertThat(replace(dead, parent)).isFalse();
        assertThat(replace(missing(parent), parent)).isFalse();

        assertThat(tasks().parents(running.id())).isEmpty();
        assertThat(tasks().parents(held)).isEmpty();
        assertCountsEqualRows();
    }

    @Test
    void aTaskOfAnotherVersionStaysAsItIs() {
        TaskId parent = submit(task("parent"));
        TaskId child = submit(task("child"));
        long seen = find(child).version();
        List<ParentTask> wanted = parents(OnFailure.BLOCK, parent);

        assertThat(tasks().replaceParents(child, wanted, Optional.of(seen + 1))).isFalse();
        assertThat(tasks().replaceParents(child, wanted, Optional.of(seen))).isTrue();

        assertThat(find(child).version()).isNotEqualTo(seen);
        assertThat(tasks().replaceParents(child, List.of(), Optional.of(seen))).isFalse();
        assertThat(tasks().replaceParents(
                                child, List.of(), Optional.of(find(child).version())))
                .isTrue();
        assertThat(find(child).version()).isEqualTo(seen);
    }

    @Test
    void aMissingParentIsRefused() {
        TaskId parent = submit(task("parent"));
        TaskId child = submitChild(OnFailure.BLOCK, parent);

        assertThatThrownBy(() -> replace(child, missing(child)))
                .isInstanceOfSatisfying(
                        ParentRefusedException.class,
                        refused -> assertThat(refused.parent()).isEqualTo(missing(child)));

        assertThat(tasks().parents(child)).extracting(TaskLink::task).containsExactly(parent);
        assertThat(stateOf(child)).isEqualTo(TaskState.BLOCKED);
    }

    @Test
    void aCycleIsRefusedWithItsPath() {
        TaskId first = submit(task("first"));
        TaskId second = submitChild(OnFailure.BLOCK, first);
        TaskId third = submitChild(OnFailure.PROCEED, second);
        TaskId other = submit(task("other"));

        assertThatThrownBy(() -> replace(first, other, third))
                .isInstanceOfSatisfying(
                        TaskCycleException.class,
                        cycle -> assertThat(cycle.path())
                                .containsExactly(
                                        first.toString(), second.toString(), third.toString(), first.toString()));
        assertThatThrownBy(() -> replace(first, first))
                .isInstanceOfSatisfying(
                        TaskCycleException.class,
                        cycle -> assertThat(cycle.path()).containsExactly(first.toString(), first.toString()));

        assertThat(stateOf(first)).isEqualTo(TaskState.READY);
        assertThat(tasks().parents(first)).isEmpty();
        // What does not wait any more closes no cycle.
        assertThat(replace(second)).isTrue();
        assertThat(replace(first, other, third)).isTrue();
    }

    @Test
    void whatWasReleasedStaysReleased() {
        TaskId parent = submit(task("parent"));
        TaskId other = submit(TaskRequest.of("other", "p"));
        TaskId child = submitChild(OnFailure.PROCEED, parent, other);
        FencingToken token = claimOne();
        finish(token, AttemptOutcome.FAILED, TaskState.DEAD);
        tasks().redrive(List.of(parent));

        assertThat(replace(child, parent)).isTrue();

        assertThat(tasks().parents(child))
                .containsExactly(new TaskLink(parent, OnFailure.BLOCK, true, Optional.of(TaskState.READY)));
        assertThat(stateOf(child)).isEqualTo(TaskState.READY);
    }

    @Test
    void aParentThatEndsAtTheSameMomentIsCountedOnce() throws Exception {
        List<FencingToken> parents = new ArrayList<>();
        tasks().submit(IntStream.range(0, ROUNDS).mapToObj(i -> task("p" + i)).toList());
        claim(ROUNDS).forEach(task -> parents.add(task.fencingToken()));
        TaskId never = submit(TaskRequest.of("other", "p"));
        List<TaskId> children = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            // Half of them get the parent, the others lose another one and keep it.
            children.add(
                    i % 2 == 0
                            ? submitChild(OnFailure.BLOCK, never)
                            : submitChild(OnFailure.BLOCK, parents.get(i).id(), never));
        }
        CyclicBarrier together = new CyclicBarrier(2);

        onBothHandles((tasks, number) -> {
            if (number % THREADS == 0) {
                for (int i = 0; i < ROUNDS; i++) {
                    together.await(60, TimeUnit.SECONDS);
                    FencingToken parent = parents.get(i);
                    if (number == 0) {
                        assertThat(tasks.finish(List.of(end(parent, TaskState.DONE))))
                                .containsExactly(parent);
                    } else {
                        assertThat(tasks.replaceParents(
                                        children.get(i), parents(OnFailure.BLOCK, parent.id()), Optional.empty()))
                                .isTrue();
                    }
                }
            }
        });

        assertThat(claim(ROUNDS + 1))
                .extracting(task -> task.fencingToken().id())
                .containsExactlyInAnyOrderElementsOf(children);
        assertCountsEqualRows();
    }

    @Test
    void ofTwoThatCloseACycleTogetherOneIsRefused() throws Exception {
        List<TaskId> first = tasks().submit(
                        IntStream.range(0, ROUNDS).mapToObj(i -> task("a" + i)).toList());
        List<TaskId> second = new ArrayList<>();
        List<TaskId> third = tasks().submit(
                        IntStream.range(0, ROUNDS).mapToObj(i -> task("c" + i)).toList());
        List<TaskId> fourth = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            second.add(submitChild(OnFailure.BLOCK, first.get(i)));
            fourth.add(submitChild(OnFailure.BLOCK, third.get(i)));
        }
        CyclicBarrier together = new CyclicBarrier(2);
        List<Integer> refused = Collections.synchronizedList(new ArrayList<>());

        onBothHandles((tasks, number) -> {
            if (number % THREADS == 0) {
                for (int i = 0; i < ROUNDS; i++) {
                    together.await(60, TimeUnit.SECONDS);
                    TaskId child = number == 0 ? first.get(i) : third.get(i);
                    TaskId parent = number == 0 ? fourth.get(i) : second.get(i);
                    try {
                        tasks.replaceParents(child, parents(OnFailure.BLOCK, parent), Optional.empty());
                    } catch (TaskCycleException cycle) {
                        assertThat(cycle.path()).hasSize(5);
                        refused.add(i);
                    }
                }
            }
        });

        assertThat(refused).hasSize(ROUNDS).doesNotHaveDuplicates();
        assertCountsEqualRows();
    }
}
