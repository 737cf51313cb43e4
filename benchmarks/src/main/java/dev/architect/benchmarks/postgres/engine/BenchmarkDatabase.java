package dev.architect.benchmarks.postgres.engine;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.architect.benchmarks.Quantiles;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.postgresql.Driver;

/**
 * One database of the server, made for one run.
 *
 * @param url with the user and, where one is needed, the password as parameters
 */
public record BenchmarkDatabase(String url) {

    /** Connections of each engine that has a pool. */
    static final int POOL = 20;

    private static final int COMMITS = 200;

    /** What makes a commit wait for the disk, and must be on. */
    private static final List<String> DURABLE = List.of("fsync", "full_page_writes", "synchronous_commit");

    private static final List<String> STATED = List.of(
            "server_version",
            "shared_buffers",
            "max_wal_size",
            "checkpoint_timeout",
            "autovacuum",
            "lc_collate",
            "fsync",
            "full_page_writes",
            "synchronous_commit");

    /** Opens a connection that commits each statement. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url);
    }

    /** Opens the pool that the engines of the JVM use, with batches of inserts rewritten to statements of many rows. */
    HikariDataSource pool() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        config.setMaximumPoolSize(POOL);
        config.setMinimumIdle(POOL);
        HikariDataSource pool = new HikariDataSource(config);
        try (Connection connection = pool.getConnection()) {
            requireDurable(connection);
        } catch (SQLException failure) {
            pool.close();
            throw new IllegalStateException("the settings of a pooled connection cannot be read", failure);
        }
        return pool;
    }

    /** The address in the form of libpq, for clients outside the JVM. */
    String libpqUrl() {
        Properties parsed = Driver.parseURL(url, new Properties());
        if (parsed == null) {
            throw new IllegalStateException("the address of the database is no address of PostgreSQL");
        }
        String user = parsed.getProperty("user", System.getProperty("user.name"));
        String password = parsed.getProperty("password");
        String userInfo = password == null ? user : user + ":" + password;
        try {
            return new URI(
                            "postgres",
                            userInfo,
                            parsed.getProperty("PGHOST"),
                            Integer.parseInt(parsed.getProperty("PGPORT")),
                            "/" + parsed.getProperty("PGDBNAME"),
                            null,
                            null)
                    .toString();
        } catch (java.net.URISyntaxException invalid) {
            throw new IllegalStateException("the address of the database has no form for libpq", invalid);
        }
    }

    /** Refuses to measure what does not wait for the disk. */
    public static void requireDurable(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String setting : DURABLE) {
                String value = text(statement, "SHOW " + setting);
                if (!value.equals("on")) {
                    throw new IllegalStateException(setting + " is " + value + ", expected on");
                }
            }
        }
    }

    /** The settings on which the figures depend. */
    public Map<String, Object> settings() throws SQLException {
        Map<String, Object> settings = new LinkedHashMap<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String setting : STATED) {
                settings.put(
                        setting,
                        setting.equals("lc_collate")
                                ? text(
                                        statement,
                                        "SELECT datcollate FROM pg_database WHERE datname = current_database()")
                                : text(statement, "SHOW " + setting));
            }
        }
        return settings;
    }

    /** Executes statements of the driver's own, outside any measured window. */
    public void execute(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    /** Leaves neither dead rows nor dirty pages of what was done before to what is measured next. */
    public void settle() throws SQLException {
        execute("VACUUM ANALYZE", "CHECKPOINT");
    }

    /** How many bytes the server has written to its log so far. */
    public static long walBytes(Statement statement) throws SQLException {
        return number(statement, "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint");
    }

    /** How long a commit that changes one row takes now, in microseconds: the median of some. */
    public double commitMicros() throws SQLException {
        double[] micros = new double[COMMITS];
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE commit_probe (n bigint)");
            statement.execute("INSERT INTO commit_probe VALUES (0)");
            try (PreparedStatement update = connection.prepareStatement("UPDATE commit_probe SET n = n + 1")) {
                for (int i = 0; i < COMMITS; i++) {
                    long before = System.nanoTime();
                    update.executeUpdate();
                    micros[i] = (System.nanoTime() - before) / 1e3;
                }
            }
            statement.execute("DROP TABLE commit_probe");
        }
        return Quantiles.of(micros).median();
    }

    /** Returns the first column of the only row. */
    public static long number(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static String text(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1).toLowerCase(Locale.ROOT);
        }
    }
}
