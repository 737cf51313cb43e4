package dev.architect.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.ClaimRequest;
import dev.architect.task.SessionInfo;
import dev.architect.task.TaskRequest;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Leases, which the clock of the database stamps and judges. */
@Timeout(120)
class PostgresNodeStoreTest extends DatabaseTestCase {

    private static final String NOW = PostgresNodeStore.NOW;
    private static final long SECOND = 1_000_000;

    private PostgresStore store;
    private PostgresStore other;

    @BeforeEach
    void open() {
        store = opened(builder().open());
        other = opened(builder().migrate(false).open());
    }

    private long left(long node) {
        return database().count("SELECT lease_until - " + NOW + " FROM node WHERE incarnation = " + node);
    }

    private long state(long node) {
        return database().count("SELECT state FROM node WHERE incarnation = " + node);
    }

    /** Time passes for the lease of a node. */
    private void age(long node, Duration by) {
        database()
                .execute("UPDATE node SET lease_until = lease_until - " + by.toNanos() / 1_000 + " WHERE incarnation = "
                        + node);
    }

    @Test
    void aLeaseLastsTenSecondsFromEachBeat() {
        long node = store.nodes().join("node");
        assertThat(left(node)).isBetween(5 * SECOND, 10 * SECOND);
        age(node, Duration.ofSeconds(8));
        assertThat(left(node)).isLessThan(2 * SECOND);

        assertThat(store.nodes().beat(node)).contains(Duration.ofSeconds(10));

        assertThat(left(node)).isBetween(5 * SECOND, 10 * SECOND);
        assertThat(database().count("SELECT beat FROM node")).isOne();
    }

    @Test
    void aBeatAfterTheEndOfTheLeaseIsRefused() {
        long node = store.nodes().join("node");
        age(node, Duration.ofSeconds(11));

        assertThat(store.nodes().beat(node)).isEmpty();

        assertThat(database().count("SELECT beat FROM node")).isZero();
        assertThat(state(node)).isZero();
    }

    @Test
    void aNodeWhoseLeaseHasEndedClaimsNothing() {
        store.tasks().submit(List.of(TaskRequest.prompt("p")));
        long node = store.nodes().join("node");
        age(node, Duration.ofSeconds(11));

        assertThat(store.tasks().claim(ClaimRequest.of(node, 1, Set.of(TaskRequest.PROMPT))))
                .isEmpty();
    }

    @Test
    void anyNodeDeclaresOneDeadWhoseLeaseHasEndedAndNoOther() {
        long dead = store.nodes().join("dead");
        long alive = store.nodes().join("alive");
        store.tasks().submit(List.of(TaskRequest.prompt("p")));
        store.tasks().claim(ClaimRequest.of(dead, 1, Set.of(TaskRequest.PROMPT)));
        store.nodes().saveSessions(dead, List.of(new SessionInfo("llm-1", "llm", 4, 1)));
        age(dead, Duration.ofMillis(9_000));
        assertThat(other.nodes().deadOwners()).isEmpty();
        age(dead, Duration.ofMillis(2_000));

        assertThat(other.nodes().deadOwners()).containsExactly(dead);

        assertThat(state(dead)).isEqualTo(2);
        assertThat(state(alive)).isZero();
        assertThat(database().count("SELECT count(*) FROM session")).isZero();
        assertThat(store.nodes().beat(dead)).isEmpty();
        store.nodes().saveSessions(dead, List.of(new SessionInfo("llm-1", "llm", 4, 1)));
        assertThat(database().count("SELECT count(*) FROM session")).isZero();
    }

    @Test
    void findsTasksThatADeadNodeHasClaimedLate() {
        long dead = store.nodes().join("dead");
        store.nodes().leave(dead);
        assertThat(other.nodes().deadOwners()).isEmpty();
        // As a claim leaves it whose commit came after the node was declared dead.
        store.tasks().submit(List.of(TaskRequest.prompt("p")));
        database().execute("UPDATE task SET state = 1, epoch = 1, owner = " + dead);

        assertThat(other.nodes().deadOwners()).containsExactly(dead);
        assertThat(other.tasks().reap(dead)).isOne();
        assertThat(other.nodes().deadOwners()).isEmpty();
    }

