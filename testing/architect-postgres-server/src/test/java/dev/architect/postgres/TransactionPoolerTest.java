package dev.architect.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.postgres.PostgresServer.Version;
import dev.architect.postgres.TransactionPooler.PreparedStatements;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

final class TransactionPoolerTest {

    private PostgresDatabase database;

    @BeforeEach
    void open() {
        database = PostgresServer.shared(Version.V15).createDatabase();
        database.execute("create table t (a int)");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void eachTransactionHasAnotherServerConnectionAndKeepsItToItsEnd() throws SQLException {
        try (var pooler = pooler(2, PreparedStatements.TRACKED);
                Connection connection = connect(pooler, "");
                Connection second = connect(pooler, "")) {
            var servers = new HashSet<Integer>();
            for (int i = 0; i < 4; i++) {
                servers.add(backend(connection));
            }
            connection.setAutoCommit(false);
            int one = backend(connection);
            int same = backend(connection);
            connection.rollback();

            assertThat(servers).hasSize(2);
            assertThat(same).isEqualTo(one);
            assertThat(backend(second)).isIn(servers);
        }
    }

    @Test
    void whatASessionSetsIsNotItsOwn() throws SQLException {
        try (var pooler = pooler(1, PreparedStatements.TRACKED);
                Connection connection = connect(pooler, "");
                Connection other = connect(pooler, "")) {
            run(connection, "set search_path to nowhere");

            assertThat(text(other, "show search_path")).isEqualTo("nowhere");
        }
    }

    @Test
    void aListenerIsNotTold() throws SQLException {
        try (var pooler = pooler(2, PreparedStatements.TRACKED);
                Connection first = connect(pooler, "");
                Connection listener = connect(pooler, "")) {
            run(first, "select 1");
            run(listener, "listen work");
            database.execute("notify work");

            assertThat(listener.unwrap(PGConnection.class).getNotifications(200))
                    .isNullOrEmpty();
        }
    }

    @Test
    void trackedStatementsRunOnEveryServerConnection() throws SQLException {
        try (var pooler = pooler(2, PreparedStatements.TRACKED);
                Connection connection = connect(pooler, "?prepareThreshold=1&preparedStatementCacheQueries=2");
                Connection second = connect(pooler, "?prepareThreshold=1")) {
            for (int i = 0; i < 10; i++) {
                for (Connection one : new Connection[] {connection, second}) {
                    try (var insert = one.prepareStatement("insert into t values (?)");
                            var other = one.prepareStatement("select count(*) from t where a <> ? + " + i)) {
                        insert.setInt(1, i);
                        insert.executeUpdate();
                        other.setInt(1, i);
                        other.executeQuery().close();
                    }
                }
            }
        }
        assertThat(database.count("select count(*) from t")).isEqualTo(20);
    }

    @Test
    void untrackedStatementsAreKnownOnOneServerConnectionOnly() throws SQLException {
        try (var pooler = pooler(2, PreparedStatements.UNTRACKED)) {
            try (Connection connection = connect(pooler, "?prepareThreshold=1");
                    Connection second = connect(pooler, "");
                    var insert = connection.prepareStatement("insert into t values (?)")) {
                // Outside a block the driver prepares again by itself.
                connection.setAutoCommit(false);
                insert.setInt(1, 1);
                insert.executeUpdate();
                connection.commit();
                assertThatThrownBy(insert::executeUpdate).hasMessageContaining("does not exist");
                assertThat(second.isValid(1)).isTrue();
            }
            try (Connection connection = connect(pooler, "?prepareThreshold=0");
                    var insert = connection.prepareStatement("insert into t values (?)")) {
                for (int i = 0; i < 10; i++) {
                    insert.setInt(1, 1);
                    insert.executeUpdate();
                }
            }
        }
    }

    @Test
    void copiesRowsIn() throws Exception {
        try (var pooler = pooler(1, PreparedStatements.TRACKED);
                Connection connection = connect(pooler, "")) {
            connection.setAutoCommit(false);
            long rows = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("copy t from stdin", new StringReader("1\n2\n3\n".repeat(10_000)));
            connection.commit();

            assertThat(rows).isEqualTo(30_000);
        }
        assertThat(database.count("select count(*) from t")).isEqualTo(30_000);
    }

    @Test
    void refusesUnknownStartupParametersUnlessToldToIgnoreThem() throws SQLException {
        try (var pooler = pooler(1, PreparedStatements.TRACKED)) {
            assertThatThrownBy(() -> connect(pooler, "?currentSchema=mine"))
                    .hasMessageContaining("unsupported startup parameter: search_path");
        }
        try (var pooler =
                        TransactionPooler.to(database.server(), 1, PreparedStatements.TRACKED, Set.of("search_path"));
                Connection connection = connect(pooler, "?currentSchema=mine")) {
            assertThat(text(connection, "show search_path")).isEqualTo("\"$user\", public");
        }
    }

    @Test
    void aWrongPasswordIsRefusedAndAClientInsideATransactionGivesItsConnectionUp() throws SQLException {
        try (var pooler = pooler(1, PreparedStatements.TRACKED)) {
            assertThatThrownBy(() -> DriverManager.getConnection(pooler.jdbcUrl(database), database.user(), "wrong"))
                    .hasMessageContaining("password");
            Connection leaving = connect(pooler, "");
            leaving.setAutoCommit(false);
            run(leaving, "insert into t values (1)");
            leaving.close();
            try (Connection connection = connect(pooler, "")) {
                assertThat(text(connection, "select count(*) from t")).isEqualTo("0");
            }
        }
    }

    private TransactionPooler pooler(int size, PreparedStatements preparedStatements) {
        return TransactionPooler.to(database.server(), size, preparedStatements, Set.of());
    }

    private Connection connect(TransactionPooler pooler, String parameters) throws SQLException {
        return DriverManager.getConnection(pooler.jdbcUrl(database) + parameters, database.user(), database.password());
    }

    private static int backend(Connection connection) throws SQLException {
        return Integer.parseInt(text(connection, "select pg_backend_pid()"));
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
