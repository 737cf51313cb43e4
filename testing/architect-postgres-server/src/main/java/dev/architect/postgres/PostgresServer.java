package dev.architect.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server on this machine for tests and benchmarks, reached at 127.0.0.1 with a password.
 *
 * <p>{@link #shared} is for tests that want a database and leave the server alone; {@link #start} is for those that stop, kill or fill it. Where
 * the programs come from, and what happens for root, is described in CONTRIBUTING.md. No server outlives the JVM that started it.
 *
 * <p>Safe for use by several threads; calls that start and stop a server wait for it.
 */
public final class PostgresServer implements AutoCloseable {

    /** The versions that tests can ask for. */
    public enum Version {
        /** PostgreSQL 15. */
        V15(15),
        /** PostgreSQL 18. */
        V18(18);

        private final int number;

        Version(int number) {
            this.number = number;
        }

        /** The major version. */
        public int number() {
            return number;
        }

        /** The environment variable that names a running server (JDBC URL) or an installed one (folder) of this version. */
        public String variable() {
            return "ARCHITECT_TEST_POSTGRES_" + number;
        }
    }

    /** How a server is told to stop. */
    public enum StopMode {
        /** Open transactions are rolled back, and everything is written to disk. */
        FAST("INT"),
        /** Nothing is written any more; the next start recovers from the log. */
        IMMEDIATE("QUIT");

        private final String signal;

        StopMode(String signal) {
            this.signal = signal;
        }
    }

    private static final String USER = "postgres";
    private static final String PASSWORD = "postgres";
    private static final int FIRST_PORT = 20_000;
    private static final int PORTS = 12_000;

    private static final Pattern JDBC_URL =
            Pattern.compile("jdbc:postgresql://(?<host>[^:/?]+)(:(?<port>\\d+))?/[^?]*(\\?(?<parameters>.*))?");

    private static final Map<Version, PostgresServer> SHARED = new EnumMap<>(Version.class);
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private final Version version;
    private final String host;
    private final int port;
    private final String user;
    private final String password;

    /** What this JVM started, or null for a server that the environment names. */
    private final @Nullable ServerDirectory local;

    private PostgresServer(
            Version version, String host, int port, String user, String password, @Nullable ServerDirectory local) {
        this.version = version;
        this.host = host;
        this.port = port;
        this.user = user;
        this.password = password;
        this.local = local;
    }

    /**
     * A new server with a data directory of its own below the temporary folder, durable as PostgreSQL's defaults are.
     *
     * @param settings lines of postgresql.conf, by name
     * @throws IllegalStateException if this version's programs cannot be had or the server does not start; the message says why
     */
    public static PostgresServer start(Version version, Map<String, String> settings) {
        return start(version, settings, 0);
    }

    /**
     * Like {@link #start(Version, Map)}, with a data directory on a file system of its own in memory that holds so many bytes.
     *
     * @param diskBytes the size of that file system; an empty server needs about 50 MB
     * @throws IllegalStateException also if this machine lets the caller mount none
     */
    public static PostgresServer startOnSmallDisk(Version version, Map<String, String> settings, long diskBytes) {
        if (diskBytes <= 0) {
            throw new IllegalArgumentException("diskBytes is " + diskBytes + ", expected more than 0");
        }
        return start(version, settings, diskBytes);
    }

    /**
     * The server of this JVM for tests that only need databases: started at the first call and stopped when the JVM ends, or the one that the
     * environment names. It does not wait for the disk, so it is fast and loses everything when the machine fails.
     *
     * @throws IllegalStateException if none can be had; the message says why and what to do
     */
    public static PostgresServer shared(Version version) {
        synchronized (SHARED) {
            PostgresServer server = SHARED.get(version);
            if (server == null) {
                String named = System.getenv(version.variable());
                server = named != null && named.startsWith("jdbc:")
                        ? running(version, named)
                        : start(version, Map.of("fsync", "off", "full_page_writes", "off", "max_connections", "300"));
                Runtime.getRuntime().addShutdownHook(new Thread(server::close, "postgres-" + version.number()));
                SHARED.put(version, server);
            }
            return server;
        }
    }

    private static PostgresServer start(Version version, Map<String, String> settings, long diskBytes) {
        int port = freePort();
        var all = new LinkedHashMap<String, String>();
        all.put("listen_addresses", "127.0.0.1");
        all.put("port", Integer.toString(port));
        all.put("unix_socket_directories", "");
        all.put("shared_buffers", "64MB");
        all.put("log_line_prefix", "%m [%p] ");
        all.putAll(settings);
        ServerDirectory local =
                ServerDirectory.create(UnprivilegedCommand.find(), version, USER, PASSWORD, all, diskBytes);
        return new PostgresServer(version, "127.0.0.1", port, USER, PASSWORD, local);
    }

    static PostgresServer running(Version version, String url) {
        // The driver's own parser is not for callers; what we read is the documented form.
        Matcher parsed = JDBC_URL.matcher(url);
        if (!parsed.matches()) {
            throw new IllegalStateException(version.variable()
                    + " is no JDBC URL of PostgreSQL, expected jdbc:postgresql://host:port/database?user=…&password=…");
        }
        String parameters = Objects.requireNonNullElse(parsed.group("parameters"), "");
        var server = new PostgresServer(
                version,
                parsed.group("host"),
                Integer.parseInt(Objects.requireNonNullElse(parsed.group("port"), "5432")),
                parameter(parameters, "user", System.getProperty("user.name")),
                parameter(parameters, "password", ""),
                null);
        try (Connection connection = DriverManager.getConnection(url)) {
            int major = connection.getMetaData().getDatabaseMajorVersion();
            if (major != version.number()) {
                throw new IllegalStateException(version.variable() + " names a server of version " + major
                        + ", expected version " + version.number());
            }
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "cannot reach the server that " + version.variable() + " names: " + e.getMessage(), e);
        }
        return server;
    }

    private static String parameter(String parameters, String name, String absent) {
        for (String parameter : parameters.split("&")) {
            if (parameter.startsWith(name + "=")) {
                return URLDecoder.decode(parameter.substring(name.length() + 1), StandardCharsets.UTF_8);
            }
        }
        return absent;
    }

    /** The major version that was asked for. */
    public Version version() {
        return version;
    }

    /** The name or address of the server's host. */
    public String host() {
        return host;
    }

    /** The TCP port, the same after a restart. */
    public int port() {
        return port;
    }

    /** A new empty database, made from template0. */
    public PostgresDatabase createDatabase() {
        String name = "architect_" + ProcessHandle.current().pid() + "_" + COUNTER.incrementAndGet();
        administer("create database " + name + " template template0");
        return new PostgresDatabase(this, name, user, password);
    }

    /** Ends every connection to a database from the server's side, as an administrator or a failover does. */
    public void terminateBackends(String database) {
        administer("select pg_terminate_backend(pid) from pg_stat_activity where datname = '"
                + database.replace("'", "''") + "' and pid <> pg_backend_pid()");
    }

    /** Ends the server's processes with SIGKILL; {@link #restart} recovers it. */
    public void kill() {
        local().kill();
    }

    /** Stops the server and waits for its end; does nothing when it is down. */
    public void stop(StopMode mode) {
        local().stop(mode.signal);
    }

    /** Starts the server again on the same port and data, after stopping it when it runs; waits until it accepts connections. */
    public void restart() {
        local().stop(StopMode.FAST.signal);
        local().launch();
    }

    /**
     * A standby of this server on a port of its own: a copy of its data, which follows it from then on. It takes part in commits when it is
     * synchronous, that is, each commit here waits until it is on the standby's disk.
     *
     * @throws IllegalStateException if it cannot be made, or does not follow within a minute
     */
    public PostgresServer standby(boolean isSynchronous) {
        ServerDirectory own = local();
        int free = freePort();
        String name = "standby_" + free;
        // What a standby has not yet received is kept for it, whatever the checkpoints do.
        administer("alter system set wal_keep_size = '512MB'", "select pg_reload_conf()");
        var settings = new LinkedHashMap<String, String>();
        settings.put("port", Integer.toString(free));
        settings.put(
                "primary_conninfo",
                "host=127.0.0.1 port=" + port + " user=" + user + " password=" + password + " application_name="
                        + name);
        // One that is cut off tries again soon.
        settings.put("wal_retrieve_retry_interval", "200ms");
        ServerDirectory copy = ServerDirectory.standby(own.way(), version, settings, this::copyInto);
        var standby = new PostgresServer(version, "127.0.0.1", free, user, password, copy);
        try {
            awaitFollower(name, "state = 'streaming'");
            if (isSynchronous) {
                administer("alter system set synchronous_standby_names = '" + name + "'", "select pg_reload_conf()");
                awaitFollower(name, "sync_state = 'sync'");
            }
            return standby;
        } catch (RuntimeException failure) {
            standby.close();
            throw failure;
        }
    }

    /** As an online backup: what changes while it is copied is made whole by the log that the standby reads first. */
    private void copyInto(Path empty) throws IOException {
        try (Connection connection = DriverManager.getConnection(jdbcUrl("postgres"), user, password);
                var statement = connection.createStatement()) {
            statement.execute("select pg_backup_start('standby', true)");
            CachedFolder.copyLive(local().data(), empty);
            try (var label = statement.executeQuery("select labelfile from pg_backup_stop(false)")) {
                label.next();
                Files.writeString(empty.resolve("backup_label"), label.getString(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(this + " cannot be copied: " + e.getMessage(), e);
        }
    }

    private void awaitFollower(String name, String condition) {
        await(
                "select count(*) from pg_stat_replication where application_name = '" + name + "' and " + condition,
                "does not have " + name + " as a standby with " + condition);
    }

    private void await(String count, String otherwise) {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        try (Connection connection = DriverManager.getConnection(jdbcUrl("postgres"), user, password);
                var statement = connection.createStatement()) {
            while (System.nanoTime() < end) {
                try (var rows = statement.executeQuery(count)) {
                    if (rows.next() && rows.getLong(1) > 0) {
                        return;
                    }
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(this + " " + otherwise + ": " + e.getMessage(), e);
        }
        throw new IllegalStateException(this + " " + otherwise);
    }

    /** Makes a standby the primary, whatever became of the server that it followed; returns when it can be written. */
    public void promote() {
        administer("select pg_promote(true, 60)");
        await("select count(*) where not pg_is_in_recovery()", "was not promoted");
    }

    /** Makes a standby receive nothing more; what it has, it keeps. */
    public void stopFollowing() {
        administer("alter system set primary_conninfo = ''", "select pg_reload_conf()");
        await("select count(*) where not exists (select 1 from pg_stat_wal_receiver)", "still follows");
    }

    /** Makes a standby follow again after {@link #stopFollowing}. */
    public void follow() {
        administer("alter system reset primary_conninfo", "select pg_reload_conf()");
        await("select count(*) from pg_stat_wal_receiver", "does not follow");
    }

    /** Lets users connect from a network, as {@code 10.1.2.0/24}; the server must listen there. */
    public void allow(String network) {
        try {
            Files.writeString(
                    local().data().resolve("pg_hba.conf"),
                    "host all all " + network + " md5\n",
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the list of those who may connect", e);
        }
        administer("select pg_reload_conf()");
    }

    /** The same database on another server, such as a standby, which has all that this one has. */
    public PostgresDatabase database(PostgresDatabase same) {
        return new PostgresDatabase(this, same.name(), user, password);
    }

    /** Takes all room that is left on the server's small disk, with a file of our own beside the data. */
    public void fillDisk() {
        local().fillDisk();
    }

    /** Gives the room that {@link #fillDisk} took back. */
    public void freeDisk() {
        local().freeDisk();
    }

    /** True while the server's main process lives. */
    public boolean isRunning() {
        return local().isRunning();
    }

    /** The folder of the server's data. */
    public Path dataDirectory() {
        return local().data();
    }

    /** What the server wrote to its log at last, for messages of tests. */
    public String log() {
        return local().log();
    }

    /** Stops the server and deletes its data; a server that the environment names keeps running. */
    @Override
    public void close() {
        if (local != null) {
            local.close();
        }
    }

    @Override
    public String toString() {
        return "PostgreSQL " + version.number() + " at " + host + ":" + port;
    }

    String jdbcUrl(String database) {
        return jdbcUrl(host, port, database);
    }

    static String jdbcUrl(String host, int port, String database) {
        return "jdbc:postgresql://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/" + database;
    }

    void drop(String database) {
        if (local != null && !local.isRunning()) {
            return;
        }
        administer("drop database if exists " + database + " with (force)");
    }

    private void administer(String... statements) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl("postgres"), user, password);
                var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(this + " refused an administrator's statement: " + e.getMessage(), e);
        }
    }

    private ServerDirectory local() {
        if (local == null) {
            throw new IllegalStateException(this + " is named by " + version.variable()
                    + " and not ours to stop: use PostgresServer.start for a server of the test's own");
        }
        return local;
    }

    // Below the ports that systems hand out by themselves, so that a stopped server's port is still free at its
    // restart.
    static int freePort() {
        int first = (int) (ProcessHandle.current().pid() * 37 % PORTS);
        for (int i = 0; i < PORTS; i++) {
            int port = FIRST_PORT + (first + COUNTER.incrementAndGet()) % PORTS;
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // Taken: the next one.
            }
        }
        throw new IllegalStateException(
                "no free TCP port from " + FIRST_PORT + " to " + (FIRST_PORT + PORTS) + " for PostgreSQL");
    }
}