    @Test
    void forgetsNodesADayAfterTheirEndUnlessTheyOwnTasks() {
        long old = store.nodes().join("old");
        long owner = store.nodes().join("owner");
        long recent = store.nodes().join("recent");
        store.tasks().submit(List.of(TaskRequest.prompt("p")));
        store.tasks().claim(ClaimRequest.of(owner, 1, Set.of(TaskRequest.PROMPT)));
        List.of(old, owner, recent).forEach(store.nodes()::leave);
        database()
                .execute(
                        "UPDATE node SET ended_at = ended_at - 90000 * 1000000::bigint WHERE incarnation <> " + recent);

        store.nodes().join("next");

        assertThat(database().count("SELECT count(*) FROM node WHERE incarnation IN (" + owner + ", " + recent + ")"))
                .isEqualTo(2);
        assertThat(database().count("SELECT count(*) FROM node WHERE incarnation = " + old))
                .isZero();
    }

    @Test
    void givesEveryNodeANumberOfItsOwnThatRises() throws Exception {
        List<CompletableFuture<List<Long>>> joins = Stream.of(store, other)
                .map(each -> CompletableFuture.supplyAsync(() -> IntStream.range(0, 20)
                        .mapToObj(i -> each.nodes().join("node"))
                        .toList()))
                .toList();
        for (CompletableFuture<List<Long>> join : joins) {
            assertThat(join.get(60, TimeUnit.SECONDS)).isSorted();
        }
        assertThat(database().count("SELECT count(DISTINCT incarnation) FROM node WHERE incarnation > 0"))
                .isEqualTo(40);
    }

    @Test
    void aNumberThatTheDatabaseHasForgottenDoesNotComeBack() {
        long first = store.nodes().join("node");
        // As after a fail-over that has lost the last commits.
        database().execute("DELETE FROM node; ALTER SEQUENCE incarnation_number RESTART");

        assertThat(store.nodes().join("node")).isNotEqualTo(first);
    }

    @Test
    void theLocalClockDecidesNothing() {
        // A clock that is hours off, as the clock of a process.
        var wrong = new dev.architect.testkit.time.ManualTime();
        PostgresStore off = opened(builder().time(wrong).open());
        long node = off.nodes().join("off");
        long right = store.nodes().join("right");

        wrong.advance(Duration.ofDays(30));

        assertThat(off.nodes().beat(node)).isPresent();
        assertThat(off.nodes().deadOwners()).isEmpty();
        assertThat(off.nodes().aliveCount()).isEqualTo(2);
        assertThat(store.nodes().beat(right)).isPresent();
    }

    @Test
    void manyMayJudgeTheSameNodesAtOnce() throws Exception {
        List<Long> dead =
                IntStream.range(0, 10).mapToObj(i -> store.nodes().join("node")).toList();
        dead.forEach(node -> age(node, Duration.ofSeconds(11)));
        List<CompletableFuture<List<Long>>> judges = Stream.of(store, other, store, other)
                .map(each -> CompletableFuture.supplyAsync(() -> each.nodes().deadOwners()))
                .toList();
        for (CompletableFuture<List<Long>> judge : judges) {
            assertThat(judge.get(60, TimeUnit.SECONDS)).isEmpty();
        }
        assertThat(store.nodes().aliveCount()).isZero();
    }

    @Test
    void beatsAreNotKeptWaitingByCallsThatHang() throws Exception {
        PostgresStore small = opened(builder().connections(5).open());
        long node = small.nodes().join("node");
        // A transaction of somebody else that blocks every submission.
        try (var blocker = database().connect();
                var statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            statement.execute("LOCK TABLE task, task_body IN ACCESS EXCLUSIVE MODE");
            List<CompletableFuture<?>> stuck = IntStream.range(0, 8)
                    .<CompletableFuture<?>>mapToObj(i -> CompletableFuture.runAsync(
                            () -> small.tasks().submit(List.of(TaskRequest.prompt("p"))),
                            work -> new Thread(work).start()))
                    .toList();
            while (database().count("SELECT count(*) FROM pg_locks WHERE NOT granted") == 0) {
                LockSupport.parkNanos(1_000_000);
            }
            for (int i = 0; i < 5; i++) {
                assertThat(small.nodes().beat(node)).isPresent();
            }
            blocker.rollback();
            for (CompletableFuture<?> submission : stuck) {
                submission.get(60, TimeUnit.SECONDS);
            }
        }
    }
}
