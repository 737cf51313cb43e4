package dev.architect.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.ClaimRequest;
import dev.architect.cost.CallCharge;
import dev.architect.cost.CallOrigin;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CallRoute;
import dev.architect.cost.CallTiming;
import dev.architect.cost.Cost;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Metering;
import dev.architect.cost.Money;
import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.postgres.PostgresDatabase;
import dev.architect.project.Attribution;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Nodes of the previous version and of this one on one database, while it is brought to this version's schema. The previous version takes part
 * by its statements, as its server has logged them ({@code statements-of-schema-6.sql}, one on each line).
 */
@Timeout(180)
class PostgresUpgradeTest extends DatabaseTestCase {

    private static final int PREVIOUS = 6;
    private static final Path STEPS =
            Path.of("../adapters/architect-store-jdbi/src/main/resources/dev/architect/store/jdbi/schema/postgres");
    private static final String VERSION = "SELECT max(version) FROM public.architect_migration";
    private static final Set<String> TYPES = Set.of(TaskRequest.PROMPT);

    /** Makes the schema public that of the previous version. */
    private void createPrevious() throws IOException {
        // The records of the steps, with their checksums, are those of a store of this version.
        builder().schema("newest").open().close();
        try (var files = Files.list(STEPS)) {
            for (Path file : files.sorted().limit(PREVIOUS).toList()) {
                database().execute(Files.readString(file));
            }
        }
        database()
                .execute(
                        "CREATE TABLE architect_migration AS SELECT * FROM newest.architect_migration WHERE version <= "
                                + PREVIOUS
                                + "; ALTER TABLE architect_migration ADD PRIMARY KEY (version); CREATE TABLE architect_migration_lock"
                                + " (id integer PRIMARY KEY)");
    }

    private static List<String> statements() throws IOException {
        try (InputStream text = PostgresUpgradeTest.class.getResourceAsStream("statements-of-schema-6.sql")) {
            return new String(Objects.requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("--"))
                    .toList();
        }
    }

    private static String statement(String beginning) throws IOException {
        return statements().stream()
                .filter(line -> line.startsWith(beginning))
                .findFirst()
                .orElseThrow();
    }

