package dev.architect.testkit.store.dependency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.graph.ParentOutcome;
import dev.architect.graph.ParentRefusedException;
import dev.architect.graph.TaskGraph;
import dev.architect.graph.TaskLink;
import dev.architect.spi.Store;
import dev.architect.spi.TaskStore;
import dev.architect.submission.UniqueKeyTakenException;
import dev.architect.task.ParentTask.OnFailure;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskState;
import dev.architect.task.UniqueKey;
import dev.architect.testkit.store.node.StoreHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Graphs of tasks: accepted all or none, and each task of them runs when its parents have ended. */
public abstract class StoreGraphCases extends StoreDependencyFixture {

    private static final int BATCH = 100;

    /** For the contract. */
    protected StoreGraphCases(StoreHandles handles) {
        super(handles);
    }

    @Test
    void tasksOfAGraphRunInItsOrder() {
        // The child is added first: what waits for what is in the edges alone.
        List<TaskId> ids = tasks().submitGraph(TaskGraph.builder()
                .task("last", task("last"))
                .task("left", task("left"))
                .task("right", task("right"))
                .task("first", task("first"))
                .edge("first", "left")
                .edge("first", "right", OnFailure.PROCEED)
                .edge("left", "last")
                .edge("right", "last", OnFailure.CANCEL)
                .build());

        assertThat(tasks().parents(ids.get(0)))
                .containsExactly(
                        new TaskLink(ids.get(1), OnFailure.BLOCK, false, Optional.of(TaskState.BLOCKED)),
                        new TaskLink(ids.get(2), OnFailure.CANCEL, false, Optional.of(TaskState.BLOCKED)));
        assertThat(find(ids.get(0)).request().options().parents()).hasSize(2);
        FencingToken first = claimOne();
        assertThat(first.id()).isEqualTo(ids.get(3));
        done(first);
        List<ClaimedTask> middle = claim(10);
        assertThat(middle).extracting(task -> task.fencingToken().id()).containsExactly(ids.get(1), ids.get(2));
        middle.forEach(task -> done(task.fencingToken()));
        assertThat(claim(10)).extracting(task -> task.fencingToken().id()).containsExactly(ids.get(0));
        assertCountsEqualRows();
    }

    @Test
    void graphIsAcceptedWholeOrNotAtAll() {
        submit(task("holder").withOptions(TaskOptions.DEFAULT.withUniqueKey(UniqueKey.rejecting("taken"))));
        TaskId unknown = TaskId.of(987_654, 0, submit(task("any")).shard());
        TaskGraph.Builder graph = TaskGraph.builder().task("a", task("a"));

        assertThatThrownBy(() -> tasks().submitGraph(graph.task(
                                "b",
                                task("b").withOptions(TaskOptions.DEFAULT.withUniqueKey(UniqueKey.rejecting("taken"))))
                        .edge("a", "b")
                        .build()))
                .isInstanceOf(UniqueKeyTakenException.class);
        assertThatThrownBy(() -> tasks().submitGraph(TaskGraph.builder()
                        .task("a", task("a"))
                        .task("b", child("b", OnFailure.BLOCK, unknown))
                        .edge("a", "b")
                        .build()))
                .isInstanceOfSatisfying(
                        ParentRefusedException.class,
                        refused -> assertThat(refused.parent()).isEqualTo(unknown));

        assertThat(tasks().counts()).isEqualTo(Map.of(TaskState.READY, 2L));
    }

    @Test
    void graphWaitsForTasksOutsideAsWell() {
        FencingToken outside = running();
        List<TaskId> ids = tasks().submitGraph(TaskGraph.builder()
                .task("a", child("a", OnFailure.BLOCK, outside.id()))
                .task("b", child("b", OnFailure.BLOCK, outside.id()))
                .edge("a", "b")
                .build());
        assertThat(claim(10)).isEmpty();

        done(outside);

        done(claimOne());
        assertThat(stateOf(ids.get(0))).isEqualTo(TaskState.DONE);
        assertThat(claim(10)).extracting(task -> task.fencingToken().id()).containsExactly(ids.get(1));
        assertThat(tasks().parentOutcomes(ids.get(1)))
                .extracting(ParentOutcome::task)
                .containsExactly(ids.get(0), outside.id());
    }

    @Test
    void graphBelowAFailedTaskIsCancelledAtOnce() {
        TaskId failed = dead();

        List<TaskId> ids = tasks().submitGraph(TaskGraph.builder()
                .task("c", task("c"))
                .task("b", task("b"))
                .task("a", child("a", OnFailure.CANCEL, failed))
                .edge("a", "b", OnFailure.CANCEL)
                .edge("b", "c", OnFailure.PROCEED)
                .build());

        assertThat(ids.stream().map(this::stateOf))
                .containsExactly(TaskState.READY, TaskState.CANCELLED, TaskState.CANCELLED);
        assertThat(tasks().cancelledBy(List.of(ids.get(2)))).containsExactly(ids.get(1));
        assertCountsEqualRows();
    }

    @Test
    void delayAndPermitOfATaskInAGraphComeAfterItsParents() {
        List<TaskId> ids = tasks().submitGraph(TaskGraph.builder()
                .task("a", task("a"))
                .task("late", task("late").withDelay(Duration.ofHours(1)))
                .task("free", task("free").withOptions(TaskOptions.DEFAULT.withLimitKey("k")))
                .task("limited", task("limited").withOptions(TaskOptions.DEFAULT.withLimitKey("k")))
                .edge("a", "late")
                .edge("a", "limited")
                .build());

        done(claim(1).get(0).fencingToken());

        assertThat(ids.stream().map(this::stateOf))
                .containsExactly(TaskState.DONE, TaskState.SCHEDULED, TaskState.READY, TaskState.LIMITED);
    }

