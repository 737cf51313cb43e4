package dev.architect.benchmarks.postgres;

import dev.architect.benchmarks.InvalidOptionException;
import dev.architect.benchmarks.postgres.engine.BenchmarkDatabase;
import dev.architect.postgres.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The server under all engines: a fresh cluster of this run, or one that runs already. Its databases are dropped in the end. */
final class BenchmarkServer implements AutoCloseable {

    private static final Map<String, String> SETTINGS = new LinkedHashMap<>();

    static {
        SETTINGS.put("shared_buffers", "512MB");
        SETTINGS.put("max_wal_size", "8GB");
        SETTINGS.put("checkpoint_timeout", "15min");
        // Several processes with a pool each.
        SETTINGS.put("max_connections", "250");
    }

    private final Optional<PostgresServer> own;
    private final BenchmarkDatabase administration;
    private final int majorVersion;
    private final Set<String> databases = new HashSet<>();
    private int made;

    private BenchmarkServer(Optional<PostgresServer> own, BenchmarkDatabase administration) throws SQLException {
        this.own = own;
        this.administration = administration;
        try (Connection connection = administration.connect()) {
            BenchmarkDatabase.requireDurable(connection);
            majorVersion = connection.getMetaData().getDatabaseMajorVersion();
        }
    }

    /** Uses a server that runs; {@code url} names any of its databases and a user that may create others. */
    static BenchmarkServer running(String url) {
        if (!url.startsWith("jdbc:postgresql://")) {
            throw new InvalidOptionException("--server is '" + url
                    + "', expected jdbc:postgresql://HOST:PORT/DATABASE?user=NAME&password=PASSWORD");
        }
        try {
            return new BenchmarkServer(Optional.empty(), new BenchmarkDatabase(url));
        } catch (SQLException unreachable) {
            throw new InvalidOptionException("--server cannot be reached: " + unreachable.getMessage());
        }
    }

    /** Starts a fresh cluster with the settings that tasks of this kind need, locale C, on the disk of the temporary folder. */
    static BenchmarkServer fresh(int version) throws SQLException {
        PostgresServer server = PostgresServer.start(
                version == PostgresServer.Version.V18.number()
                        ? PostgresServer.Version.V18
                        : PostgresServer.Version.V15,
                SETTINGS);
        try {
            String type = Files.getFileStore(server.dataDirectory()).type();
            if (type.equals("tmpfs")) {
                throw new InvalidOptionException("the temporary folder is in memory (" + type
                        + "), expected a disk: name another with -Djava.io.tmpdir in JAVA_TOOL_OPTIONS");
            }
            String database = "postgres";
            return new BenchmarkServer(
                    Optional.of(server),
                    new BenchmarkDatabase("jdbc:postgresql://" + server.host() + ":" + server.port() + "/" + database
                            + "?user=postgres&password=postgres"));
        } catch (IOException failure) {
            server.close();
            throw new UncheckedIOException(failure);
        } catch (RuntimeException | SQLException failure) {
            server.close();
            throw failure;
        }
    }

    /** The settings on which the figures depend, as the server states them. */
    Map<String, Object> settings() throws SQLException {
        return administration.settings();
    }

    /** Makes an empty database. */
    BenchmarkDatabase create() throws SQLException {
        return create("TEMPLATE template0");
    }

    /** Makes a copy of a database that has no connection now. */
    BenchmarkDatabase copy(BenchmarkDatabase original) throws SQLException {
        // Copying the files is many times as fast as logging each page.
        String strategy = majorVersion >= 15 ? " STRATEGY file_copy" : "";
        return create("TEMPLATE " + name(original) + strategy);
    }

    private BenchmarkDatabase create(String options) throws SQLException {
        String name = "architect_benchmark_" + ProcessHandle.current().pid() + "_" + ++made;
        administration.execute("CREATE DATABASE " + name + " " + options);
        databases.add(name);
        return new BenchmarkDatabase(administration.url().replaceFirst("(?<=//[^/]{1,999}/)[^?]*", name));
    }

    private static String name(BenchmarkDatabase database) {
        return database.url().replaceFirst(".*//[^/]*/", "").replaceFirst("\\?.*", "");
    }

    /** Drops a database with whatever is still connected to it. */
    void drop(BenchmarkDatabase database) throws SQLException {
        administration.execute("DROP DATABASE IF EXISTS " + name(database) + " WITH (FORCE)");
        databases.remove(name(database));
    }

    @Override
    public void close() throws SQLException {
        if (own.isPresent()) {
            own.get().close();
            return;
        }
        try (Connection connection = administration.connect();
                Statement statement = connection.createStatement()) {
            for (String each : databases) {
                statement.execute("DROP DATABASE IF EXISTS " + each + " WITH (FORCE)");
            }
        }
    }
}
