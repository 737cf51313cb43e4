package dev.architect.store.jdbi;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** A connection for changes, with its prepared statements. Used by one thread at a time. */
public final class WriteConnection implements AutoCloseable {

    /** The most ids of one statement; databases bound its parameters. */
    public static final int MAX_IDS = 512;

    private final Connection connection;
    // Not bounded: the statements are constants of this package, a few dozen at most.
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    /** Wraps a connection, and closes it in the end. */
    public WriteConnection(Connection connection) {
        this.connection = connection;
    }

    /** Returns the statement for {@code sql}, which stays open; its parameters are to be set again. */
    public PreparedStatement prepare(String sql) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        return statement;
    }

    /**
     * Returns a statement whose only parameters are {@code ids}, at least one and at most {@link #MAX_IDS}.
     *
     * @param sql makes the statement for a number of parameters
     */
    public PreparedStatement prepareForIds(IntFunction<String> sql, List<Long> ids) throws SQLException {
        // A power of two, so that a few prepared statements serve every number of ids.
        int parameters = Integer.highestOneBit(Math.max(1, ids.size() - 1)) * (ids.size() > 1 ? 2 : 1);
        PreparedStatement statement = prepare(sql.apply(parameters));
        for (int i = 0; i < parameters; i++) {
            // The rest repeats the last id, which changes nothing.
            statement.setLong(i + 1, ids.get(Math.min(i, ids.size() - 1)));
        }
        return statement;
    }

    /** Executes a statement without parameters. */
    public void execute(String sql) throws SQLException {
        prepare(sql).execute();
    }

    /** Allocates {@code count} ids of the sequence {@code name} and returns the first. */
    public long allocateIds(String name, int count) throws SQLException {
        PreparedStatement take = prepare("UPDATE id_block SET next = next + ? WHERE name = ? RETURNING next");
        take.setInt(1, count);
        take.setString(2, name);
        try (var row = take.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("id_block has no row '" + name + "', expected one");
            }
            // The row already holds the next free number, so the block begins that many before it.
            return row.getLong(1) - count;
        }
    }

    /** Closes the statements and the connection. */
    @Override
    public void close() throws SQLException {
        closeStatements();
        connection.close();
    }

    /** Closes the statements, and leaves the connection open. After a failed change as well: drivers close statements that failed. */
    public void closeStatements() throws SQLException {
        for (PreparedStatement statement : prepared.values()) {
            statement.close();
        }
        prepared.clear();
    }
}
