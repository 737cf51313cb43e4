package dev.architect.cluster.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.AttemptResult;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.error.StoreException;
import dev.architect.project.ProjectId;
import dev.architect.shard.ShardNotServedException;
import dev.architect.shard.ShardPhase;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.submission.IdempotencyKey;
import dev.architect.submission.TaskSubmission;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.testkit.time.ManualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Moves of shards, whatever ends in between. */
class ShardMoverTest {

    private static final ProjectId MOVING = new ProjectId("apollo");
    private static final ProjectId STAYING = new ProjectId("gemini");
    private static final int SHARD = MOVING.shard();

    @TempDir
    Path directory;

    private final ManualTime time = new ManualTime();
    private final List<Store> opened = new ArrayList<>();
    private final FailingShards.Script script = new FailingShards.Script();
    private int files;

    @AfterEach
    void close() {
        opened.forEach(Store::close);
    }

    private Store newStore(String kind) {
        TimeSource clock = time;
        Store store = kind.equals("memory")
                ? new InMemoryStore(clock)
                : SqliteStore.builder(directory.resolve("store-" + files++ + ".db"))
                        .time(clock)
                        .open();
        opened.add(store);
        return store;
    }

    private ShardedStore group(Store first, Store second) {
        return ShardedStore.builder("first", first)
                .add("second", second)
                .time(time)
                .patience(Duration.ZERO)
                .open();
    }

    private static TaskId submit(Store store, ProjectId project) {
        return store.tasks()
                .submit(List.of(TaskRequest.prompt("p").withProject(project)))
                .get(0);
    }

    private static List<ClaimedTask> claim(Store store, long node) {
        return store.tasks().claim(ClaimRequest.of(node, 500, Set.of(TaskRequest.PROMPT)));
    }

    private boolean finish(Store store, ClaimedTask task) {
        return store.tasks()
                .finish(List.of(new AttemptEnd(
                        task.fencingToken(),
                        "llm-1",
                        time.wallTime(),
                        time.wallTime(),
                        AttemptOutcome.SUCCEEDED,
                        TaskState.DONE,
                        Duration.ZERO,
                        AttemptResult.output("output"))))
                .contains(task.fencingToken());
    }

    @Test
    void movesAShardThereAndBack() throws Exception {
        ShardedStore store = group(newStore("memory"), newStore("sqlite"));
        TaskId id = submit(store, MOVING);
        Task before = store.tasks().find(id).orElseThrow();

        store.mover().move(SHARD, "second", Duration.ZERO);

        assertThat(store.mover().places().get(SHARD)).isEqualTo("second");
        assertThat(store.mover().moves()).isEmpty();
        assertThat(store.tasks().find(id)).contains(before);
        assertThat(submit(store, MOVING).store()).isEqualTo(1);
        assertThat(submit(store, STAYING).store()).isZero();
        store.mover().move(SHARD, "second", Duration.ZERO);
        store.mover().move(SHARD, "first", Duration.ZERO);
        assertThat(store.mover().places()).containsOnly("first");
        assertThat(store.tasks().counts()).isEqualTo(Map.of(TaskState.READY, 3L));
        long node = store.nodes().join("node");
        assertThat(claim(store, node)).hasSize(3).allMatch(task -> finish(store, task));
    }

