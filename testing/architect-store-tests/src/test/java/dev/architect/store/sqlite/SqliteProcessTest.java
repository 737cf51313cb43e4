package dev.architect.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.error.StoreException;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.testkit.time.ManualTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What other processes do to a store: they crash in the middle, and they write at the same time. */
class SqliteProcessTest {

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("architect.db");
    }

    @Test
    void losesNothingAcknowledgedWhenTheProcessIsKilled() throws Exception {
        Set<TaskId> submitted = new HashSet<>();
        Set<TaskId> done = new HashSet<>();
        for (int round = 1; round <= 3; round++) {
            try (StoreChildProcess.Handle child = new StoreChildProcess.Handle(file(), Long.MAX_VALUE)) {
                while (child.done.size() < 40 * round) {
                    assertThat(child.read()).isTrue();
                }
                child.kill();
                submitted.addAll(child.submitted);
                done.addAll(child.done);
            }
        }

        try (SqliteStore store = SqliteStore.at(file())) {
            assertThat(submitted)
                    .hasSizeGreaterThan(200)
                    .allMatch(id -> store.tasks().find(id).isPresent());
            assertThat(done).hasSizeGreaterThanOrEqualTo(240).allSatisfy(id -> {
                assertThat(store.tasks().result(id).flatMap(result -> result.output()))
                        .contains("output of " + id);
                assertThat(store.tasks().attempts(id).stream()
                                .map(Attempt::outcome)
                                .filter(AttemptOutcome.SUCCEEDED::equals))
                        .hasSize(1);
            });
        }
    }

    @Test
    void takesOverAtOnceWhatAKilledProcessRan() throws Exception {
        long dead;
        try (StoreChildProcess.Handle child = new StoreChildProcess.Handle(file(), Long.MAX_VALUE)) {
            while (child.done.size() < 20) {
                assertThat(child.read()).isTrue();
            }
            child.kill();
            dead = child.joined;
        }

        try (SqliteStore store = SqliteStore.at(file())) {
            Set<FencingToken> lost = store.tasks().runningOf(dead);
            assertThat(lost).isNotEmpty();
            long node = store.nodes().join("heir");

            assertThat(store.nodes().deadOwners()).containsExactly(dead);
            assertThat(store.tasks().reap(dead)).isEqualTo(lost.size());

            assertThat(store.nodes().aliveCount()).isEqualTo(1);
            assertThat(directory.resolve("architect.db.node-" + dead + ".lock")).doesNotExist();
            List<ClaimedTask> again =
                    store.tasks().claim(ClaimRequest.of(node, lost.size(), Set.of(TaskRequest.PROMPT)));
            assertThat(again.stream().map(task -> task.fencingToken().id()))
                    .containsExactlyInAnyOrderElementsOf(
                            lost.stream().map(FencingToken::id).toList());
            assertThat(store.tasks()
                            .finish(lost.stream()
                                    .map(fencingToken -> StoreChildProcess.done(fencingToken, "too late"))
                                    .toList()))
                    .isEmpty();
        }
    }

    @Test
    void sharesOneFileWithALivingProcess() throws Exception {
        try (SqliteStore store = SqliteStore.at(file());
                StoreChildProcess.Handle child = new StoreChildProcess.Handle(file(), 15)) {
            long node = store.nodes().join("parent");
            Set<TaskId> ours = new HashSet<>();
            Set<FencingToken> ended = new HashSet<>();
            while (!child.hasFinished) {
                ours.addAll(store.tasks().submit(List.of(TaskRequest.prompt("ours"))));
                List<ClaimedTask> claimed = store.tasks().claim(ClaimRequest.of(node, 2, Set.of(TaskRequest.PROMPT)));
                ended.addAll(store.tasks()
                        .finish(claimed.stream()
                                .map(task -> StoreChildProcess.done(task.fencingToken(), "by the parent"))
                                .toList()));
                assertThat(child.read()).isTrue();
            }
            store.nodes().deadOwners();
            assertThat(store.nodes().aliveCount()).isEqualTo(2);
            assertThat(store.nodes().beat(child.joined)).isPresent();

            child.kill();

            assertThat(child.submitted).hasSize(3 * 15 * 7).doesNotContainAnyElementsOf(ours);
            assertThat(child.submitted).allMatch(id -> store.tasks().find(id).isPresent());
            assertThat(ended).extracting(FencingToken::id).doesNotContainAnyElementsOf(child.done);
            assertThat(store.nodes().deadOwners()).contains(child.joined);
            assertThat(store.nodes().beat(child.joined)).isEmpty();
            long total = store.tasks().counts().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            assertThat(total).isEqualTo(ours.size() + child.submitted.size());
        }
    }

    /** Its lock is still held, so only its beats show that it does nothing. */
    @Test
    void takesOverFromAFrozenProcessAndRejectsItWhenItGoesOn() throws Exception {
        ManualTime time = new ManualTime();
        try (SqliteStore store = SqliteStore.builder(file())
                        .time(time)
                        .busyTimeout(Duration.ofMillis(100))
                        .open();
                StoreChildProcess.Handle child = new StoreChildProcess.Handle(file(), 5)) {
            while (!child.hasFinished) {
                assertThat(child.read()).isTrue();
            }
            freezeBetweenTransactions(store, child);
            for (int second = 0; second < 10; second++) {
                assertThat(store.nodes().deadOwners()).isEmpty();
                time.advance(Duration.ofSeconds(1));
            }

            assertThat(store.nodes().deadOwners()).containsExactly(child.joined);
            Set<FencingToken> theirs = store.tasks().runningOf(child.joined);
            assertThat(store.tasks().reap(child.joined))
                    .isEqualTo(theirs.size())
                    .isPositive();
            long doneByThem = store.tasks().counts().getOrDefault(TaskState.DONE, 0L);
            child.signal("CONT");
            while (!child.countsAsDead) {
                assertThat(child.read()).isTrue();
            }

            assertThat(store.tasks().counts().getOrDefault(TaskState.DONE, 0L)).isEqualTo(doneByThem);
            assertThat(store.tasks()
                            .finish(theirs.stream()
                                    .map(fencingToken -> StoreChildProcess.done(fencingToken, "too late"))
                                    .toList()))
                    .isEmpty();
        }
    }

    /** In a transaction it would hold SQLite's write lock, and no process could write before it goes on. */
    private static void freezeBetweenTransactions(SqliteStore store, StoreChildProcess.Handle child) throws Exception {
        while (true) {
            child.freeze();
            try {
                store.nodes().beat(0);
                // It may not have begun to work, or have ended everything it had.
                if (!store.tasks().runningOf(child.joined).isEmpty()) {
                    return;
                }
            } catch (StoreException busy) {
                assertThat(busy.kind()).isEqualTo(StoreException.Kind.BUSY);
            }
            child.signal("CONT");
        }
    }

    @Test
    void seesTwoStoresOfOneProcessAsTwoLivingNodes() {
        try (SqliteStore first = SqliteStore.at(file())) {
            long one = first.nodes().join("one");
            TaskId id = first.tasks().submit(List.of(TaskRequest.prompt("p"))).get(0);
            long two;
            FencingToken fencingToken;
            try (SqliteStore second = SqliteStore.at(file())) {
                two = second.nodes().join("two");
                fencingToken = second.tasks()
                        .claim(ClaimRequest.of(two, 1, Set.of(TaskRequest.PROMPT)))
                        .get(0)
                        .fencingToken();

                assertThat(first.nodes().deadOwners()).isEmpty();
                assertThat(second.nodes().deadOwners()).isEmpty();
                assertThat(first.nodes().beat(two)).isPresent();
                assertThat(second.nodes().beat(one)).isPresent();
            }

            assertThat(first.nodes().deadOwners()).containsExactly(two);
            assertThat(first.tasks().reap(two)).isEqualTo(1);
            assertThat(first.tasks().find(id).map(Task::state)).contains(TaskState.READY);
            assertThat(first.tasks().finish(List.of(StoreChildProcess.done(fencingToken, "late"))))
                    .isEmpty();
            assertThat(first.tasks().list(TaskQuery.newest(5))).hasSize(1);
        }
    }

    @Test
    void removesItsLockFileWhenANodeLeaves() {
        try (SqliteStore store = SqliteStore.at(file())) {
            long node = store.nodes().join("node");
            Path lock = directory.resolve("architect.db.node-" + node + ".lock");
            assertThat(lock).exists();

            store.nodes().leave(node);

            assertThat(lock).doesNotExist();
            assertThat(store.nodes().deadOwners()).isEmpty();
        }
    }

    @Test
    void outlivesTheDeletionOfItsSharedMemory() throws Exception {
        Optional<TaskId> id;
        try (StoreChildProcess.Handle child = new StoreChildProcess.Handle(file(), Long.MAX_VALUE)) {
            while (child.submitted.size() < 30) {
                assertThat(child.read()).isTrue();
            }
            child.kill();
            id = child.submitted.stream().findFirst();
        }
        assertThat(Files.deleteIfExists(directory.resolve("architect.db-shm"))).isTrue();

        try (SqliteStore store = SqliteStore.at(file())) {
            assertThat(store.tasks().find(id.orElseThrow())).isPresent();
        }
    }
}
