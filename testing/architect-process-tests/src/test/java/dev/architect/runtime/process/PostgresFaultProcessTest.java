package dev.architect.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.postgres.FaultProxy;
import dev.architect.postgres.FaultProxy.CommitFault;
import dev.architect.postgres.PostgresDatabase;
import dev.architect.postgres.PostgresServer;
import dev.architect.postgres.PostgresServer.StopMode;
import dev.architect.postgres.PostgresServer.Version;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that share a PostgreSQL database, while they, the database and what lies between fail: nothing accepted is lost, recorded twice, or
 * paid for without an entry in the ledger.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class PostgresFaultProcessTest {

    /** The lease, and what it takes to see its end. */
    private static final Duration MOST_CLAIM = Duration.ofSeconds(12);

    private static final Duration SHORT = Duration.ofMillis(40);

    private static PostgresServer server;

    @TempDir
    private Path folder;

    private PostgresDatabase database;

    @BeforeAll
    static void startServer() {
        server = PostgresServer.start(Version.V15, Map.of("max_connections", "200"));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void createDatabase() {
        database = server.createDatabase();
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    private EngineWorld world(Duration effectLatency) throws Exception {
        return new EngineWorld(folder, EngineStore.postgres(database, database.jdbcUrl()), effectLatency);
    }

    @Test
    void aWorkerIsKilledWithFiftyTasksRunning() throws Exception {
        killWorkers(1);
    }

    @Test
    @Tag("slow")
    void tenWorkersAreKilledWithFiftyTasksRunning() throws Exception {
        killWorkers(10);
    }

    private void killWorkers(int kills) throws Exception {
        try (EngineWorld world = world(Duration.ofSeconds(2))) {
            // It may not take all of the tasks before the other one has any.
            EngineHandle other = world.start("slots=64");
            other.awaitReady();
            for (int kill = 0; kill < kills; kill++) {
                EngineHandle killed = world.start("tasks=400");
                killed.awaitRunning(50);
                killed.kill();
                assertThat(killed.taken()).hasSizeGreaterThanOrEqualTo(50);
                other.awaitDrained();
            }
            other.stop();

            EngineFigures figures = world.verified()
                    .print("PostgreSQL, worker kill -9 x " + kills)
                    .assertSound();
            assertThat(figures.claims()).isGreaterThanOrEqualTo(50 * kills);
            assertThat(figures.longestClaim()).isLessThanOrEqualTo(MOST_CLAIM);
        }
    }

    /** At any moment, even in the middle of a transaction that holds locks of rows. */
    @Test
    @Tag("slow")
    void aFrozenWorkerLosesItsTasksAndDoesNoHarmWhenItGoesOn() throws Exception {
        freezeWorkers(1);
    }

    @Test
    @Tag("slow")
    void tenFrozenWorkersLoseTheirTasksAndDoNoHarmWhenTheyGoOn() throws Exception {
        freezeWorkers(10);
    }

    private void freezeWorkers(int freezes) throws Exception {
        try (EngineWorld world = world(Duration.ofMillis(300))) {
            EngineHandle other = world.start();
            other.awaitReady();
            for (int freeze = 0; freeze < freezes; freeze++) {
                EngineHandle frozen = world.start("tasks=300");
                frozen.awaitEnded(20);
                frozen.freeze();
                other.awaitDrained();
                frozen.thaw();
                frozen.awaitDrained();
                other.awaitDrained();
                frozen.stop();
            }
            other.stop();

            EngineFigures figures = world.verified()
                    .print("PostgreSQL, SIGSTOP past the lease, then SIGCONT x " + freezes)
                    .assertSound();
            assertThat(figures.claims()).isPositive();
            assertThat(figures.longestClaim()).isLessThanOrEqualTo(MOST_CLAIM);
        }
    }

    @Test
    void theDatabaseIsKilledAndRestarted() throws Exception {
        killDatabase(2);
    }

    @Test
    @Tag("slow")
    void theDatabaseIsKilledAndRestartedTwentyTimes() throws Exception {
        killDatabase(20);
    }

    private void killDatabase(int kills) throws Exception {
        SplittableRandom random = new SplittableRandom(kills);
        try (EngineWorld world = world(SHORT)) {
            List<EngineHandle> nodes = List.of(world.start("tasks=200"), world.start("tasks=200"));
            for (EngineHandle node : nodes) {
                node.awaitSubmitted();
            }
            for (int kill = 0; kill < kills; kill++) {
                int before = nodes.get(0).ended().size();
                nodes.get(0).submitAgain();
                nodes.get(0).awaitEnded(before + random.nextInt(1, 60));
                switch (kill % 3) {
                    case 0 -> server.kill();
                    case 1 -> server.stop(StopMode.IMMEDIATE);
                    default -> server.stop(StopMode.FAST);
                }
                server.restart();
                nodes.get(0).awaitSubmitted();
            }
            for (EngineHandle node : nodes) {
                node.awaitDrained();
            }
            for (EngineHandle node : nodes) {
                node.stop();
            }

            EngineFigures figures = world.verified()
                    .print("PostgreSQL killed and restarted x " + kills)
                    .assertSound();
            assertThat(figures.attemptsLost).as("attempts lost").isZero();
            assertThat(figures.attemptsFailed).as("attempts that failed").isZero();
        }
    }

    @Test
    void connectionsAreCutInTheMiddleOfCommits() throws Exception {
        cutCommits(100, 10);
    }

    @Test
    @Tag("slow")
    void connectionsAreCutInTheMiddleOfManyCommits() throws Exception {
        cutCommits(2_000, 200);
    }

    private void cutCommits(int tasks, int cuts) throws Exception {
        try (FaultProxy proxy = FaultProxy.to(server);
                EngineWorld world =
                        new EngineWorld(folder, EngineStore.postgres(database, proxy.jdbcUrl(database)), SHORT)) {
            List<EngineHandle> nodes = List.of(world.start("tasks=" + tasks), world.start(), world.start());
            for (EngineHandle node : nodes) {
                node.awaitReady();
            }
            SplittableRandom random = new SplittableRandom(cuts);
            proxy.commitFaults((number, statements) -> {
                synchronized (random) {
                    return switch (random.nextInt(8)) {
                        case 0 -> CommitFault.CUT_BEFORE;
                        case 1 -> CommitFault.CUT_AFTER;
                        default -> CommitFault.NONE;
                    };
                }
            });
            EngineHandle submitter = nodes.get(0);
            submitter.awaitSubmitted();
            while (proxy.cuts() < cuts) {
                submitter.submitAgain();
                submitter.awaitSubmitted();
            }
            proxy.noCommitFaults();
            submitter.awaitDrained();
            for (EngineHandle node : nodes) {
                node.stop();
            }

            EngineFigures figures = world.verified()
                    .print("PostgreSQL, commits cut " + proxy.cuts() + " times")
                    .assertSound();
            assertThat(figures.attemptsFailed).as("attempts that failed").isZero();
        }
    }

    @Test
    @Tag("slow")
    void connectionsAreCutStalledAndRefused() throws Exception {
        try (FaultProxy proxy = FaultProxy.to(server);
                EngineWorld world =
                        new EngineWorld(folder, EngineStore.postgres(database, proxy.jdbcUrl(database)), SHORT)) {
            EngineHandle node = world.start("tasks=200");
            node.awaitEnded(20);
            proxy.cut();
            node.awaitEnded(60);
            server.terminateBackends(database.name());
            node.awaitEnded(100);
            proxy.stall();
            proxy.cut();
            proxy.resume();
            node.awaitEnded(140);
            proxy.refuse();
            node.submitAgain();
            node.awaitRefused(1);
            proxy.accept();
            node.awaitDrained();
            node.stop();

            EngineFigures figures = world.verified()
                    .print("PostgreSQL, connections cut, ended by the server and refused")
                    .assertSound();
            assertThat(figures.attemptsFailed).as("attempts that failed").isZero();
        }
    }

    @Test
    @Tag("slow")
    void theHostNeedsAllConnectionsOfItsPool() throws Exception {
        exhaustPool(1);
    }

    @Test
    @Tag("slow")
    void theHostNeedsAllConnectionsOfItsPoolAgainAndAgain() throws Exception {
        exhaustPool(10);
    }

    private void exhaustPool(int times) throws Exception {
        try (EngineWorld world = world(SHORT)) {
            EngineHandle node = world.start("tasks=200", "pool=6");
            node.awaitEnded(20);
            for (int i = 1; i <= times; i++) {
                node.holdConnections(Duration.ofSeconds(4));
                node.submitAgain();
                assertThat(node.awaitHeld(i)).isPositive();
                node.awaitSubmitted();
            }
            node.awaitDrained();
            node.stop();

            EngineFigures figures = world.verified()
                    .print("PostgreSQL, a pool of six without a connection x " + times)
                    .assertSound();
            assertThat(figures.attemptsFailed).as("attempts that failed").isZero();
        }
    }

    /** The effect happens, the provider is paid, and the database takes neither the end nor the call for a while. */
    @Test
    @Tag("slow")
    void aFullDiskLosesNothingThatWasAcceptedOrPaidFor() throws Exception {
        Map<String, String> settings = Map.of("max_wal_size", "32MB", "min_wal_size", "32MB");
        try (PostgresServer small = PostgresServer.startOnSmallDisk(Version.V15, settings, 160 << 20)) {
            PostgresDatabase crowded = small.createDatabase();
            try (EngineWorld world = new EngineWorld(folder, EngineStore.postgres(crowded, crowded.jdbcUrl()), SHORT)) {
                EngineHandle node = world.start("tasks=200");
                node.awaitEnded(10);
                small.fillDisk();
                while (node.refused().isEmpty()) {
                    node.submitAgain();
                    node.awaitSubmitted();
                }
                small.freeDisk();
                // Without room for its log the server stops, and somebody starts it again.
                small.restart();
                node.awaitDrained();
                node.submitAgain();
                node.awaitDrained();
                node.stop();

                EngineFigures figures =
                        world.verified().print("PostgreSQL, full disk").assertSound();
                assertThat(figures.attemptsFailed).as("attempts that failed").isZero();
                assertThat(figures.estimates).as("calls without an exact entry").isZero();
            }
        }
    }

    /** An operator's maintenance of the largest table: whoever lives keeps the tasks that it runs. */
    @Test
    @Tag("slow")
    void aTableThatIsLockedForLongerThanALeaseEndsNone() throws Exception {
        try (EngineWorld world = world(Duration.ofSeconds(20))) {
            EngineHandle other = world.start("busySeconds=30", "slots=8");
            other.awaitReady();
            EngineHandle node = world.start("tasks=100", "busySeconds=30");
            node.awaitRunning(10);
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("LOCK TABLE task IN ACCESS EXCLUSIVE MODE");
                statement.execute("SELECT pg_sleep(13)");
                connection.commit();
            }
            node.awaitSubmitted();
            node.awaitDrained();
            other.awaitDrained();
            node.stop();
            other.stop();

            EngineFigures figures =
                    world.verified().print("PostgreSQL, tasks locked for 13 s").assertSound();
            assertThat(figures.attemptsLost).as("attempts lost").isZero();
            assertThat(figures.attemptsFailed).as("attempts that failed").isZero();
        }
    }

    /** Back and forth by an hour, beside a node whose clock is right: leases are the database's. */
    @Test
    @Tag("slow")
    void aWallClockThatIsSetByAnHourMovesNoLease() throws Exception {
        try (EngineWorld world = world(SHORT)) {
            EngineHandle right = world.start("tasks=50");
            EngineHandle wrong = world.start("tasks=50");
            for (Duration offset : List.of(Duration.ofHours(1), Duration.ofHours(-1), Duration.ZERO)) {
                wrong.awaitSubmitted();
                right.awaitSubmitted();
                wrong.setClock(offset);
                wrong.submitAgain();
                right.submitAgain();
            }
            wrong.awaitSubmitted();
            right.awaitDrained();
            wrong.stop();
            right.stop();

            EngineFigures figures = world.verified()
                    .print("PostgreSQL, wall clock by an hour, twice")
                    .assertSound();
            assertThat(figures.attemptsLost).as("attempts lost").isZero();
            assertThat(figures.attemptsFailed).as("attempts failed").isZero();
        }
    }
}