    @Test
    void refusesWhatIsNoShardAndNoStore() {
        ShardedStore store = group(newStore("memory"), newStore("memory"));

        assertThatThrownBy(() -> store.mover().move(256, "second", Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.mover().move(0, "third", Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[first, second]");
        assertThat(store.mover().giveUp(SHARD)).isFalse();
    }

    /**
     * The process that moves ends with every step in turn, before or after the step was made. Then nothing is lost, no store hands out what the
     * other one does, and the same move goes on.
     */
    @ParameterizedTest
    @ValueSource(strings = {"memory", "sqlite"})
    void goesOnWhereverItWasInterrupted(String kind) throws Exception {
        boolean isOver = false;
        int steps = 0;
        for (int step = 1; !isOver; step++) {
            for (boolean made : List.of(false, true)) {
                isOver = !interrupted(kind, step, made);
            }
            steps = step;
        }
        // Begin, both phases, copies, the switch, the release, the clearing, the end.
        assertThat(steps).isGreaterThan(12);
    }

    private boolean interrupted(String kind, int step, boolean made) throws Exception {
        Store first = newStore(kind);
        Store second = newStore(kind);
        ShardedStore mover = group(new FailingShards(first, script), new FailingShards(second, script));
        ShardedStore user = group(first, second);
        Set<TaskId> ids = new HashSet<>();
        long node = user.nodes().join("node");
        for (int i = 0; i < 3; i++) {
            ids.add(submit(user, MOVING));
        }
        ClaimedTask ended = claim(user, node).get(0);
        finish(user, ended);
        // Two run when the move begins, and one is ready.
        ids.add(submit(user, MOVING));
        TaskSubmission keyed =
                TaskSubmission.of(TaskRequest.prompt("p").withProject(MOVING), new IdempotencyKey("key-1"));
        TaskId keyedId = user.tasks().submitOnce(List.of(keyed)).get(0).id();
        ids.add(keyedId);

        script.failAt(step, made);
        boolean isInterrupted = false;
        try {
            mover.mover().move(SHARD, "second", Duration.ZERO);
        } catch (StoreException end) {
            isInterrupted = true;
        }
        script.failAt(Integer.MAX_VALUE, false);

        String at = "step " + step + (made ? " made" : " not made");
        assertServedByOneAtMost(first, second, at);
        assertThat(ids)
                .as(at)
                .allSatisfy(id -> assertThat(user.tasks().find(id)).isPresent());
        Set<TaskId> claimed = new HashSet<>();
        claim(user, node).forEach(task -> {
            assertThat(claimed.add(task.fencingToken().id())).as(at).isTrue();
            finish(user, task);
        });
        // Another process goes on.
        user.mover().move(SHARD, "second", Duration.ZERO);
        assertThat(user.mover().moves()).as(at).isEmpty();
        assertThat(phase(first)).as(at).isEqualTo(ShardPhase.GONE);
        assertThat(phase(second)).as(at).isEqualTo(ShardPhase.SERVED);
        claim(user, node).forEach(task -> {
            assertThat(claimed.add(task.fencingToken().id())).as(at).isTrue();
            finish(user, task);
        });
        assertThat(user.tasks().list(TaskQuery.newest(100)))
                .as(at)
                .extracting(Task::id)
                .containsExactlyInAnyOrderElementsOf(ids);
        assertThat(user.tasks().counts()).as(at).isEqualTo(Map.of(TaskState.DONE, (long) ids.size()));
        assertThat(first.tasks().counts()).as(at).isEmpty();
        assertThat(user.tasks().submitOnce(List.of(keyed)).get(0).id()).as(at).isEqualTo(keyedId);
        return isInterrupted;
    }

    private static ShardPhase phase(Store store) {
        return store.shards().orElseThrow().places().get(SHARD).phase();
    }

    private static void assertServedByOneAtMost(Store first, Store second, String at) {
        assertThat(List.of(phase(first), phase(second)).stream()
                        .filter(ShardPhase.SERVED::equals)
                        .count())
                .as(at)
                .isLessThanOrEqualTo(1);
    }

    /** Whoever moved it ended between the change of the map and the release: the next call for the shard releases it. */
    @Test
    void servesWhatTheMapGivesItWithTheNextCall() throws Exception {
        Store first = newStore("memory");
        Store second = newStore("memory");
        ShardedStore mover = group(new FailingShards(first, script), new FailingShards(second, script));
        ShardedStore user = group(first, second);
        submit(user, MOVING);
        int step = 0;
        do {
            script.failAt(++step, true);
            assertThatThrownBy(() -> mover.mover().move(SHARD, "second", Duration.ZERO))
                    .isInstanceOf(StoreException.class);
            script.failAt(Integer.MAX_VALUE, false);
        } while (user.mover().places().get(SHARD).equals("first"));
        assertThat(phase(second)).isEqualTo(ShardPhase.ARRIVING);

        TaskId id = submit(user, MOVING);

        assertThat(id.store()).isEqualTo(1);
        assertThat(phase(second)).isEqualTo(ShardPhase.SERVED);
    }

    @Test
    void givesAMoveUp() throws Exception {
        Store first = newStore("memory");
        Store second = newStore("memory");
        for (int step = 1; step < 40; step++) {
            ShardedStore mover = group(new FailingShards(first, script), new FailingShards(second, script));
            TaskId id = submit(group(first, second), MOVING);
            script.failAt(step, true);
            try {
                mover.mover().move(SHARD, "second", Duration.ZERO);
            } catch (StoreException end) {
                assertThat(script.hasFailed()).isTrue();
            }
            script.failAt(Integer.MAX_VALUE, false);
            if (mover.mover().places().get(SHARD).equals("second")) {
                assertThat(mover.mover().giveUp(SHARD)).isFalse();
                return;
            }

            assertThat(mover.mover().giveUp(SHARD)).isTrue();

            assertThat(phase(first)).isEqualTo(ShardPhase.SERVED);
            assertThat(phase(second)).isEqualTo(ShardPhase.GONE);
            assertThat(second.tasks().counts()).isEmpty();
            assertThat(first.tasks().counts()).isEqualTo(Map.of(TaskState.READY, (long) step));
            assertThat(mover.tasks().cancel(id).map(Task::state)).contains(TaskState.CANCELLED);
            assertThat(mover.tasks().redrive(List.of(id))).containsExactly(id);
        }
    }

    /** It was paused in every step in turn while another one gave the move up: nothing that it does then has an effect. */
    @Test
    void refusesOneWhoIsLate() throws Exception {
        Store first = newStore("memory");
        Store second = newStore("memory");
        ShardedStore late = group(new FailingShards(first, script), new FailingShards(second, script));
        ShardedStore user = group(first, second);
        submit(user, MOVING);
        script.failAt(6, true);
        assertThatThrownBy(() -> late.mover().move(SHARD, "second", Duration.ZERO))
                .isInstanceOf(StoreException.class);
        script.failAt(Integer.MAX_VALUE, false);
        user.mover().move(SHARD, "second", Duration.ZERO);
        user.mover().move(SHARD, "first", Duration.ZERO);

        // What it knew of the move is long over; it begins a new one.
        late.mover().move(SHARD, "second", Duration.ZERO);

        assertThat(user.tasks().counts()).isEqualTo(Map.of(TaskState.READY, 1L));
        assertThat(phase(first)).isEqualTo(ShardPhase.GONE);
    }

    @Test
    void handsBackWhatRunsAfterTheLimit() throws Exception {
        ShardedStore store = group(newStore("memory"), newStore("memory"));
        submit(store, MOVING);
        long node = store.nodes().join("node");
        ClaimedTask running = claim(store, node).get(0);

        store.mover().move(SHARD, "second", Duration.ZERO);

        assertThat(store.tasks().runningOf(node)).isEmpty();
        assertThat(finish(store, running)).isFalse();
        ClaimedTask again = claim(store, node).get(0);
        assertThat(again.attempt()).isEqualTo(1);
        assertThat(again.fencingToken().epoch()).isEqualTo(2);
        assertThat(finish(store, again)).isTrue();
    }

    @Test
    void refusesChangesOfATaskThatIsOnItsWay() {
        Store first = newStore("memory");
        Store second = newStore("memory");
        ShardedStore mover = group(new FailingShards(first, script), new FailingShards(second, script));
        TaskId id = submit(mover, MOVING);
        // After the copies, before the switch.
        for (int step = 1; second.tasks().find(id).isEmpty(); step++) {
            script.failAt(step, true);
            assertThatThrownBy(() -> mover.mover().move(SHARD, "second", Duration.ZERO))
                    .isInstanceOf(StoreException.class);
        }
        script.failAt(Integer.MAX_VALUE, false);
        assertThat(phase(first)).isEqualTo(ShardPhase.LEAVING);

        assertThatThrownBy(() -> mover.tasks().cancel(id)).isInstanceOf(ShardNotServedException.class);
        assertThatThrownBy(() -> mover.tasks().hold(id)).isInstanceOf(ShardNotServedException.class);
        assertThatThrownBy(() -> submit(mover, MOVING))
                .isInstanceOfSatisfying(
                        ShardNotServedException.class,
                        refused -> assertThat(refused.retryAfter()).isPresent());
        assertThat(mover.tasks().find(id).map(Task::state)).contains(TaskState.READY);
        assertThat(mover.tasks().list(TaskQuery.newest(10)))
                .extracting(Task::id)
                .containsExactly(id);
        assertThat(mover.tasks().list(TaskQuery.newest(10).withProject(MOVING))).hasSize(1);
    }

    @Test
    void oneStoreThatIsDownKeepsTheOthersFromNothing() throws Exception {
        FailingShards second = new FailingShards(newStore("memory"), script);
        ShardedStore store = group(newStore("memory"), second);
        store.mover().move(SHARD, "second", Duration.ZERO);
        long node = store.nodes().join("node");
        TaskId there = submit(store, MOVING);
        TaskId here = submit(store, STAYING);
        ClaimedTask running = claim(store, node).stream()
                .filter(task -> task.fencingToken().id().equals(there))
                .findFirst()
                .orElseThrow();
        assertThat(store.nodes().beat(node)).isPresent();
        second.down(true);

        assertThat(store.nodes().beat(node)).isPresent();
        TaskId next = submit(store, STAYING);
        assertThat(claim(store, node))
                .extracting(task -> task.fencingToken().id())
                .containsExactly(next);
        assertThat(store.tasks().find(here)).isPresent();
        assertThat(store.tasks().list(TaskQuery.newest(10).withProject(STAYING)))
                .hasSize(2);
        // Until its lease is over, what runs there goes on.
        assertThat(store.tasks().runningOf(node)).contains(running.fencingToken());
        assertThatThrownBy(() -> submit(store, MOVING))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("store 'second': ");
        assertThatThrownBy(() -> store.tasks().find(there)).hasMessageStartingWith("store 'second': ");
        assertThatThrownBy(() -> store.tasks().counts()).hasMessageStartingWith("store 'second': ");

        second.down(false);
        assertThat(store.nodes().beat(node)).isPresent();
        assertThat(finish(store, running)).isTrue();
        assertThat(store.tasks().find(there).map(Task::state)).contains(TaskState.DONE);
    }

    @Test
    void formsAGroupOfTheSameStoresOnly() {
        Store first = newStore("sqlite");
        Store second = newStore("sqlite");
        group(first, second);

        assertThatThrownBy(() -> ShardedStore.builder("first", first).open())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("second");
        assertThatThrownBy(() -> group(first, newStore("sqlite")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another database");
        assertThatThrownBy(() -> ShardedStore.builder("other", first)
                        .add("second", second)
                        .open())
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> ShardedStore.builder("first", first).add("first", second))
                .isInstanceOf(IllegalArgumentException.class);
        Store used = newStore("memory");
        submit(used, STAYING);
        assertThatThrownBy(() -> ShardedStore.builder("first", first)
                        .add("second", second)
                        .add("third", used)
                        .open())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has tasks");
        // It has not become a part of the group.
        group(first, second);
    }

    @Test
    void listsTasksOfAllStoresNewestFirst() throws Exception {
        ShardedStore store = group(newStore("sqlite"), newStore("sqlite"));
        store.mover().move(SHARD, "second", Duration.ZERO);
        List<TaskId> newestFirst = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            newestFirst.add(0, submit(store, i % 3 == 0 ? MOVING : STAYING));
            time.advance(Duration.ofMillis(1));
        }

        List<TaskId> listed = new ArrayList<>();
        Optional<TaskId> last = Optional.empty();
        do {
            TaskQuery query = TaskQuery.newest(3);
            List<Task> page = store.tasks().list(last.map(query::after).orElse(query));
            page.forEach(task -> listed.add(task.id()));
            last = page.isEmpty()
                    ? Optional.empty()
                    : Optional.of(page.get(page.size() - 1).id());
        } while (last.isPresent());

        assertThat(listed).isEqualTo(newestFirst);
    }

    @Test
    void sharesAClaimAmongTheStores() throws Exception {
        ShardedStore store = group(newStore("memory"), newStore("memory"));
        store.mover().move(SHARD, "second", Duration.ZERO);
        for (int i = 0; i < 100; i++) {
            submit(store, MOVING);
            submit(store, STAYING);
        }
        long node = store.nodes().join("node");

        for (int i = 0; i < 10; i++) {
            List<ClaimedTask> claimed = store.tasks().claim(ClaimRequest.of(node, 10, Set.of(TaskRequest.PROMPT)));
            assertThat(claimed).hasSize(10);
            assertThat(claimed.stream()
                            .filter(task ->
                                    task.request().attribution().project().equals(MOVING))
                            .count())
                    .isEqualTo(5);
        }
        assertThat(store.tasks().claim(ClaimRequest.of(node, 1, Set.of(TaskRequest.PROMPT))))
                .hasSize(1);
    }
}
