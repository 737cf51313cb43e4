package dev.architect.store.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * Keeps prepared statements of one connection for the next query with the same text: SQLite parses and plans a query each time it is
 * prepared, which takes as long as a short one itself. The last ones used are kept; they close with the connection. Belongs to the
 * thread that has the connection.
 */
class KeptStatements extends DefaultStatementBuilder {

    private static final int MOST = 64;

    /** Longer texts name numbers of a page, and hardly come again. */
    private static final int LONGEST = 4_000;

    private final Map<String, PreparedStatement> idle = new LinkedHashMap<>(MOST, 0.75f, true);

    /** The texts that statements in use were prepared with; they are given back under the text with names of parameters. */
    private final Map<Statement, String> inUse = new IdentityHashMap<>();

    @Override
    public PreparedStatement create(Connection connection, String sql, StatementContext context) throws SQLException {
        // Taken out: a query inside of another one may have the same text.
        PreparedStatement kept = idle.remove(sql);
        PreparedStatement statement = kept == null ? super.create(connection, sql, context) : kept;
        if (sql.length() <= LONGEST) {
            inUse.put(statement, sql);
        }
        return statement;
    }

    /** The results were closed before. */
    @Override
    public void close(Connection connection, String named, Statement statement) throws SQLException {
        String sql = inUse.remove(statement);
        if (sql == null
                || !(statement instanceof PreparedStatement prepared)
                || connection.isClosed()
                || idle.containsKey(sql)) {
            super.close(connection, named, statement);
            return;
        }
        try {
            prepared.clearParameters();
        } catch (SQLException failure) {
            super.close(connection, named, statement);
            throw failure;
        }
        idle.put(sql, prepared);
        if (idle.size() > MOST) {
            String oldest = idle.keySet().iterator().next();
            super.close(connection, oldest, idle.remove(oldest));
        }
    }
}
