package dev.architect.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * One database of a server, and how to reach it. Closing it drops the database and ends the connections to it.
 *
 * @param server the server that made it
 * @param name the database's name
 * @param user a superuser's name
 * @param password that user's password
 */
public record PostgresDatabase(PostgresServer server, String name, String user, String password)
        implements AutoCloseable {

    /** The JDBC URL without user and password. */
    public String jdbcUrl() {
        return server.jdbcUrl(name);
    }

    /** The JDBC URL of the same database through another address, such as that of a proxy. */
    public String jdbcUrl(String host, int port) {
        return PostgresServer.jdbcUrl(host, port, name);
    }

    /**
     * A new connection of the caller's own.
     *
     * @throws SQLException if the server cannot be reached
     */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), user, password);
    }

    /** Runs statements that return nothing, separated by semicolons. */
    public void execute(String sql) {
        try (Connection connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("a statement failed in database " + name + ": " + e.getMessage(), e);
        }
    }

    /** The first column of the first row of a query, as a long; the query must return a row. */
    public long count(String sql) {
        try (Connection connection = connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException("a query failed in database " + name + ": " + e.getMessage(), e);
        }
    }

    /** Drops the database; a server that is down or was stopped is left as it is. */
    @Override
    public void close() {
        server.drop(name);
    }
}
