package dev.architect.store.jdbi;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * A connection for changes, with its prepared statements and its block of task ids. Used by one thread at a time.
 */
public final class WriteConnection implements AutoCloseable {

    /** How many task ids are allocated in the database at once. */
    private static final int ID_BLOCK_SIZE = 1_024;

    private final Connection connection;
    // Not bounded: the statements are constants of this package, a few dozen at most.
    private final Map<String, PreparedStatement> prepared = new HashMap<>();
    private long nextId;
    private long idBlockEnd;

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

    /** Executes a statement without parameters. */
    public void execute(String sql) throws SQLException {
        prepare(sql).execute();
    }

    /**
     * Forgets what a failed change may have left behind. The roll back may take the block of ids with it, so the next one is
     * allocated anew; and statements that failed are not used again, because drivers close them.
     */
    public void resetAfterFailure() throws SQLException {
        // An empty block, although ids may be left: they may belong to an allocation that was rolled back.
        idBlockEnd = nextId;
        closeStatements();
    }

    /** Returns the next task id. */
    long nextTaskNumber() throws SQLException {
        if (nextId == idBlockEnd) {
            // A block saves an update for each task. What is left of it at the end is never used, which leaves gaps.
            nextId = allocateIds("task", ID_BLOCK_SIZE);
            idBlockEnd = nextId + ID_BLOCK_SIZE;
        }
        return nextId++;
    }

    /** Allocates {@code count} ids of the sequence {@code name} and returns the first. */
    long allocateIds(String name, int count) throws SQLException {
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

    private void closeStatements() throws SQLException {
        for (PreparedStatement statement : prepared.values()) {
            statement.close();
        }
        prepared.clear();
    }
}