    @Test
    void noTaskOfALargeGraphIsForgottenOrBeginsEarly() throws Exception {
        performGraph(2_000);
    }

    @Test
    @Tag("slow")
    void noTaskOfTheLargestGraphIsForgottenOrBeginsEarly() throws Exception {
        performGraph(TaskGraph.MAX_TASKS);
    }

    /** Each task waits for some of the hundred before it; two nodes perform them, and one in five fails. */
    private void performGraph(int count) throws Exception {
        SplittableRandom random = new SplittableRandom(count);
        Map<Integer, Map<Integer, OnFailure>> edges = new HashMap<>();
        TaskGraph.Builder builder = TaskGraph.builder();
        for (int i = 0; i < count; i++) {
            builder.task("t" + i, task("t" + i));
            Map<Integer, OnFailure> own = edges.computeIfAbsent(i, each -> new HashMap<>());
            for (int j = random.nextInt(4); j > 0 && i > 0; j--) {
                own.putIfAbsent(i - 1 - random.nextInt(Math.min(i, 100)), OnFailure.values()[random.nextInt(3)]);
            }
            int child = i;
            own.forEach((parent, onFailure) -> builder.edge("t" + parent, "t" + child, onFailure));
        }
        List<TaskId> ids = tasks().submitGraph(builder.build());
        Map<TaskId, Integer> places = new HashMap<>();
        ids.forEach(id -> places.put(id, places.size()));
        Set<Integer> failing = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < count; i++) {
            if (random.nextInt(5) == 0) {
                failing.add(i);
            }
        }
        Map<Integer, TaskState> expected = expected(count, edges, failing);

        Map<TaskStore, Long> nodes = new HashMap<>();
        for (Store handle : List.of(store(), second())) {
            nodes.put(handle.tasks(), handle.nodes().join("performs"));
        }
        onBothHandles((tasks, number) -> {
            if (number % THREADS < 2) {
                perform(tasks, nodes.getOrDefault(tasks, 0L), places, failing, edges);
            }
        });

        Map<Integer, TaskState> actual = new HashMap<>();
        ids.forEach(id -> actual.put(places.get(id), stateOf(id)));
        assertThat(actual).isEqualTo(expected);
        assertThat(tasks().counts().keySet())
                .doesNotContain(TaskState.READY, TaskState.RUNNING, TaskState.SCHEDULED, TaskState.LIMITED);
    }

    private void perform(
            TaskStore tasks,
            long node,
            Map<TaskId, Integer> places,
            Set<Integer> failing,
            Map<Integer, Map<Integer, OnFailure>> edges) {
        int empty = 0;
        // The others may be about to release some.
        while (empty < 50) {
            List<ClaimedTask> claimed = tasks.claim(ClaimRequest.of(node, BATCH, Set.of("work")));
            empty = claimed.isEmpty() ? empty + 1 : 0;
            if (claimed.isEmpty() && tasks.counts().getOrDefault(TaskState.RUNNING, 0L) > 0) {
                empty = 0;
                LockSupport.parkNanos(1_000_000);
            }
            List<AttemptEnd> ends = new ArrayList<>();
            for (ClaimedTask task : claimed) {
                int place =
                        Objects.requireNonNull(places.get(task.fencingToken().id()));
                assertBegins(tasks, task, places, edges.getOrDefault(place, Map.of()));
                ends.add(end(task.fencingToken(), failing.contains(place) ? TaskState.DEAD : TaskState.DONE));
            }
            if (!ends.isEmpty()) {
                assertThat(tasks.finish(ends)).hasSize(ends.size());
            }
        }
    }

    private static void assertBegins(
            TaskStore tasks, ClaimedTask task, Map<TaskId, Integer> places, Map<Integer, OnFailure> parents) {
        List<ParentOutcome> outcomes = tasks.parentOutcomes(task.fencingToken().id());
        assertThat(outcomes).hasSize(parents.size());
        for (ParentOutcome parent : outcomes) {
            if (parent.state() == TaskState.DONE) {
                assertThat(parent.output()).contains("output of " + parent.task());
            } else {
                assertThat(parent.state().isTerminal())
                        .as("%s of %s", parent, outcomes)
                        .isTrue();
                assertThat(parents.get(places.get(parent.task())))
                        .as("%s of %s", parent, outcomes)
                        .isEqualTo(OnFailure.PROCEED);
            }
        }
    }

    /** How each task must end: a model of the rules that looks at one task after the other. */
    private static Map<Integer, TaskState> expected(
            int count, Map<Integer, Map<Integer, OnFailure>> edges, Set<Integer> failing) {
        Map<Integer, TaskState> states = new HashMap<>();
        for (int i = 0; i < count; i++) {
            TaskState state = failing.contains(i) ? TaskState.DEAD : TaskState.DONE;
            for (Map.Entry<Integer, OnFailure> edge :
                    edges.getOrDefault(i, Map.of()).entrySet()) {
                TaskState parent = states.getOrDefault(edge.getKey(), TaskState.BLOCKED);
                boolean isReleased =
                        parent == TaskState.DONE || (parent.isTerminal() && edge.getValue() == OnFailure.PROCEED);
                if (parent.isTerminal() && !isReleased && edge.getValue() == OnFailure.CANCEL) {
                    // Whatever else it waits for.
                    state = TaskState.CANCELLED;
                } else if (!isReleased && state != TaskState.CANCELLED) {
                    state = TaskState.BLOCKED;
                }
            }
            states.put(i, state);
        }
        return states;
    }
}
