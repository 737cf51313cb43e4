package dev.architect.store.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import dev.architect.spi.TimeSource;
import dev.architect.store.jdbi.schema.Dialect;
import dev.architect.store.jdbi.schema.Migrator;
import dev.architect.store.postgres.connection.ConnectionUse;
import dev.architect.store.postgres.connection.PostgresAddress;
import dev.architect.store.postgres.connection.PostgresConnections;
import dev.architect.store.postgres.connection.PostgresErrorReader;
import dev.architect.store.postgres.connection.PostgresMigrationLock;
import dev.architect.store.postgres.connection.PostgresWrites;
import dev.architect.store.postgres.connection.PrimaryHistory;
import dev.architect.store.postgres.connection.PrimarySource;
import dev.architect.store.postgres.connection.PrimaryWatch;
import dev.architect.store.postgres.connection.SessionSettings;
import dev.architect.thread.ThreadRunner;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a database before the store uses it, through one connection, and brings its schema up to date. Whatever is wrong is found before
 * anything is changed, and reported in one line. Used by one thread, and closed when the store is open.
 */
final class PostgresSetUp implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresSetUp.class);

    private static final int LEAST_VERSION = 140_000;
    private static final int PER_MAJOR = 10_000;

    /** So often the clock is read: the first time is slow. */
    private static final int CLOCK_READINGS = 3;

    /** What is done with each kind of what the migrations create. */
    private static final Map<String, List<String>> RIGHTS = Map.of(
            "TABLE", List.of("SELECT", "INSERT", "UPDATE", "DELETE"),
            "VIEW", List.of("SELECT"),
            "SEQUENCE", List.of("USAGE"));

    /** Tables to which rows are only added: nobody needs the right to change or remove what was done. */
    private static final Set<String> ONLY_ADDED_TO = Set.of("audit");

    private static final List<String> ADDING = List.of("SELECT", "INSERT");

    private static final String MISSING_RIGHTS = "SELECT o.name, o.wanted, c IS NULL AS absent"
            + " FROM unnest(?::text[], ?::text[], ?::text[]) AS o (kind, name, wanted),"
            + " LATERAL to_regclass(quote_ident(?) || '.' || quote_ident(o.name)) AS c"
            + " WHERE c IS NULL OR NOT CASE o.kind WHEN 'SEQUENCE' THEN has_sequence_privilege(c, o.wanted)"
            + " ELSE has_table_privilege(c, o.wanted) END ORDER BY o.name, o.wanted";

    private static final Duration POOL_PATIENCE = Duration.ofSeconds(3);

    private final PostgresStoreBuilder options;
    private final Optional<PostgresAddress> address;
    /** Connections without settings of ours. */
    private final DataSource plain;

    private final Connection connection;
    private final boolean wasAutoCommit;
    private final PostgresErrorReader failures;
    private final SessionSettings settings;
    private final String database;
    private final Migrator migrator;
    private final boolean isSchemaMissing;
    private final PrimaryHistory history;
    private @Nullable PrimaryWatch watch;

    /** What the server says of itself. */
    private record Server(
            int version,
            String versionText,
            String encoding,
            boolean isStandby,
            String database,
            String currentSchema,
            boolean isDurable,
            boolean isSafe) {}

    private PostgresSetUp(
            PostgresStoreBuilder options,
            Optional<PostgresAddress> address,
            DataSource plain,
            Connection connection,
            PrimaryHistory history)
            throws SQLException {
        this.history = history;
        this.options = options;
        this.address = address;
        this.plain = plain;
        this.connection = connection;
        this.wasAutoCommit = connection.getAutoCommit();
        this.failures =
                new PostgresErrorReader(address.isPresent() ? address.get().subject() : subjectOf(connection));
        if (!wasAutoCommit) {
            connection.setAutoCommit(true);
        }
        Server server = server();
        this.database = server.database();
        check(server);
        history.check(connection);
        String schema = options.schema.orElse(server.currentSchema());
        SessionSettings own = SessionSettings.of(
                schema, address.isEmpty(), server.isDurable(), options.busyTimeout, options.queryLimit);
        if (!own.isPerTransaction() && accepts(SessionSettings.CLIENT_CHECK, SessionSettings.CLIENT_CHECK_MILLIS)) {
            own = own.withClientCheck();
        }
        this.settings = isBehindPooler(options) ? own.pooled() : own;
        this.migrator = new Migrator(Dialect.POSTGRES, failures.subject() + ", schema '" + schema + "',");
        this.isSchemaMissing = !exists(schema);
        checkSchema(schema);
    }

    /** A direct address was named, so the other one may give every transaction another connection. */
    private static boolean isBehindPooler(PostgresStoreBuilder options) {
        return options.listenUrl.isPresent() || options.listenDataSource.isPresent();
    }

    /** Connects, and checks everything that can be checked without a change. */
    static PostgresSetUp begin(PostgresStoreBuilder options) {
        Optional<PostgresAddress> address =
                options.url.map(url -> PostgresAddress.of(url, options.user, options.password));
        PostgresErrorReader failures =
                new PostgresErrorReader(address.map(PostgresAddress::subject).orElse("PostgreSQL of the DataSource"));
        PrimaryHistory history = new PrimaryHistory(failures.subject());
        DataSource plain = address.map(known -> known.primary(options.queryLimit, plain(options), history, each -> {}))
                .or(() -> options.dataSource)
                .orElseThrow();
        Connection connection;
        try {
            connection = plain.getConnection();
        } catch (SQLException failure) {
            throw failures.openFailure(failure);
        }
        try {
            return new PostgresSetUp(options, address, plain, connection, history);
        } catch (SQLException failure) {
            closeBecauseOf(failure, connection);
            throw failures.openFailure(failure);
        } catch (Throwable failure) {
            closeBecauseOf(failure, connection);
            throw failure;
        }
    }

    private static Map<PGProperty, String> plain(PostgresStoreBuilder options) {
        // Statements that are prepared on one connection of a pooler are unknown on the next one.
        return isBehindPooler(options) ? Map.of(PGProperty.PREPARE_THRESHOLD, "0") : Map.of();
    }

    private static String subjectOf(Connection connection) throws SQLException {
        String url = connection.getMetaData().getURL();
        return PostgresAddress.of(
                        url == null ? "" : url,
                        Optional.ofNullable(connection.getMetaData().getUserName()),
                        Optional.empty())
                .subject();
    }

    private static void closeBecauseOf(Throwable failure, Connection connection) {
        try {
            connection.close();
        } catch (SQLException another) {
            failure.addSuppressed(another);
        }
    }

    PostgresErrorReader failures() {
        return failures;
    }

    PrimaryHistory history() {
        return history;
    }

    /** From now on the data take part in judging servers; the schema is there. */
    void begin(PrimaryHistory.Data data) {
        try {
            history.begin(connection, data);
        } catch (SQLException failure) {
            throw failures.openFailure(failure);
        }
    }

    SessionSettings settings() {
        return settings;
    }

    String database() {
        return database;
    }

    private Server server() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_setting('server_version_num')::int,"
                        + " current_setting('server_version'), current_setting('server_encoding'), pg_is_in_recovery(),"
                        + " current_database(), coalesce(current_schema(), ''), current_setting('synchronous_commit') <> 'off',"
                        + " current_setting('fsync') = 'on'")) {
            if (!row.next()) {
                throw new SQLException("the server does not say its version");
            }
            return new Server(
                    row.getInt(1),
                    row.getString(2),
                    row.getString(3),
                    row.getBoolean(4),
                    row.getString(5),
                    row.getString(6),
                    row.getBoolean(7),
                    row.getBoolean(8));
        }
    }

    private void check(Server server) {
        if (server.version() < LEAST_VERSION) {
            throw refusal(
                    "has version " + server.versionText() + ", expected " + LEAST_VERSION / PER_MAJOR + " or later");
        }
        if (!server.encoding().equals("UTF8")) {
            throw refusal("has encoding " + server.encoding() + ", expected UTF8");
        }
        if (server.isStandby()) {
            throw refusal("is a standby, which cannot be written, expected the primary");
        }
        if (options.schema.isEmpty() && server.currentSchema().isEmpty()) {
            throw refusal("has no current schema: none in the search path exists; name one with schema(...)");
        }
        if (!server.isSafe()) {
            LOG.warn(
                    "{} runs with fsync off: when its machine fails, tasks that were accepted are lost",
                    failures.subject());
        }
    }

    private StoreException refusal(String what) {
        return new StoreException(Kind.INACCESSIBLE, failures.subject() + " " + what, null);
    }

    /** Whether the server can have a setting, which depends on its operating system. */
    private boolean accepts(String setting, String value) throws SQLException {
        try (PreparedStatement set = connection.prepareStatement("SELECT set_config(?, ?, true)")) {
            set.setString(1, setting);
            set.setString(2, value);
            set.execute();
            return true;
        } catch (SQLException failure) {
            if (failures.isConnectionLost(failure)) {
                throw failure;
            }
            LOG.debug("{} does not take {}: {}", failures.subject(), setting, failure.getMessage());
            return false;
        }
    }

    private boolean exists(String schema) throws SQLException {
        return holds("SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = ?)", schema);
    }

    private void checkSchema(String schema) throws SQLException {
        if (isSchemaMissing) {
            if (!options.migrates) {
                throw refusal("has no schema '" + schema + "', and migrate(false) creates none");
            }
            if (!holds("SELECT has_database_privilege(current_database(), ?)", "CREATE")) {
                throw refusal("has no schema '" + schema + "', and the user has no right to create one");
            }
            return;
        }
        if (!holds("SELECT has_schema_privilege(?, 'USAGE')", schema)) {
            throw refusal("does not let the user use schema '" + schema + "': GRANT USAGE ON SCHEMA "
                    + settings.quotedSchema() + " is needed");
        }
        int missing = missingSteps(schema);
        if (missing > 0 && !options.migrates) {
            throw refusal("has a schema '" + schema + "' that lacks " + missing
                    + " steps of the newest one, and migrate(false) applies none");
        }
        if (missing > 0 && !holds("SELECT has_schema_privilege(?, 'CREATE')", schema)) {
            throw refusal("does not let the user create tables in schema '" + schema + "': GRANT CREATE ON SCHEMA "
                    + settings.quotedSchema() + " is needed, or a role that has it opens the store first");
        }
    }

    /** Returns how many steps are missing, all when there is none of our tables. */
    private int missingSteps(String schema) throws SQLException {
        if (holds("SELECT to_regclass(?) IS NOT NULL", settings.quotedSchema() + ".architect_migration")) {
            if (!holds("SELECT has_table_privilege(?, 'SELECT')", settings.quotedSchema() + ".architect_migration")) {
                checkRights();
            }
            return inSchema(() -> migrator.missingSteps(connection));
        }
        Set<String> tables = migrator.created("TABLE");
        try (PreparedStatement find = connection.prepareStatement(
                "SELECT tablename FROM pg_tables WHERE schemaname = ? AND tablename = ANY (?) ORDER BY tablename")) {
            find.setString(1, schema);
            find.setArray(2, connection.createArrayOf("text", tables.toArray()));
            try (ResultSet row = find.executeQuery()) {
                if (row.next()) {
                    throw refusal("has a table '" + row.getString(1) + "' of another application in schema '" + schema
                            + "'; choose another one with schema(...)");
                }
            }
        }
        return migrator.steps();
    }

    private interface Query<T> {
        T run() throws SQLException;
    }

    private <T> T inSchema(Query<T> query) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN");
            try {
                SessionSettings.setSearchPath(connection, settings.searchPath(), true);
                return query.run();
            } finally {
                statement.execute("ROLLBACK");
            }
        }
    }

    private boolean holds(String sql, String parameter) throws SQLException {
        try (PreparedStatement question = connection.prepareStatement(sql)) {
            question.setString(1, parameter);
            try (ResultSet row = question.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** Opens the connections of the store; durable commits are read back on one of them. */
    PostgresConnections openConnections(ThreadRunner runner) {
        PostgresConnections connections = address.isPresent() ? openPool(address.get(), runner) : ofHost();
        try {
            checkDurable(connections);
            return connections;
        } catch (Throwable failure) {
            try {
                connections.close();
            } catch (Exception another) {
                failure.addSuppressed(another);
            }
            throw failure;
        }
    }

    private PostgresConnections openPool(PostgresAddress own, ThreadRunner runner) {
        DataSource source = own.primary(options.queryLimit, plain(options), history, each -> {
            if (!settings.isPerTransaction()) {
                each.setCurrentSchema(settings.quotedSchema());
                each.setOptions(settings.options(own.options()));
            }
        });
        HikariConfig config = new HikariConfig();
        config.setPoolName("architect");
        config.setDataSource(source);
        config.setMaximumPoolSize(options.connections);
        // Each is a process of the server: those beyond a few are opened when they are needed, and closed when they
        // rest.
        config.setMinimumIdle(PostgresStoreBuilder.LEAST_CONNECTIONS);
        config.setConnectionTimeout(POOL_PATIENCE.toMillis());
        config.setValidationTimeout(POOL_PATIENCE.toMillis());
        config.setThreadFactory(runner.factory("pool"));
        try {
            HikariDataSource pool = new HikariDataSource(config);
            PostgresConnections connections = new PostgresConnections(
                    pool, pool, settings, failures, history, options.busyTimeout, options.connections);
            if (source instanceof PrimarySource several) {
                watch = new PrimaryWatch(several, history, connections);
            }
            return connections;
        } catch (RuntimeException failure) {
            throw PostgresErrorReader.isParameterRefused(failure)
                    ? refusal("refuses settings of a connection (" + PostgresErrorReader.firstLine(failure)
                            + "): if it is a pooler, name the database's own address with listenUrl(...)")
                    : failures.openFailure(failure);
        }
    }

    /** What looks at the other servers of the URL, for once the connections are open. */
    Optional<PrimaryWatch> watch() {
        return Optional.ofNullable(watch);
    }

    private PostgresConnections ofHost() {
        int count = options.connections;
        if (plain instanceof HikariDataSource pool) {
            int free = pool.getMaximumPoolSize() - (isBehindPooler(options) ? 0 : 1);
            if (free < PostgresStoreBuilder.LEAST_CONNECTIONS) {
                throw refusal("is reached through a pool of " + pool.getMaximumPoolSize() + " connections, expected "
                        + (PostgresStoreBuilder.LEAST_CONNECTIONS + 1) + " or more");
            }
            count = Math.min(count, free);
        }
        return new PostgresConnections(plain, () -> {}, settings, failures, history, options.busyTimeout, count);
    }

    private void checkDurable(PostgresConnections connections) {
        String mode = new PostgresWrites(connections, ConnectionUse.NODE, PostgresStore.DIALECT).write(sql -> {
            try (ResultSet row = sql.prepare("SHOW synchronous_commit").executeQuery()) {
                return row.next() ? row.getString(1) : "";
            }
        });
        if (mode.equals("off")) {
            throw refusal("has synchronous_commit off although it was set, expected on: accepted tasks could be lost");
        }
    }

    /** Where the connection for notifications comes from, which is kept for as long as the store is open. */
    DataSource listenSource() {
        if (options.listenDataSource.isPresent()) {
            return options.listenDataSource.get();
        }
        if (address.isPresent()) {
            PostgresAddress direct =
                    options.listenUrl.map(address.get()::direct).orElse(address.get());
            return direct.primary(options.queryLimit, Map.of(), history, each -> {});
        }
        return options.listenUrl
                .map(url -> PostgresAddress.of(url, Optional.empty(), Optional.empty())
                        .primary(options.queryLimit, Map.of(), history, each -> {}))
                .orElse(plain);
    }

    /** Takes readings of the database's clock, and warns when it is away from this machine's. */
    void readClock(StoreClock clock) {
        try (PreparedStatement now = connection.prepareStatement("SELECT " + PostgresNodeStore.NOW)) {
            for (int i = 0; i < CLOCK_READINGS; i++) {
                long begun = clock.begin();
                try (ResultSet row = now.executeQuery()) {
                    if (row.next()) {
                        clock.read(begun, row.getLong(1));
                    }
                }
            }
        } catch (SQLException failure) {
            throw failures.openFailure(failure);
        }
        clock.compareWithLocal(failures.subject());
    }

    /** Applies what is missing, and checks that the user may use every table. */
    void migrate() {
        try {
            if (isSchemaMissing || missingSteps(settings.schema()) > 0) {
                int limit = connection.getNetworkTimeout();
                // A step over many rows takes its time.
                connection.setNetworkTimeout(Runnable::run, 0);
                try {
                    migrator.migrate(
                            connection,
                            new PostgresMigrationLock(settings, plain, isSchemaMissing),
                            TimeSource.system().wallTime());
                } finally {
                    // The connection may be the host's.
                    connection.setNetworkTimeout(Runnable::run, limit);
                }
            }
            checkRights();
        } catch (SQLException failure) {
            throw failures.openFailure(failure);
        }
    }

    private void checkRights() throws SQLException {
        List<String[]> needed = new ArrayList<>();
        // Who does not migrate only reads it.
        needed.add(new String[] {"TABLE", "architect_migration", "SELECT"});
        RIGHTS.forEach((kind, rights) -> migrator.created(kind)
                .forEach(name -> (ONLY_ADDED_TO.contains(name) ? ADDING : rights)
                        .forEach(right -> needed.add(new String[] {kind, name, right}))));
        Map<String, List<String>> missing = new TreeMap<>();
        try (PreparedStatement find = connection.prepareStatement(MISSING_RIGHTS)) {
            for (int column = 0; column < 3; column++) {
                int each = column;
                find.setArray(
                        column + 1,
                        connection.createArrayOf(
                                "text", needed.stream().map(row -> row[each]).toArray()));
            }
            find.setString(4, settings.schema());
            try (ResultSet row = find.executeQuery()) {
                while (row.next()) {
                    if (row.getBoolean("absent")) {
                        throw new StoreException(
                                Kind.CORRUPT,
                                failures.subject() + " lacks '" + row.getString("name") + "' in schema '"
                                        + settings.schema() + "', expected it",
                                null);
                    }
                    missing.computeIfAbsent(row.getString("name"), name -> new ArrayList<>())
                            .add(row.getString("wanted"));
                }
            }
        }
        if (!missing.isEmpty()) {
            throw refusal("does not let the user use what is in schema '" + settings.schema() + "'; missing rights: "
                    + missing);
        }
    }

    @Override
    public void close() throws SQLException {
        try (connection) {
            if (connection.getAutoCommit() != wasAutoCommit) {
                connection.setAutoCommit(wasAutoCommit);
            }
        }
    }
}
