package dev.architect.store.jdbi;

import dev.architect.change.ChangeTopic;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A connection for changes, with its prepared statements. Used by one thread at a time. */
public final class WriteConnection implements AutoCloseable {

    /** The most ids of one statement; databases bound its parameters. */
    public static final int MAX_IDS = 512;

    private final Connection connection;
    private final SqlDialect dialect;
    // Not bounded: the statements are constants of this package, a few dozen at most.
    private final Map<String, PreparedStatement> prepared = new HashMap<>();
    private final ChangeNotes changes = new ChangeNotes();

    /** Wraps a connection to a database of {@code dialect}, and closes it in the end. */
    public WriteConnection(Connection connection, SqlDialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    /** How the database differs from others. */
    public SqlDialect dialect() {
        return dialect;
    }

    /** The connection itself, for what its driver offers beside statements. */
    public Connection connection() {
        return connection;
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
     * Returns a statement that ends with the condition that {@code id} is one of {@code ids}, with all of them bound.
     *
     * @param select ends before that condition and has no other parameters
     * @param ids at least one and at most {@link #MAX_IDS}
     */
    public PreparedStatement prepareForIds(String select, List<Long> ids) throws SQLException {
        PreparedStatement statement = prepare(select + " id " + dialect.isOneOf(ids.size()));
        dialect.bindIds(statement, 1, ids);
        return statement;
    }

    /** Notes that the transaction has changed a thing, for the log of changes. */
    public void changed(ChangeTopic topic, String key) {
        changes.add(topic, key);
    }

    /** Notes that the transaction has changed a thing whose key is a number. */
    public void changed(ChangeTopic topic, long key) {
        changes.add(topic, Long.toString(key));
    }

    /** What the transaction has changed, as far as it is not written to the log. */
    public ChangeNotes changes() {
        return changes;
    }

    /** Writes what the transaction has changed to the log; the last change of each transaction. */
    public void logChanges() throws SQLException {
        if (!changes.isEmpty()) {
            dialect.logChanges(this, changes.take());
        }
    }

    /** Executes a statement without parameters. */
    public void execute(String sql) throws SQLException {
        prepare(sql).execute();
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
