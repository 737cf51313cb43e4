package dev.architect.store.jdbi.schema;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The lock of a database that only one migrator has. */
public class ImmediateLock implements Migrator.Lock {

    @Override
    public void begin(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
        }
    }

    @Override
    public Held acquire(Connection connection) {
        return () -> {};
    }
}
