package dev.architect.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.AttemptResult;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import dev.architect.event.ActivityEntry;
import dev.architect.node.NodeLoad;
import dev.architect.node.NodeRole;
import dev.architect.postgres.PostgresDatabase;
import dev.architect.postgres.PostgresServer;
import dev.architect.postgres.PostgresServer.Version;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A standby takes the place of the primary, with and without all of its commits, and the old one comes back. */
@Timeout(300)
class PostgresFailoverTest {

    private static final Duration MOST_RESUME = Duration.ofSeconds(10);
    private static final Set<String> TYPES = Set.of(TaskRequest.PROMPT);

    private final List<AutoCloseable> open = new ArrayList<>();
    private PostgresServer primary;
    private PostgresServer standby;
    private PostgresDatabase database;

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        open.add(part);
        return part;
    }

    private void startPair(Version version, boolean isSynchronous) {
        primary = opened(PostgresServer.start(version, Map.of("max_connections", "60")));
        database = primary.createDatabase();
        standby = opened(primary.standby(isSynchronous));
    }

    private PostgresStoreBuilder at(String hosts) {
        return PostgresStore.builder("jdbc:postgresql://" + hosts + "/" + database.name())
                .user(database.user())
                .password(database.password())
                .connections(5)
                .busyTimeout(Duration.ofSeconds(30));
    }

    private static String host(PostgresServer server) {
        return server.host() + ":" + server.port();
    }

    private String both() {
        return host(primary) + "," + host(standby);
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what + " within 60 s").isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    /** A standby that the primary does not wait for may not have the schema yet when the store is open. */
    private void awaitTablesOnStandby() {
        await(
                "the standby has the tables",
                () -> standby.database(database).count("SELECT count(*) FROM pg_tables WHERE tablename = 'task'") == 1);
    }

    private static List<TaskId> submit(PostgresStore store, int count) {
        List<TaskRequest> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(TaskRequest.prompt("p" + i));
        }
        return store.tasks().submit(requests);
    }

    private static long number(TaskId id) {
        return id.value() >> 18;
    }

    private static AttemptEnd done(ClaimedTask task) {
        Instant now = Instant.now();
        return new AttemptEnd(
                task.fencingToken(),
                "s",
                now,
                now,
                AttemptOutcome.SUCCEEDED,
                TaskState.DONE,
                Duration.ZERO,
                AttemptResult.output("done"));
    }

    private static List<String> kinds(PostgresStore store) {
        return store.activity().newest(Long.MAX_VALUE, 100).stream()
                .map(ActivityEntry::kind)
                .toList();
    }

    @Test
    void aSynchronousStandbyGoesOnWithAllThatWasAcceptedAndTheOldPrimaryIsRefused() {
        failOver(Version.V15);
    }

    @Test
    @Tag("slow")
    void theSameWithAServerOfVersionEighteen() {
        failOver(Version.V18);
    }

    private void failOver(Version version) {
        startPair(version, true);
        PostgresStore store = opened(at(both()).open());
        long node = store.nodes().join("node");
        store.nodes().beat(node);
        List<TaskId> accepted = submit(store, 50);
        List<ClaimedTask> claimed = store.tasks().claim(ClaimRequest.of(node, 10, TYPES));
        store.tasks()
                .finish(claimed.subList(0, 5).stream()
                        .map(PostgresFailoverTest::done)
                        .toList());
        NodeRole role = store.cluster().takeRole("cron", node).orElseThrow();
        store.nodes().beat(node);

        primary.kill();
        standby.promote();
        long promoted = System.nanoTime();
        accepted = new ArrayList<>(accepted);
        accepted.addAll(submit(store, 1));
        Duration resumed = Duration.ofNanos(System.nanoTime() - promoted);
        System.out.println("PostgreSQL " + version.number() + ", synchronous standby promoted: written again after "
                + resumed.toMillis() + " ms");
        assertThat(resumed).isLessThan(MOST_RESUME);

        // The lease may be over by now, but no commit is gone: whoever is alive keeps its number and its claims.
        assertThat(accepted).allMatch(id -> store.tasks().find(id).isPresent());
        assertThat(store.tasks().counts()).containsEntry(TaskState.DONE, 5L).containsEntry(TaskState.RUNNING, 5L);
        await("the report", () -> kinds(store).contains("primary-changed"));
        assertThat(kinds(store)).doesNotContain("commits-lost");
        assertThat(standby.database(database).count("SELECT generation FROM store_identity"))
                .isEqualTo(2);
        // The new holder cannot have an epoch that a lost transaction may have given out.
        assertThat(store.cluster().isHeld(role)).isFalse();

        primary.restart();
        // The old one is found first, and takes itself for the primary.
        PostgresStore another = opened(at(both()).open());
        assertThat(another.tasks().find(accepted.get(50))).isPresent();
        standby.terminateBackends(database.name());
        assertThat(store.tasks().find(accepted.get(50))).isPresent();
        submit(store, 1);
        assertThat(standby.database(database).count("SELECT count(*) FROM task"))
                .isEqualTo(52);

        standby.stop(PostgresServer.StopMode.FAST);
        assertThatThrownBy(() -> store.nodes().beat(store.nodes().join("late")))
                .isInstanceOfSatisfying(StoreException.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(Kind.BUSY);
                    assertThat(failure.getMessage())
                            .contains("it is a stale primary: its timeline is 1", "on timeline 2")
                            .doesNotContain("\n");
                });
    }

    @Test
    void commitsThatAnAsynchronousStandbyDidNotHaveAreMissedAndReported() {
        startPair(Version.V15, false);
        PostgresStore store = opened(at(both()).open());
        long node = store.nodes().join("node");
        submit(store, 3);
        assertThat(store.tasks().claim(ClaimRequest.of(node, 1, TYPES))).hasSize(1);
        store.nodes().beat(node);
        awaitTablesOnStandby();
        await(
                "the standby has it",
                () -> standby.database(database).count("SELECT count(*) FROM task WHERE state = 1") == 1);
        standby.stopFollowing();
        List<TaskId> lost = new ArrayList<>(submit(store, 2));
        // A lane of its own, whose number is lost as well.
        lost.addAll(store.tasks().submit(List.of(TaskRequest.of("of a new type", "p"))));

        long before = database.count("SELECT last_value FROM task_number");
        primary.kill();
        standby.promote();

        // Its number was taken before the new primary was met; from then on they are beyond all that may be lost.
        assertThat(submit(store, 1)).hasSize(1);
        assertThat(lost).noneMatch(id -> store.tasks().find(id).isPresent());
        assertThat(number(submit(store, 1).get(0))).isGreaterThan(before + 16_000 * 1_024L);
        // Everything is given up: the node counts as dead, and joins again.
        assertThat(store.nodes().beat(node)).isEmpty();
        assertThat(store.nodes().deadOwners()).contains(node);
        long again = store.nodes().join("node");
        assertThat(store.nodes().beat(again)).isPresent();
        assertThat(store.nodes().beat(again)).isPresent();
        await("the alarm", () -> kinds(store).contains("commits-lost"));
        assertThat(store.activity().newest(Set.of("commits-lost"), Long.MAX_VALUE, 1))
                .singleElement()
                .satisfies(entry -> assertThat(entry.text())
                        .contains("timeline 2 after 1", "3 are gone and 0 are set back", "LOST"));
        // The type of tasks keeps the number that tasks on their way have.
        TaskId named = store.tasks()
                .submit(List.of(TaskRequest.of("of a new type", "p")))
                .get(0);
        assertThat(store.tasks().claim(ClaimRequest.of(again, 1, Set.of("of a new type"))))
                .singleElement()
                .satisfies(task -> assertThat(task.fencingToken().id()).isEqualTo(named));
    }

    /** It is cut off from its standby, not from the nodes, and does not know. */
    @Test
    void aPrimaryThatLivesOnIsGivenUpOnceItsStandbyHasTakenItsPlace() {
        startPair(Version.V15, false);
        PostgresStore store = opened(at(both()).open());
        submit(store, 1);
        awaitTablesOnStandby();
        await("the standby has it", () -> standby.database(database).count("SELECT count(*) FROM task") == 1);
        standby.stopFollowing();
        submit(store, 1);

        standby.promote();
        await("the new primary is used", () -> {
            try {
                submit(store, 1);
            } catch (StoreException cut) {
                // Its connection was given up during its commit.
                assertThat(cut.kind()).isEqualTo(Kind.OUTCOME_UNKNOWN);
            }
            return standby.database(database).count("SELECT count(*) FROM task") > 1;
        });
        long onOld = database.count("SELECT count(*) FROM task");
        for (int i = 0; i < 20; i++) {
            submit(store, 1);
        }
        assertThat(database.count("SELECT count(*) FROM task")).isEqualTo(onOld);
        await("the alarm", () -> kinds(store).contains("commits-lost"));
    }

    @Test
    @Tag("slow")
    void twoFailoversInARow() {
        startPair(Version.V15, true);
        PostgresStore store = opened(at(both()).open());
        submit(store, 1);
        primary.kill();
        standby.promote();
        submit(store, 1);
        // The same again, from the new primary to a new standby at another address, which the URL cannot name.
        PostgresServer third = opened(standby.standby(true));
        PostgresStore other = opened(at(host(standby) + "," + host(third)).open());
        submit(other, 1);
        standby.kill();
        third.promote();
        submit(other, 1);
        assertThat(third.database(database).count("SELECT generation FROM store_identity"))
                .isEqualTo(3);
        assertThat(third.database(database).count("SELECT count(*) FROM task")).isEqualTo(4);
        await(
                "the report",
                () -> kinds(other).stream().filter("primary-changed"::equals).count() == 2);
    }

    /** Two servers that were never one, and two that were copied from one. */
    @ParameterizedTest
    @EnumSource(Version.class)
    void twoPrimariesOfTheirOwnAreRefused(Version version) throws SQLException {
        PostgresServer one = PostgresServer.shared(Version.V15);
        database = opened(one.createDatabase());
        PostgresServer other = opened(PostgresServer.start(version, Map.of("fsync", "off")));
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://" + host(other) + "/postgres", database.user(), database.password());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + database.name());
        }
        assertThatThrownBy(() -> at(host(one) + "," + host(other)).open())
                .isInstanceOfSatisfying(StoreException.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(Kind.INACCESSIBLE);
                    assertThat(failure.getMessage())
                            .contains("two servers of the URL are primaries of their own", host(one), host(other))
                            .doesNotContain("\n");
                });
        assertThat(database.count("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
                .isZero();
    }

    @Test
    void twoNamesOfOneServerAreNoHarm() {
        PostgresServer one = PostgresServer.shared(Version.V15);
        database = opened(one.createDatabase());
        PostgresStore store =
                opened(at("localhost:" + one.port() + "," + host(one)).open());
        assertThat(submit(store, 1)).hasSize(1);
    }

    /** The address leads somewhere else all of a sudden. */
    @Test
    void anotherStoreBehindTheSameAddressIsRefused() {
        database = opened(PostgresServer.shared(Version.V15).createDatabase());
        PostgresStore store = opened(
                at(host(database.server())).busyTimeout(Duration.ofSeconds(1)).open());
        database.execute("UPDATE store_identity SET id = 'another'");
        database.server().terminateBackends(database.name());
        assertThatThrownBy(() -> submit(store, 1)).isInstanceOfSatisfying(StoreException.class, failure -> {
            assertThat(failure.kind()).isEqualTo(Kind.BUSY);
            assertThat(failure.getMessage())
                    .contains("it has another store (another)")
                    .doesNotContain("\n");
        });
        assertThat(database.count("SELECT count(*) FROM task")).isZero();
    }

    @Test
    void whatTheDataThemselvesShowIsEnough() {
        database = opened(PostgresServer.shared(Version.V15).createDatabase());
        PostgresStore store = opened(at(host(database.server())).open());
        long node = store.nodes().join("node");
        assertThat(store.nodes().beat(node, NodeLoad.NONE)).isPresent();
        assertThat(store.nodes().beat(node, NodeLoad.NONE)).isPresent();
        TaskId id = submit(store, 1).get(0);
        assertThat(store.tasks().claim(ClaimRequest.of(node, 1, TYPES))).hasSize(1);

        // A beat that was kept is gone.
        database.execute("UPDATE node SET beat = 0");
        assertThat(store.nodes().beat(node)).isEmpty();
        await("the alarm", () -> kinds(store).contains("commits-lost"));
        node = store.nodes().join("node");
        assertThat(store.nodes().beat(node)).isPresent();

        // A claim is gone: it would be made again with the same epoch.
        database.execute("UPDATE task SET state = 0, owner = NULL, epoch = 0");
        assertThat(store.tasks().claim(ClaimRequest.of(node, 1, TYPES))).isEmpty();
        assertThat(store.nodes().beat(node)).isEmpty();
        assertThat(store.nodes().deadOwners()).contains(node);
        assertThat(store.tasks().reap(node)).isOne();
        node = store.nodes().join("node");
        assertThat(store.nodes().beat(node)).isPresent();
        assertThat(store.tasks().claim(ClaimRequest.of(node, 1, TYPES)))
                .singleElement()
                .satisfies(task -> {
                    assertThat(task.fencingToken().id()).isEqualTo(id);
                    assertThat(task.fencingToken().epoch()).isEqualTo(2);
                });

        // A restore raises the generation.
        database.execute("UPDATE store_identity SET generation = generation + 1");
        assertThat(store.nodes().beat(node)).isEmpty();
        long after = store.nodes().join("node");
        assertThat(store.nodes().beat(after)).isPresent();

        // Data of a lower generation are not used.
        database.execute("UPDATE store_identity SET generation = generation - 1");
        assertThatThrownBy(() -> store.nodes().beat(after))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        failure -> assertThat(failure.getMessage())
                                .contains("it has generation 1 of the data, and this process has used generation 2"));
        assertThat(database.count("SELECT beat FROM node WHERE incarnation = " + after))
                .isOne();
    }

    @Test
    void dataOfANewerServerAreRefusedAndThoseOfAnotherSystemGetANewGeneration() {
        database = opened(PostgresServer.shared(Version.V15).createDatabase());
        PostgresStoreBuilder builder = at(host(database.server()));
        try (PostgresStore store = builder.open()) {
            submit(store, 1);
        }
        database.execute("UPDATE store_identity SET timeline = 7");
        assertThatThrownBy(builder::open).isInstanceOfSatisfying(StoreException.class, failure -> {
            assertThat(failure.kind()).isEqualTo(Kind.INACCESSIBLE);
            assertThat(failure.getMessage())
                    .contains("its timeline is 1, and the data were written on timeline 7")
                    .doesNotContain("\n");
        });
        long number = database.count("SELECT last_value FROM task_number");
        database.execute("UPDATE store_identity SET system_id = 1");
        try (PostgresStore store = builder.open()) {
            assertThat(number(submit(store, 1).get(0))).isGreaterThan(number + 16_000 * 1_024L);
        }
        try (PostgresStore store = builder.open()) {
            assertThat(submit(store, 1)).hasSize(1);
        }
        assertThat(database.count("SELECT generation FROM store_identity")).isEqualTo(2);
        assertThat(database.count("SELECT timeline FROM store_identity")).isOne();
    }

    @Test
    void anUnreachableServerKeepsNobodyFromThePrimary() {
        database = opened(PostgresServer.shared(Version.V15).createDatabase());
        // Nobody listens at the first port.
        PostgresStore store =
                opened(at("127.0.0.1:1," + host(database.server())).open());
        assertThat(submit(store, 1)).hasSize(1);
        assertThatThrownBy(() -> at("127.0.0.1:1,127.0.0.1:2").open())
                .isInstanceOfSatisfying(StoreException.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(Kind.INACCESSIBLE);
                    assertThat(failure.getMessage())
                            .contains("none of the servers can be written", "127.0.0.1:1", "127.0.0.1:2")
                            .doesNotContain("\n");
                });
    }
}
