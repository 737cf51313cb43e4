package dev.architect.store.postgres.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.store.jdbi.schema.Migrator;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Migrators that keep each other away, in a transaction and outside of one. */
@Timeout(120)
class PostgresMigrationLockTest extends ConnectionTestCase {

    private static final SessionSettings PATIENT =
            SessionSettings.of("fresh", false, true, BUSY_TIMEOUT, Duration.ofSeconds(60));
    private static final SessionSettings IMPATIENT =
            SessionSettings.of("fresh", false, true, Duration.ofMillis(100), Duration.ofSeconds(60));

    private final Connection first = opened(connect());
    private final Connection second = opened(connect());

    private Connection connect() {
        try {
            return database().connect();
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private PostgresMigrationLock lock(SessionSettings settings) {
        return new PostgresMigrationLock(settings, plain(), true);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void onlyOneIsInATransaction() throws Exception {
        PostgresMigrationLock lock = lock(PATIENT);
        lock.begin(first);
        CompletableFuture<Boolean> waiting = async(() -> {
            lock.begin(second);
            return true;
        });
        assertThatThrownBy(() -> lock(IMPATIENT).begin(connect())).isInstanceOf(SQLException.class);
        execute(first, "CREATE TABLE ours (id int)");
        assertThat(waiting).isNotDone();

        lock.commit(first);

        assertThat(waiting.get(60, TimeUnit.SECONDS)).isTrue();
        assertThat(PostgresWritesTest.number(second, "SELECT count(*) FROM ours"))
                .isZero();
        lock.rollBack(second);
        assertThat(database().count("SELECT count(*) FROM fresh.ours")).isZero();
    }

    @Test
    void whatFailsLeavesNoSchemaAndNoTable() throws Exception {
        PostgresMigrationLock lock = lock(PATIENT);
        lock.begin(first);
        execute(first, "CREATE TABLE ours (id int)");
        lock.rollBack(first);

        assertThat(database().count("SELECT count(*) FROM pg_namespace WHERE nspname = 'fresh'"))
                .isZero();
    }

    @Test
    void onlyOneIsOutsideOfATransactionWhereStepsCanBeRecorded() throws Exception {
        PostgresMigrationLock lock = lock(PATIENT);
        lock.begin(first);
        execute(first, "CREATE TABLE ours (id int)");
        lock.commit(first);
        Migrator.Lock.Held held = lock.acquire(first);
        CompletableFuture<Migrator.Lock.Held> waiting = async(() -> lock.acquire(second));
        assertThatThrownBy(() -> lock(IMPATIENT).acquire(connect())).isInstanceOf(SQLException.class);

        // It cannot run in a transaction, waits for transactions that are older, and finds the schema.
        execute(first, "CREATE INDEX CONCURRENTLY ours_id ON ours (id)");
        lock.begin(first);
        lock.commit(first);
        assertThat(waiting).isNotDone();
        String path = SessionSettings.searchPath(first);
        held.close();

        assertThat(path).contains("fresh");
        assertThat(SessionSettings.searchPath(first)).doesNotContain("fresh");
        waiting.get(60, TimeUnit.SECONDS).close();
        lock.acquire(first).close();
    }

    @Test
    void theLockOfAProcessThatDiesIsFree() throws Exception {
        PostgresMigrationLock lock = lock(PATIENT);
        Migrator.Lock.Held lost = lock.acquire(first);
        server().terminateBackends(database().name());

        lock.acquire(opened(connect())).close();
        assertThatThrownBy(lost::close).isInstanceOf(SQLException.class);
    }
}
