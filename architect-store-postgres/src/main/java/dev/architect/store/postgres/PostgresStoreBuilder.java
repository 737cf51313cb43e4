package dev.architect.store.postgres;

import dev.architect.error.StoreException;
import dev.architect.spi.TimeSource;
import dev.architect.store.postgres.connection.PostgresAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Options of a {@link PostgresStore}. Not safe for use by several threads. */
public final class PostgresStoreBuilder {

    /** Two for this node's membership, two for lists and reports, and one for the engine. */
    static final int LEAST_CONNECTIONS = 5;

    static final int MOST_CONNECTIONS = 500;

    // PostgreSQL cuts longer names.
    private static final int MOST_NAME_BYTES = 63;

    final Optional<DataSource> dataSource;
    final Optional<String> url;
    Optional<String> user = Optional.empty();
    Optional<String> password = Optional.empty();
    Optional<String> schema = Optional.empty();
    Optional<String> listenUrl = Optional.empty();
    Optional<DataSource> listenDataSource = Optional.empty();
    boolean migrates = true;
    int connections = 10;
    Duration busyTimeout = Duration.ofSeconds(30);
    Duration queryLimit = Duration.ofSeconds(30);
    // Null means the clock of the database.
    @Nullable
    TimeSource time;
    // The next two are other values only in tests.
    Duration canaryInterval = Duration.ofSeconds(5);
    Duration leaseTime = Duration.ofSeconds(10);

    PostgresStoreBuilder(Optional<DataSource> dataSource, Optional<String> url) {
        this.dataSource = dataSource;
        this.url = url;
    }

    /** The user to connect as. Default: the one of the JDBC URL. Only for a store that is opened with a URL. */
    public PostgresStoreBuilder user(String name) {
        requireUrl("user");
        user = Optional.of(notBlank("user", name));
        return this;
    }

    /**
     * The password of the user. Default: the one of the JDBC URL, or none. Only for a store that is opened with a URL. It is never part of a
     * message.
     */
    public PostgresStoreBuilder password(String secret) {
        requireUrl("password");
        password = Optional.of(secret);
        return this;
    }

    /**
     * The schema of the store's tables, exactly as it is written here, 1 to 63 bytes. It is created when it does not exist, unless {@link
     * #migrate} is false. Default: the current schema of the connections, often {@code public}.
     */
    public PostgresStoreBuilder schema(String name) {
        int bytes = notBlank("schema", name).getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MOST_NAME_BYTES || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "schema has " + bytes + " bytes, expected 1.." + MOST_NAME_BYTES + " and no zero");
        }
        schema = Optional.of(name);
        return this;
    }

    /**
     * The JDBC URL of the database itself, for when the other one leads to a pooler that gives each transaction another connection, as
     * PgBouncer does in its usual mode: notifications cannot pass through one. The same user and password are used unless this URL has
     * its own. With it, nothing on the other connections outlives a transaction. Default: notifications use the same address.
     */
    public PostgresStoreBuilder listenUrl(String jdbcUrl) {
        listenUrl = Optional.of(PostgresAddress.checked("listenUrl", jdbcUrl));
        listenDataSource = Optional.empty();
        return this;
    }

    /** As {@link #listenUrl}; one connection is taken from {@code direct} for as long as the store is open. */
    public PostgresStoreBuilder listenDataSource(DataSource direct) {
        listenDataSource = Optional.of(direct);
        listenUrl = Optional.empty();
        return this;
    }

    /**
     * Whether opening creates and changes tables. If not, it only checks that the schema is the newest one, so that a role without the
     * right to create tables is enough. Default: true.
     */
    public PostgresStoreBuilder migrate(boolean isWanted) {
        migrates = isWanted;
        return this;
    }

    /**
     * How many connections the store uses at a time, 5 to 500, beside the one that waits for notifications. Lists get a fifth of them and
     * reports a tenth, at least one each, two are for the membership of the node, and the rest is the task engine's. Of a HikariCP pool
     * of the host, at most all but one are used. Default: 10.
     */
    public PostgresStoreBuilder connections(int count) {
        if (count < LEAST_CONNECTIONS || count > MOST_CONNECTIONS) {
            throw new IllegalArgumentException(
                    "connections is " + count + ", expected " + LEAST_CONNECTIONS + ".." + MOST_CONNECTIONS);
        }
        connections = count;
        return this;
    }

    /**
     * How long a call waits for a connection, for a lock of another transaction, or for a database that restarts, before it fails with
     * {@code BUSY}. Default: 30 seconds.
     */
    public PostgresStoreBuilder busyTimeout(Duration duration) {
        busyTimeout = positive("busyTimeout", duration);
        return this;
    }

    /**
     * How long one statement may take before the database ends it and the call fails with {@code BUSY}, more than zero: reports over
     * millions of calls must not keep their connections for ever. Default: 30 seconds.
     */
    public PostgresStoreBuilder queryLimit(Duration duration) {
        queryLimit = positive("queryLimit", duration);
        return this;
    }

    /**
     * The clock for timestamps and due times. Default: the clock of the database, which all nodes share whatever their own clocks show. The
     * database's clock decides in any case which nodes are alive.
     */
    public PostgresStoreBuilder time(TimeSource clock) {
        time = clock;
        return this;
    }

    /** For tests: how often it is looked whether notifications arrive. */
    PostgresStoreBuilder canaryInterval(Duration duration) {
        canaryInterval = positive("canaryInterval", duration);
        return this;
    }

    /** For tests: for how long a beat lets a node keep its tasks. */
    PostgresStoreBuilder leaseTime(Duration duration) {
        leaseTime = positive("leaseTime", duration);
        return this;
    }

    /**
     * Connects, checks the database, brings its tables to the newest schema, and opens the store. When something is wrong, this fails with a
     * message that says what, and nothing has been changed.
     *
     * @throws StoreException {@code INACCESSIBLE} when the server cannot be reached, refuses the user, is older than version 14 or cannot be
     *     used for another reason that the message names; {@code TOO_NEW} and {@code CORRUPT} when its tables are not what this version
     *     of Architect can use
     */
    public PostgresStore open() {
        return new PostgresStore(this);
    }

    private void requireUrl(String field) {
        if (url.isEmpty()) {
            throw new IllegalStateException(
                    field + " was set for a DataSource, which has its own, expected a JDBC URL");
        }
    }

    private static String notBlank(String field, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(field + " is blank, expected a name");
        }
        return value;
    }

    private static Duration positive(String field, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(field + " is " + duration + ", expected more than zero");
        }
        return duration;
    }
}
