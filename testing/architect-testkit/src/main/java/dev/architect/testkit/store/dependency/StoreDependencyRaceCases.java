package dev.architect.testkit.store.dependency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.graph.ParentRefusedException;
import dev.architect.maintenance.TaskRetention;
import dev.architect.task.ParentTask.OnFailure;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.testkit.store.node.StoreHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Parents that end, and children that are submitted, at the same time and on two handles: none is forgotten, and none begins early. */
public abstract class StoreDependencyRaceCases extends StoreDependencyFixture {

    private static final int ROUNDS = 200;

    /** For the contract. */
    protected StoreDependencyRaceCases(StoreHandles handles) {
        super(handles);
    }

    private List<FencingToken> claimAll(int count) {
        return claim(count).stream()
                .map(ClaimedTask::fencingToken)
                .sorted(Comparator.comparing(FencingToken::id))
                .toList();
    }

    private void submitMany(int count) {
        List<TaskRequest> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(task("p" + i));
        }
        tasks().submit(requests);
    }

    @Test
    void twoParentsThatEndTogetherReleaseTheirChild() throws Exception {
        submitMany(2 * ROUNDS);
        List<FencingToken> parents = claimAll(2 * ROUNDS);
        List<TaskId> children = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            children.add(submitChild(
                    OnFailure.BLOCK,
                    parents.get(2 * i).id(),
                    parents.get(2 * i + 1).id()));
        }
        CyclicBarrier together = new CyclicBarrier(2);

        onBothHandles((tasks, number) -> {
            // One thread of each handle.
            if (number % THREADS == 0) {
                for (int i = 0; i < ROUNDS; i++) {
                    together.await(60, TimeUnit.SECONDS);
                    FencingToken own = parents.get(2 * i + number / THREADS);
                    assertThat(tasks.finish(List.of(end(own, TaskState.DONE)))).containsExactly(own);
                }
            }
        });

        assertThat(claimAll(ROUNDS + 1)).extracting(FencingToken::id).containsExactlyElementsOf(children);
        assertCountsEqualRows();
    }

    @Test
    void childSubmittedWhileItsParentEndsIsNotForgotten() throws Exception {
        submitMany(ROUNDS);
        List<FencingToken> parents = claimAll(ROUNDS);
        Queue<TaskId> children = new ConcurrentLinkedQueue<>();
        CyclicBarrier together = new CyclicBarrier(2);

        onBothHandles((tasks, number) -> {
            if (number % THREADS == 0) {
                for (FencingToken parent : parents) {
                    together.await(60, TimeUnit.SECONDS);
                    if (number == 0) {
                        tasks.finish(List.of(end(parent, TaskState.DONE)));
                    } else {
                        children.addAll(tasks.submit(List.of(child("child", OnFailure.BLOCK, parent.id()))));
                    }
                }
            }
        });

        assertThat(children).hasSize(ROUNDS);
        assertThat(claimAll(ROUNDS + 1)).extracting(FencingToken::id).hasSameElementsAs(children);
        assertCountsEqualRows();
    }

    @Test
    void manyWhoSubmitChildrenOfTheSameParentsDoNotHinderEachOther() throws Exception {
        submitMany(20);
        List<FencingToken> parents = claimAll(20);
        TaskId[] ids = parents.stream().map(FencingToken::id).toArray(TaskId[]::new);
        AtomicInteger submitted = new AtomicInteger();

        onBothHandles((tasks, number) -> {
            for (int i = 0; i < 10; i++) {
                if (number == 0) {
                    List<FencingToken> two = parents.subList(2 * i, 2 * i + 2);
                    tasks.finish(
                            two.stream().map(each -> end(each, TaskState.DONE)).toList());
                } else {
                    tasks.submit(List.of(child("child", OnFailure.BLOCK, ids)));
                    submitted.incrementAndGet();
                }
            }
        });

        assertThat(claim(200)).hasSize(submitted.get());
        assertCountsEqualRows();
    }

    @Test
    void parentThatIsDeletedIsRefusedOrStays() throws Exception {
        submitMany(ROUNDS);
        List<FencingToken> parents = claimAll(ROUNDS);
        tasks().finish(parents.stream().map(each -> end(each, TaskState.DONE)).toList());
        time.advance(Duration.ofDays(2));
        TaskRetention retention = new TaskRetention(Duration.ofDays(1), Duration.ofDays(1), Duration.ofDays(1));
        Queue<TaskId> children = new ConcurrentLinkedQueue<>();
        AtomicInteger refused = new AtomicInteger();

        onBothHandles((tasks, number) -> {
            if (number == 0) {
                for (int i = 0; i < ROUNDS; i++) {
                    tasks.purge(retention, Optional.empty(), 5);
                }
            } else if (number == THREADS) {
                // From the last on: the deletion comes from the other side.
                for (int i = ROUNDS - 1; i >= 0; i--) {
                    try {
                        children.addAll(tasks.submit(List.of(
                                child("child", OnFailure.BLOCK, parents.get(i).id()))));
                    } catch (ParentRefusedException gone) {
                        refused.incrementAndGet();
                    }
                }
            }
        });

        assertThat(children.size() + refused.get()).isEqualTo(ROUNDS);
        for (TaskId child : children) {
            assertThat(tasks().parentOutcomes(child)).hasSize(1);
            assertThat(stateOf(child)).isEqualTo(TaskState.READY);
        }
        assertCountsEqualRows();
    }

    @Test
    void cancelledParentAndItsEndAreOneForTheChild() throws Exception {
        submitMany(ROUNDS);
        List<FencingToken> parents = claimAll(ROUNDS);
        List<TaskId> children = new ArrayList<>();
        parents.forEach(parent -> children.add(submitChild(OnFailure.CANCEL, parent.id())));
        CyclicBarrier together = new CyclicBarrier(2);

        onBothHandles((tasks, number) -> {
            if (number % THREADS == 0) {
                for (FencingToken parent : parents) {
                    together.await(60, TimeUnit.SECONDS);
                    if (number == 0) {
                        tasks.finish(List.of(end(parent, TaskState.DONE)));
                    } else {
                        tasks.forceCancel(parent.id());
                    }
                }
            }
        });

        for (int i = 0; i < ROUNDS; i++) {
            boolean isDone = stateOf(parents.get(i).id()) == TaskState.DONE;
            assertThat(stateOf(children.get(i))).isEqualTo(isDone ? TaskState.READY : TaskState.CANCELLED);
        }
        assertCountsEqualRows();
    }
}
