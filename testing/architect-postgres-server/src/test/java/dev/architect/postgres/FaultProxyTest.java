package dev.architect.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.postgres.FaultProxy.CommitFault;
import dev.architect.postgres.PostgresServer.Version;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FaultProxyTest {

    private PostgresDatabase database;
    private FaultProxy proxy;

    @BeforeEach
    void open() {
        PostgresServer server = PostgresServer.shared(Version.V15);
        database = server.createDatabase();
        database.execute("create table t (a int)");
        proxy = FaultProxy.to(server);
    }

    @AfterEach
    void close() {
        proxy.close();
        database.close();
    }

    @ParameterizedTest
    @CsvSource({"CUT_BEFORE, extended, 0", "CUT_AFTER, extended, 1", "CUT_BEFORE, simple, 0", "CUT_AFTER, simple, 1"})
    void aCutCommitLastsOnlyIfTheServerGotIt(CommitFault fault, String queryMode, int rows) throws SQLException {
        try (Connection connection = connect("?preferQueryMode=" + queryMode);
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            proxy.commitFaults((number, statements) ->
                    statements.stream().anyMatch(sql -> sql.contains("into t")) ? fault : CommitFault.NONE);
            statement.execute("select 1");
            connection.commit();
            statement.execute("insert into t values (1)");

            assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);

            assertThat(connection.isValid(1)).isFalse();
        }
        assertThat(database.count("select count(*) from t")).isEqualTo(rows);
        assertThat(proxy.cuts()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"CUT_BEFORE, 5", "CUT_AFTER, 6"})
    void aStatementOutsideATransactionIsACommitAlsoWhenItIsPrepared(CommitFault fault, int rows) throws SQLException {
        proxy.commitFaults((number, statements) -> number == 6 ? fault : CommitFault.NONE);
        try (Connection connection = connect("?prepareThreshold=2");
                var insert = connection.prepareStatement("with v as (select ?::int) insert into t select * from v")) {
            for (int i = 0; i < 5; i++) {
                insert.setInt(1, i);
                insert.executeUpdate();
            }
            insert.setInt(1, 5);
            assertThatThrownBy(insert::executeUpdate).isInstanceOf(SQLException.class);
        }
        assertThat(database.count("select count(*) from t")).isEqualTo(rows);
    }

    @Test
    void cutsWhatIsOpenAndAcceptsWhatIsNew() throws SQLException {
        try (Connection connection = connect("")) {
            assertThat(proxy.connections()).isEqualTo(1);
            proxy.cut();

            assertThat(connection.isValid(1)).isFalse();
        }
        try (Connection connection = connect("")) {
            assertThat(connection.isValid(1)).isTrue();
        }
    }

    @Test
    void refusesUntilItAccepts() throws SQLException {
        try (Connection connection = connect("")) {
            proxy.refuse();
            assertThat(connection.isValid(1)).isFalse();
        }
        assertThatThrownBy(() -> connect("")).hasMessageContaining("refused");

        proxy.accept();
        try (Connection connection = connect("")) {
            assertThat(connection.isValid(1)).isTrue();
        }
    }

    @Test
    void aStalledConnectionAnswersWhenItIsResumed() throws Exception {
        try (Connection connection = connect("");
                var statement = connection.createStatement()) {
            proxy.stall();
            CompletableFuture<Boolean> answer = CompletableFuture.supplyAsync(() -> {
                try {
                    return statement.execute("insert into t values (1)");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });

            assertThatThrownBy(() -> answer.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            assertThat(database.count("select count(*) from t")).isZero();

            proxy.resume();
            assertThat(answer.get(60, TimeUnit.SECONDS)).isFalse();
            assertThat(database.count("select count(*) from t")).isEqualTo(1);
        }
    }

    private Connection connect(String parameters) throws SQLException {
        return DriverManager.getConnection(proxy.jdbcUrl(database) + parameters, database.user(), database.password());
    }
}
