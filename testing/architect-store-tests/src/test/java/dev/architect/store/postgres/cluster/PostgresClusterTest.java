package dev.architect.store.postgres.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.postgres.FaultProxy.CommitFault;
import dev.architect.postgres.PostgresDatabase;
import dev.architect.postgres.PostgresServer;
import dev.architect.postgres.PostgresServer.Version;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The engine on three nodes keeps its promises on a real PostgreSQL whose network, server and nodes fail. */
final class PostgresClusterTest {

    @ParameterizedTest
    @EnumSource(names = "V18")
    @Timeout(180)
    void threeNodesKeepTheirPromisesForTenSeconds(Version version) throws Exception {
        run(version, Duration.ofSeconds(10), Duration.ofSeconds(4));
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    @Tag("slow")
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void threeNodesKeepTheirPromisesForTenMinutes(Version version) throws Exception {
        // Some run for longer than a lease.
        run(version, Duration.ofMinutes(10), Duration.ofSeconds(15));
    }

    @ParameterizedTest
    @EnumSource(names = {"CUT_BEFORE", "CUT_AFTER"})
    void aNodeLeavesAlthoughTheCommitOfThatIsCut(CommitFault fault) throws Exception {
        try (PostgresDatabase database = PostgresServer.shared(Version.V15).createDatabase()) {
            ClusterNode node = ClusterNode.start(new ClusterHistory(), database, "leaving");
            AtomicBoolean isCut = new AtomicBoolean();
            node.network()
                    .commitFaults((number, statements) ->
                            statements.stream().anyMatch(sql -> sql.contains("UPDATE node SET state = 3"))
                                            && !isCut.getAndSet(true)
                                    ? fault
                                    : CommitFault.NONE);

            node.close();

            assertThat(isCut).isTrue();
            assertThat(database.count("SELECT state FROM node")).isEqualTo(3);
        }
    }

    /** What the checker is for: each of these is what a broken store would leave. */
    @Test
    void theCheckFindsWhatABrokenStoreWouldLeave() throws Exception {
        try (Cluster cluster = new Cluster(1, PostgresServer.shared(Version.V15), Duration.ofMillis(100))) {
            assertThat(cluster.run(Duration.ofMillis(300))).isEmpty();
            PostgresDatabase database = cluster.database();
            String some = "(SELECT min(id) FROM task WHERE state = 10)";
            Map<String, String> changes = new LinkedHashMap<>();
            changes.put("UPDATE task SET epoch = epoch + 1 WHERE id = " + some, "has a second end");
            changes.put("UPDATE task SET state = 0 WHERE id = " + some, "it has not ended");
            changes.put("UPDATE task SET state = 11 WHERE id = " + some, "an innocent task is dead");
            changes.put("DELETE FROM task WHERE id = " + some, "an acknowledged task is lost");
            changes.put("DELETE FROM task_attempt WHERE task_id = " + some, "a claim without a record");
            changes.put(
                    "INSERT INTO task_attempt SELECT task_id, epoch + 1, incarnation, started_at, ended_at, outcome, session, error, output, stop_reason"
                            + " FROM task_attempt WHERE task_id = " + some + " AND outcome = 1",
                    "its results");
            changes.put("UPDATE task_attempt SET outcome = 7 WHERE task_id = " + some, "its crashes");
            changes.put(
                    "UPDATE task_attempt SET output = 'another' WHERE outcome = 1 AND task_id = " + some,
                    "the output of another attempt");
            changes.put("UPDATE task_attempt SET output = NULL WHERE task_id = " + some, "done without a result");
            changes.put("UPDATE task_count SET n = n + 1 WHERE state = 10", "counts and rows differ");
            changes.put("UPDATE node SET name = 'another'", "claimed by another node");
            changes.put("UPDATE task_body SET payload = '1'", "a submission was stored twice");
            for (Map.Entry<String, String> change : changes.entrySet()) {
                assertThat(violationsAfter(cluster, database, change.getKey()))
                        .as(change.getKey())
                        .anyMatch(violation -> violation.contains(change.getValue()));
            }
            assertThat(cluster.violations()).isEmpty();
        }
    }

    // The check reads with connections of its own, so the change is committed, and all tables are put back as they
    // were.
    private static List<String> violationsAfter(Cluster cluster, PostgresDatabase database, String change)
            throws SQLException {
        List<String> tables = List.of("task", "task_body", "task_attempt", "task_count", "node", "row_history");
        tables.forEach(table -> database.execute("CREATE TABLE kept_" + table + " AS SELECT * FROM " + table));
        try {
            database.execute(change);
            return cluster.violations();
        } finally {
            database.execute("ALTER TABLE task DISABLE TRIGGER note_row");
            tables.forEach(table -> database.execute("DELETE FROM " + table + "; INSERT INTO " + table
                    + " SELECT * FROM kept_" + table + "; DROP TABLE kept_" + table));
            database.execute("ALTER TABLE task ENABLE TRIGGER note_row");
        }
    }

    private static void run(Version version, Duration faults, Duration longest) throws Exception {
        long seed = Long.getLong("cluster.seed", System.nanoTime());
        System.out.println("cluster on PostgreSQL " + version.number() + ", seed " + seed);
        try (PostgresServer server = PostgresServer.start(version, Map.of("max_connections", "200"));
                Cluster cluster = new Cluster(seed, server, longest)) {
            List<String> violations = cluster.run(faults);
            System.out.println("cluster on PostgreSQL " + version.number() + ": " + cluster.summary());

            assertThat(violations).as("seed %d", seed).isEmpty();
        }
    }
}
