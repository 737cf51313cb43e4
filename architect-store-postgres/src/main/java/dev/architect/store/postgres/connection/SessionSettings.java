package dev.architect.store.postgres.connection;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What holds for every transaction of the store: its schema, durable commits, limits on how long anything may take, and plans that do not
 * depend on how the server is configured.
 *
 * <p>Connections of our own begin with these settings. On those of a host, and behind a pooler that gives each transaction another connection,
 * they are set for one transaction at a time and end with it, so that nothing is left for others.
 */
public final class SessionSettings {

    /** A transaction of a process that was suspended gives its rows back by the time its lease ends. */
    private static final Duration IDLE_LIMIT = Duration.ofSeconds(10);

    /** The setting for how often a server looks whether its client is still there; not every operating system can. */
    public static final String CLIENT_CHECK = "client_connection_check_interval";

    /** Its value. */
    public static final String CLIENT_CHECK_MILLIS = "1000";

    private static final String DURABLE = "synchronous_commit";
    private static final String LOCK_TIMEOUT = "lock_timeout";

    /**
     * For lists and reports. Their rows are in memory or on a disk without arms: by the server's default, which is 4, planners read all texts that a
     * common beginning of a word is in, where they could look up the few items that have a label. And how many rows a word or a label has differs a
     * thousandfold, so that a plan for any of them suits few.
     */
    private static final String LOOK_UPS =
            "SET LOCAL random_page_cost = 1.1; SET LOCAL plan_cache_mode = force_custom_plan";

    private final String schema;
    private final boolean isPerTransaction;
    private final boolean isPooled;
    private final Map<String, String> ofConnection;
    private final Map<String, String> common;
    private final String configure;

    private SessionSettings(
            String schema,
            boolean isPerTransaction,
            boolean isPooled,
            Map<String, String> ofConnection,
            Map<String, String> common) {
        this.schema = schema;
        this.isPerTransaction = isPerTransaction;
        this.isPooled = isPooled;
        this.ofConnection = ofConnection;
        this.common = common;
        this.configure = configure(common, schema);
    }

    /**
     * The settings of a store.
     *
     * @param schema where its tables are
     * @param isPerTransaction whether nothing may be set for longer than a transaction
     * @param isDurable whether connections wait for the disk without being told to
     */
    public static SessionSettings of(
            String schema, boolean isPerTransaction, boolean isDurable, Duration busyTimeout, Duration queryLimit) {
        Map<String, String> common = new LinkedHashMap<>();
        common.put("statement_timeout", millis(queryLimit));
        common.put(LOCK_TIMEOUT, millis(busyTimeout.compareTo(queryLimit) < 0 ? busyTimeout : queryLimit));
        common.put("idle_in_transaction_session_timeout", millis(IDLE_LIMIT));
        // Compiling costs more than any of our statements takes.
        common.put("jit", "off");
        common.put("plan_cache_mode", "auto");
        Map<String, String> ofConnection = new LinkedHashMap<>(common);
        ofConnection.put("default_transaction_isolation", "read committed");
        ofConnection.put("default_transaction_read_only", "off");
        // A cut connection gives its locks back after about five seconds; by default the server keeps them for hours.
        ofConnection.put("tcp_keepalives_idle", "2");
        ofConnection.put("tcp_keepalives_interval", "1");
        ofConnection.put("tcp_keepalives_count", "3");
        ofConnection.put("tcp_user_timeout", "5000");
        if (!isDurable) {
            ofConnection.put(DURABLE, "on");
        }
        return new SessionSettings(schema, isPerTransaction, false, ofConnection, common);
    }

    /** The same, and a server that works for a client looks every second whether it is still there. */
    public SessionSettings withClientCheck() {
        Map<String, String> more = new LinkedHashMap<>(ofConnection);
        more.put(CLIENT_CHECK, CLIENT_CHECK_MILLIS);
        return new SessionSettings(schema, isPerTransaction, isPooled, more, common);
    }

    /** The same for connections through a pooler, which may give each transaction another one. */
    public SessionSettings pooled() {
        return new SessionSettings(schema, true, true, ofConnection, common);
    }

    /** Whether statements that are prepared on the server may be unknown to the next transaction. */
    boolean isPooled() {
        return isPooled;
    }

    public String schema() {
        return schema;
    }

    /** The schema as an identifier in statements. */
    public String quotedSchema() {
        return quoted(schema);
    }

    /** Whether nothing may be set for longer than a transaction. */
    public boolean isPerTransaction() {
        return isPerTransaction;
    }

    /** The option with which connections of our own begin, after what the host asks for. */
    public String options(String before) {
        String ours = ofConnection.entrySet().stream()
                .map(setting ->
                        "-c " + setting.getKey() + "=" + setting.getValue().replace(" ", "\\ "))
                .collect(Collectors.joining(" "));
        return before.isBlank() ? ours : before + " " + ours;
    }

    /** Prepares a transaction for changes, before its first statement. */
    public void beginWrite(Connection connection) throws SQLException {
        if (isPerTransaction) {
            execute(connection, "SET TRANSACTION ISOLATION LEVEL READ COMMITTED READ WRITE; " + configure);
        }
    }

    /** Prepares a transaction for reading, in which all statements see the same rows. */
    public void beginRead(Connection connection) throws SQLException {
        execute(
                connection,
                "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; "
                        + (isPerTransaction ? configure + "; " : "") + LOOK_UPS);
    }

    /** Prepares a transaction that changes tables: it may take as long as it does, except for a lock. */
    public void beginMigration(Connection connection) throws SQLException {
        execute(
                connection,
                configure + "; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0");
    }

    /** How long a statement waits for a lock. */
    public Duration lockTimeout() {
        return Duration.ofMillis(Long.parseLong(Objects.requireNonNull(common.get(LOCK_TIMEOUT))));
    }

    /** The search path as a value. */
    public String searchPath() {
        // Temporary tables last: those of a host may have the names of ours.
        return quoted(schema) + ", pg_temp";
    }

    public static String searchPath(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_setting('search_path')")) {
            return row.next() ? row.getString(1) : "";
        }
    }

    /** Sets the search path, of the transaction alone if {@code isLocal}. */
    public static void setSearchPath(Connection connection, String path, boolean isLocal) throws SQLException {
        execute(connection, "SELECT set_config('search_path', " + literal(path) + ", " + isLocal + ")");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String configure(Map<String, String> common, String schema) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("search_path", quoted(schema) + ", pg_temp");
        all.putAll(common);
        return "SELECT "
                + all.entrySet().stream()
                        .map(setting ->
                                "set_config('" + setting.getKey() + "', " + literal(setting.getValue()) + ", true)")
                        .collect(Collectors.joining(", "))
                // What waits for more than the disk stays as it is.
                + ", CASE current_setting('" + DURABLE + "') WHEN 'off' THEN set_config('" + DURABLE
                + "', 'on', true) END";
    }

    public static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    public static String literal(String value) {
        // Also where backslashes are escapes, which is no longer the default.
        return value.indexOf('\\') < 0
                ? "'" + value.replace("'", "''") + "'"
                : "E'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    private static String millis(Duration duration) {
        return Long.toString(Math.max(1, Math.min(duration.toMillis(), Integer.MAX_VALUE)));
    }
}
