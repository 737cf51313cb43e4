package dev.architect.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Statements of a real connection that are prepared once. */
class KeptStatementsTest {

    private static final String DOUBLED = "SELECT 2 * :n";

    private final List<PreparedStatement> made = new ArrayList<>();
    private final KeptStatements kept = new KeptStatements() {
        @Override
        public PreparedStatement create(Connection connection, String sql, StatementContext context)
                throws SQLException {
            PreparedStatement statement = super.create(connection, sql, context);
            made.add(statement);
            return statement;
        }
    };
    private Handle handle;

    @BeforeEach
    void open() throws Exception {
        Jdbi jdbi = Jdbi.create(DriverManager.getConnection("jdbc:sqlite::memory:"));
        jdbi.setStatementBuilderFactory(connection -> kept);
        handle = jdbi.open();
    }

    @AfterEach
    void close() throws Exception {
        handle.getConnection().close();
    }

    private int doubled(int n) {
        return handle.createQuery(DOUBLED).bind("n", n).mapTo(Integer.class).one();
    }

    @Test
    void theSameTextIsPreparedOnceAndKeepsNoValue() {
        assertThat(doubled(1)).isEqualTo(2);
        assertThat(doubled(4)).isEqualTo(8);

        assertThat(made).hasSize(2);
        assertThat(made.get(1)).isSameAs(made.get(0));
        assertThatThrownBy(
                        () -> handle.createQuery(DOUBLED).mapTo(Integer.class).one())
                .isInstanceOf(JdbiException.class);
        assertThat(doubled(5)).isEqualTo(10);
    }

    @Test
    void aQueryInsideOfAnotherOneHasAStatementOfItsOwn() {
        List<Integer> all = handle.createQuery("SELECT 2 * value FROM json_each('[1,2]') WHERE value <> :n")
                .bind("n", 9)
                .map((row, context) -> row.getInt(1)
                        + handle.createQuery("SELECT 2 * value FROM json_each('[1,2]') WHERE value <> :n")
                                .bind("n", 2)
                                .mapTo(Integer.class)
                                .one())
                .list();

        assertThat(all).containsExactly(4, 6);
        assertThat(made.get(1)).isNotSameAs(made.get(0));
    }

    @Test
    void aQueryThatFailsLeavesAStatementThatWorks() {
        String text = "SELECT abs(:n)";
        assertThatThrownBy(() -> handle.createQuery(text)
                        .bind("n", Long.MIN_VALUE)
                        .mapTo(Long.class)
                        .one())
                .isInstanceOf(JdbiException.class);

        assertThat(handle.createQuery(text).bind("n", -3).mapTo(Long.class).one())
                .isEqualTo(3);
    }

    @Test
    void keepsTheLastOnesAndNoLongTexts() throws Exception {
        for (int i = 0; i < 100; i++) {
            handle.createQuery("SELECT " + i).mapTo(Integer.class).one();
        }
        handle.createQuery("SELECT 1 -- " + "x".repeat(4_000))
                .mapTo(Integer.class)
                .one();

        List<Boolean> closed = new ArrayList<>();
        for (PreparedStatement statement : made) {
            closed.add(statement.isClosed());
        }
        assertThat(closed.subList(0, 36)).containsOnly(true);
        assertThat(closed.subList(36, 100)).containsOnly(false);
        assertThat(closed.get(100)).isTrue();
    }
}
