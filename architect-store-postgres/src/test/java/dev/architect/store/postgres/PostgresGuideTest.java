package dev.architect.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.AttemptResult;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.error.StoreException;
import dev.architect.postgres.PostgresDatabase;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs the statements of {@code docs/how-to/operate-a-postgresql-store.md}, so that what operators copy from there works. */
final class PostgresGuideTest extends DatabaseTestCase {

    private static final Path PAGE = Path.of("../docs/how-to/operate-a-postgresql-store.md");
    private static final Pattern SQL = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);

    private static final String SECRET = "one secret";
    private static final String OTHER_SECRET = "another secret";

    private static final Set<String> TYPE = Set.of("work");

    @BeforeEach
    void createRoles() throws IOException {
        // Roles belong to the whole server.
        opened((AutoCloseable) () -> {
            for (String role : List.of("architect_owner", "architect_app", "shop")) {
                database()
                        .execute("DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '" + ofTest(role)
                                + "') THEN DROP OWNED BY " + ofTest(role) + "; DROP ROLE " + ofTest(role)
                                + "; END IF; END $$");
            }
        });
        database().execute("REVOKE ALL ON DATABASE " + database().name() + " FROM PUBLIC");
        database().execute(block("Least rights", 0));
        database()
                .execute("CREATE ROLE " + ofTest("shop") + " LOGIN PASSWORD 'a third'; GRANT CONNECT ON DATABASE "
                        + database().name() + " TO " + ofTest("shop"));
    }

    private String ofTest(String role) {
        return database().name() + "_" + role;
    }

    /** A block of the page, with the names of this test in place of the page's. */
    private String block(String heading, int index) throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf("\n## " + heading + "\n");
        int end = page.indexOf("\n## ", begin + 1);
        List<String> blocks = SQL.matcher(page.substring(begin, end < 0 ? page.length() : end))
                .results()
                .map(block -> block.group(1))
                .toList();
        return blocks.get(index)
                .replaceAll(
                        "\\b(architect_owner|architect_app|shop)\\b", database().name() + "_$1")
                .replaceAll("\\bDATABASE app\\b", "DATABASE " + database().name());
    }

    private PostgresStoreBuilder asOwner() {
        return PostgresStore.builder(database().jdbcUrl())
                .user(ofTest("architect_owner"))
                .password(SECRET)
                .schema("architect");
    }

    private PostgresStoreBuilder asApp() {
        return PostgresStore.builder(database().jdbcUrl())
                .user(ofTest("architect_app"))
                .password(OTHER_SECRET)
                .schema("architect")
                .migrate(false);
    }

    private Connection connect(String role, String password) throws SQLException {
        return opened(DriverManager.getConnection(database().jdbcUrl(), ofTest(role), password));
    }

    private void executeAsOwner(String sql) throws SQLException {
        execute(connect("architect_owner", SECRET), sql);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void migrateAndGrant() throws Exception {
        asOwner().open().close();
        executeAsOwner(block("Least rights", 1));
    }

    private static List<TaskRequest> tasks(int count) {
        return Collections.nCopies(count, TaskRequest.of("work", "p"));
    }

    private static AttemptEnd done(FencingToken token) {
        Instant now = Instant.EPOCH;
        return new AttemptEnd(
                token,
                "s",
                now,
                now,
                AttemptOutcome.SUCCEEDED,
                TaskState.DONE,
                Duration.ZERO,
                AttemptResult.output("done"));
    }

    @Test
    void theNamedRightsAreEnoughToRunAndForNothingElse() throws Exception {
        assertThatThrownBy(() -> asApp().open())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("migrate(false)");
        migrateAndGrant();

        try (PostgresStore store = asApp().open()) {
            // A few by a statement, many by a copy.
            store.tasks().submit(tasks(1));
            store.tasks().submit(tasks(300));
            long node = store.nodes().join("node");
            store.nodes().beat(node);
            List<ClaimedTask> claimed = store.tasks().claim(ClaimRequest.of(node, 301, TYPE));
            assertThat(store.tasks()
                            .finish(claimed.stream()
                                    .map(task -> done(task.fencingToken()))
                                    .toList()))
                    .hasSize(301);
            assertThat(store.ledger().newest(10)).isEmpty();
        }
        Connection app = connect("architect_app", OTHER_SECRET);
        for (String forbidden : List.of(
                "CREATE TABLE architect.other (id int)",
                "DROP TABLE architect.task",
                "TRUNCATE architect.task",
                "ALTER TABLE architect.task ADD COLUMN other int",
                "DELETE FROM architect.architect_migration",
                "CREATE TEMPORARY TABLE other (id int)")) {
            assertThatThrownBy(() -> execute(app, forbidden))
                    .as(forbidden)
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            failure -> assertThat(failure.getSQLState()).isEqualTo("42501"));
        }
    }

    @Test
    void aHostThatOnlySubmitsNeedsLess() throws Exception {
        migrateAndGrant();
        try (PostgresStore store = asApp().open()) {
            Connection shop = connect("shop", "a third");
            shop.setAutoCommit(false);
            assertThatThrownBy(() -> store.submit(shop, tasks(1))).isInstanceOf(SQLException.class);
            shop.rollback();
            executeAsOwner(block("Least rights", 2));

            store.submit(shop, tasks(1));
            store.submit(shop, tasks(300));
            shop.commit();

            assertThat(store.tasks().counts()).containsEntry(TaskState.READY, 301L);
            assertThatThrownBy(() -> execute(shop, "SELECT payload FROM architect.task_body"))
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    void partitionsAreMadeDetachedAndFilledFromTheDefaultOne() throws Exception {
        migrateAndGrant();
        executeAsOwner(block("Ledger by month", 0));
        call("a", "2031-01-31 23:59:59+00");
        call("b", "2031-02-01 00:00:00+00");
        assertThat(calls("ledger_2031_01")).isEqualTo(1);
        assertThat(calls("ledger_default")).isEqualTo(1);

        executeAsOwner(block("Ledger by month", 1));
        executeAsOwner(block("Ledger by month", 2));
        call("c", "2032-05-01 00:00:00+00");

        assertThat(calls("ledger_2031_02")).isEqualTo(1);
        assertThat(calls("ledger_default")).isEqualTo(1);
        assertThat(calls("ledger")).isEqualTo(2);
        executeAsOwner(block("Retention", 0));
        asApp().open().close();
    }

    private long calls(String table) {
        return database().count("SELECT count(*) FROM architect." + table);
    }

    private void call(String id, String at) {
        database()
                .execute("INSERT INTO architect.ledger (epoch, started_at, duration, prompt_tokens, completion_tokens,"
                        + " position, call_id, request_id, project, complexity, provider, model, answered_provider,"
                        + " answered_model, outcome, usage, usage_source, cost_status, baseline_status, catalogue)"
                        + " VALUES (0, extract(epoch FROM timestamptz '" + at + "') * 1000000, 1, 1, 1, 1, '" + id
                        + "', 'r', 'p', 'SIMPLE', 'claude', 'm', 'claude', 'm', 'ANSWERED', '{}', 'REPORTED', 'UNPRICED',"
                        + " 'UNPRICED', 'c')");
    }

    @Test
    void afterARestoreNoNumberAndNoTokenIsGivenOutAgain() throws Exception {
        migrateAndGrant();
        FencingToken late;
        Set<TaskId> lostIds;
        PostgresDatabase database = database();
        try (PostgresStore store = asApp().open()) {
            store.tasks().submit(tasks(1));
            long node = store.nodes().join("node");
            database.execute("CREATE TABLE public.saved_task AS SELECT * FROM architect.task;"
                    + " CREATE TABLE public.saved_number AS SELECT last_value, is_called FROM architect.task_number");
            late = store.tasks().claim(ClaimRequest.of(node, 1, TYPE)).get(0).fencingToken();
            lostIds = new HashSet<>(store.tasks().submit(tasks(2_000)));
        }
        // What a restore to the moment of the copy leaves.
        database.execute("DELETE FROM architect.task; INSERT INTO architect.task SELECT * FROM public.saved_task;"
                + " DELETE FROM architect.task_body WHERE id NOT IN (SELECT id FROM architect.task);"
                + " SELECT setval('architect.task_number', last_value, is_called) FROM public.saved_number");
        executeAsOwner(block("Backups and restore", 0));

        try (PostgresStore store = asApp().open()) {
            // Seen and noted by a role that may do nothing but what the guide grants.
            assertThat(database().count("SELECT timeline FROM architect.store_identity"))
                    .isOne();
            assertThat(database().count("SELECT generation FROM architect.store_identity"))
                    .isEqualTo(2);
            long node = store.nodes().join("node");
            FencingToken token =
                    store.tasks().claim(ClaimRequest.of(node, 1, TYPE)).get(0).fencingToken();
            assertThat(token.id()).isEqualTo(late.id());
            assertThat(token.epoch()).isGreaterThan(late.epoch() + 1_000_000);
            assertThat(store.tasks().submit(tasks(2_000))).doesNotContainAnyElementsOf(lostIds);
            assertThat(store.tasks().finish(List.of(done(late)))).isEmpty();
            assertThat(store.tasks().finish(List.of(done(token)))).hasSize(1);
            assertThat(store.tasks().result(token.id()).flatMap(result -> result.output()))
                    .isEqualTo(Optional.of("done"));
        }
    }

    @Test
    void theQueriesForWatchingHaveAnswers() throws Exception {
        migrateAndGrant();
        try (PostgresStore store = asApp().open()) {
            store.tasks().submit(tasks(3));
            store.nodes().join("node");
            Connection administrator = opened(database().connect());
            // Tables, counts, ages and nodes are there; nobody has kept a transaction open for a minute.
            List<Boolean> hasRows = List.of(true, true, true, true, false);
            for (int i = 0; i < hasRows.size(); i++) {
                try (Statement statement = administrator.createStatement();
                        var rows = statement.executeQuery(block("Watch it", i))) {
                    assertThat(rows.next()).as("query " + i).isEqualTo(hasRows.get(i));
                }
            }
        }
    }
}