    /** Which of the statements the server does not take, with its reason. */
    private static List<String> refused(Connection connection) throws IOException, SQLException {
        List<String> refused = new ArrayList<>();
        for (String sql : statements()) {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                // The server plans it for this.
                statement.getParameterMetaData();
            } catch (SQLException failure) {
                refused.add(sql + ": " + failure.getMessage());
            }
        }
        return refused;
    }

    /** A node of the previous version, as far as a task needs one. */
    private static final class PreviousNode {

        private final PostgresDatabase database;
        private final long incarnation;

        PreviousNode(PostgresDatabase database, long incarnation) throws IOException, SQLException {
            this.database = database;
            this.incarnation = incarnation;
            run(statement("INSERT INTO node ("), 10_000_000L, incarnation, "previous");
        }

        boolean beat() throws IOException, SQLException {
            return run(statement("UPDATE node SET beat = beat + 1"), 10_000_000L, incarnation) == 1;
        }

        int submit(long number, int lane) throws IOException, SQLException {
            TaskId id = TaskId.of(number, 0, 0);
            Long[] ids = {id.value()};
            Integer[] none = {0};
            Long[] zero = {0L};
            String[] text = {"p"};
            String[] absent = {null};
            return run(
                    statement("WITH new AS (INSERT INTO task ("),
                    1L,
                    ids,
                    zero,
                    zero,
                    new Integer[] {lane},
                    new Integer[] {1},
                    none,
                    none,
                    none,
                    new Integer[] {3},
                    1L,
                    ids,
                    new Long[] {600_000_000L},
                    zero,
                    text,
                    absent,
                    absent,
                    absent,
                    new Integer[] {lane},
                    none,
                    new Long[] {1L});
        }

        List<Long> claim(int lane, int limit) throws IOException, SQLException {
            String claim = statements().stream()
                    .filter(line -> line.startsWith("WITH want AS MATERIALIZED")
                            && !line.contains("suspect AS")
                            && line.contains("SKIP LOCKED"))
                    .findFirst()
                    .orElseThrow();
            List<Long> claimed = new ArrayList<>();
            try (Connection connection = database.connect();
                    PreparedStatement statement = connection.prepareStatement(claim)) {
                bind(
                        statement,
                        new Integer[] {lane},
                        new Integer[] {limit},
                        new Long[] {Long.MIN_VALUE},
                        limit,
                        incarnation,
                        1L,
                        incarnation);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        claimed.add(row.getLong("id"));
                    }
                }
            }
            return claimed;
        }

        private int run(String sql, Object... values) throws SQLException {
            try (Connection connection = database.connect();
                    PreparedStatement statement = connection.prepareStatement(sql)) {
                bind(statement, values);
                if (!statement.execute()) {
                    return statement.getUpdateCount();
                }
                try (ResultSet row = statement.getResultSet()) {
                    return row.next() ? 1 : 0;
                }
            }
        }

        private static void bind(PreparedStatement statement, Object... values) throws SQLException {
            for (int i = 0; i < values.length; i++) {
                Object value = values[i];
                if (value instanceof Long[] longs) {
                    statement.setArray(i + 1, statement.getConnection().createArrayOf("bigint", longs));
                } else if (value instanceof Integer[] ints) {
                    statement.setArray(i + 1, statement.getConnection().createArrayOf("int", ints));
                } else if (value instanceof String[] texts) {
                    statement.setArray(i + 1, statement.getConnection().createArrayOf("text", texts));
                } else {
                    statement.setObject(i + 1, value);
                }
            }
        }
    }

    @Test
    void everyStatementOfThePreviousVersionRunsOnBothSchemas() throws Exception {
        createPrevious();
        assertThat(statements()).hasSizeGreaterThan(80);
        try (Connection connection = database().connect()) {
            assertThat(refused(connection)).as("on its own schema").isEmpty();
            new PreviousNode(database(), 5_000_001);
            builder().open().close();
            assertThat(refused(connection)).as("on the schema of this version").isEmpty();
        }
        assertThat(database().count(VERSION)).isGreaterThan(PREVIOUS);
        // What the previous version reads of the new steps when it opens.
        assertThat(database().count("SELECT max(readable_from) FROM architect_migration WHERE version > " + PREVIOUS))
                .isLessThanOrEqualTo(PREVIOUS);
    }

    private static LedgerEntry call(String id) {
        ModelId model = new ModelId("claude", "haiku");
        Cost cost = Cost.priced(new Money(7));
        return new LedgerEntry(
                id,
                new CallOrigin(id, Optional.empty(), 0, Attribution.DEFAULT),
                new CallRoute(Complexity.SIMPLE, 0, model, model),
                new CallTiming(Instant.parse("2026-11-22T10:00:00Z"), Duration.ofMillis(5)),
                CallOutcome.ANSWERED,
                Optional.empty(),
                new Metering(TokenUsage.of(10, 5), UsageSource.REPORTED),
                new CallCharge(cost, Optional.empty(), cost, "2026-11-22"),
                Optional.of(StopReason.COMPLETE));
    }

    @Test
    void callsLeaveOutWhatIsUsualOnceNoNodeOfThePreviousVersionIsLeft() throws Exception {
        createPrevious();
        new PreviousNode(database(), 5_000_001);
        String whole = "SELECT count(*) FROM ledger WHERE outcome = 'ANSWERED' AND usage_source = 'REPORTED'"
                + " AND cost_status = 'PRICED' AND baseline_status = 'PRICED' AND usage = '{\"input\":10,\"output\":5}'"
                + " AND request_id = call_id AND answered_provider = provider AND answered_model = model";
        String compact =
                "SELECT count(*) FROM ledger WHERE outcome IS NULL AND usage_source IS NULL AND cost_status IS NULL"
                        + " AND baseline_status IS NULL AND usage IS NULL AND request_id IS NULL AND answered_provider IS NULL"
                        + " AND answered_model IS NULL";
        String readableFrom = "SELECT max(readable_from) FROM architect_migration WHERE version > " + PREVIOUS;
        try (PostgresStore store = builder().open()) {
            store.ledger().record(List.of(call("first")));
            assertThat(database().count(whole)).isOne();
            assertThat(database().count(readableFrom)).isLessThanOrEqualTo(PREVIOUS);
        }

        // It may have crashed, and come back.
        database().execute("UPDATE node SET state = 2, ended_at = extract(epoch FROM now()) * 1000000");
        builder().open().close();
        assertThat(database().count("SELECT compact FROM ledger_folded")).isZero();

        database().execute("UPDATE node SET state = 3, ended_at = 0");
        PostgresStore store = opened(builder().open());
        store.ledger().record(List.of(call("second")));
        // The same one once more changes nothing, whichever way it is written.
        store.ledger().record(List.of(call("first")));

        assertThat(database().count(compact)).isOne();
        assertThat(database().count(whole)).isOne();
        assertThat(store.ledger().newest(10)).containsExactlyInAnyOrder(call("first"), call("second"));
        // A program of the previous version would not understand them.
        assertThat(database().count(readableFrom)).isGreaterThan(PREVIOUS);
        // A node of this version holds nothing up.
        store.nodes().join("new");
        try (PostgresStore second = builder().open()) {
            second.ledger().record(List.of(call("third")));
            assertThat(database().count(compact)).isEqualTo(2);
        }
    }

    @Test
    void nodesOfBothVersionsShareTheWork() throws Exception {
        createPrevious();
        database()
                .execute("INSERT INTO lane VALUES (nextval('lane_number'), '" + TaskRequest.PROMPT
                        + "'); INSERT INTO task_project VALUES (nextval('project_number'), 'default')");
        PreviousNode old = new PreviousNode(database(), 5_000_001);
        assertThat(old.submit(1, 1)).isOne();
        assertThat(old.claim(1, 1)).hasSize(1);

        PostgresStore store = opened(builder().open());
        long node = store.nodes().join("new");
        assertThat(store.nodes().beat(node)).isPresent();
        assertThat(old.beat())
                .as("the beat of a node that knows nothing of the new columns")
                .isTrue();
        for (int i = 0; i < 20; i++) {
            assertThat(old.submit(1_000_000 + i, 1)).isOne();
            store.tasks().submit(List.of(TaskRequest.prompt("p")));
        }
        Set<Long> claimed = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            assertThat(claimed).doesNotContainAnyElementsOf(old.claim(1, 1)).isNotNull();
            store.tasks()
                    .claim(ClaimRequest.of(node, 1, TYPES))
                    .forEach(task -> assertThat(
                                    claimed.add(task.fencingToken().id().value()))
                            .isTrue());
        }
        assertThat(claimed).hasSize(20);
        assertThat(store.tasks().counts()).containsEntry(TaskState.RUNNING, 41L);
        assertThat(store.nodes().nodes()).hasSize(2);
        // It is judged as every other, and others take its tasks.
        database().execute("UPDATE node SET lease_until = 0 WHERE incarnation = 5000001");
        assertThat(old.beat()).isFalse();
        assertThat(store.nodes().deadOwners()).containsExactly(5_000_001L);
        assertThat(store.tasks().reap(5_000_001L)).isEqualTo(21);
    }

    @Test
    void aMigrationThatFailsHalfWayLeavesThePreviousVersionAtWork() throws Exception {
        createPrevious();
        PreviousNode old = new PreviousNode(database(), 5_000_001);
        // The last statement of the step meets it.
        database().execute("CREATE TYPE store_identity AS ENUM ('x')");
        assertThatThrownBy(() -> builder().open())
                .isInstanceOfSatisfying(
                        StoreException.class,
                        failure -> assertThat(failure.getMessage())
                                .contains("store_identity")
                                .doesNotContain("\n"));
        assertThat(database().count(VERSION)).isEqualTo(PREVIOUS);
        assertThat(database()
                        .count("SELECT count(*) FROM pg_class WHERE relname = 'node_role'"
                                + " AND relnamespace = 'public'::regnamespace"))
                .isZero();
        assertThat(old.beat()).isTrue();
        assertThat(old.submit(1, 1)).isOne();

        database().execute("DROP TYPE store_identity");
        try (PostgresStore store = builder().open()) {
            assertThat(store.tasks().find(TaskId.of(1, 0, 0))).isPresent();
        }
        assertThat(old.beat()).isTrue();
    }

    @Test
    void severalNodesThatMigrateAtOnceAllOpen() throws Exception {
        createPrevious();
        CountDownLatch together = new CountDownLatch(1);
        List<CompletableFuture<PostgresStore>> opening = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            opening.add(CompletableFuture.supplyAsync(() -> {
                try {
                    together.await();
                } catch (InterruptedException stop) {
                    throw new IllegalStateException(stop);
                }
                return builder().connections(5).open();
            }));
        }
        together.countDown();
        for (CompletableFuture<PostgresStore> each : opening) {
            PostgresStore store = opened(each.get(60, TimeUnit.SECONDS));
            assertThat(store.tasks().submit(List.of(TaskRequest.prompt("p")))).hasSize(1);
        }
        assertThat(database().count("SELECT count(*) FROM architect_migration WHERE version > " + PREVIOUS))
                .isEqualTo(database()
                        .count("SELECT count(*) FROM newest.architect_migration WHERE version > " + PREVIOUS));
        assertThat(database().count("SELECT count(*) FROM store_identity")).isOne();
    }

    @Test
    void versionsOutOfRangeAreRefusedWithOneLine() throws Exception {
        createPrevious();
        // This version does not run on the schema of the previous one.
        assertThatThrownBy(() -> builder().migrate(false).open())
                .isInstanceOfSatisfying(StoreException.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(Kind.INACCESSIBLE);
                    assertThat(failure.getMessage())
                            .contains("lacks")
                            .contains("migrate(false)")
                            .doesNotContain("\n");
                });
        PostgresStore running = opened(builder().open());
        try (Connection connection = database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO architect_migration VALUES (100, 'two-versions-later', 'x', 0, 99)");
        }
        assertThatThrownBy(() -> builder().open()).isInstanceOfSatisfying(StoreException.class, failure -> {
            assertThat(failure.kind()).isEqualTo(Kind.TOO_NEW);
            assertThat(failure.getMessage())
                    .contains("has schema 100 (two-versions-later)", "written by a newer version of Architect")
                    .doesNotContain("\n");
        });
        // Whoever runs is not harmed by one that is refused.
        assertThat(running.tasks().submit(List.of(TaskRequest.prompt("p")))).hasSize(1);
    }
}
