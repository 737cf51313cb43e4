package dev.architect.store.postgres.connection;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Where a database is and who connects to it: a JDBC URL, whose properties all pass through to the driver, with the user and the password
 * that were named beside it.
 */
public final class PostgresAddress {

    /** What the JDBC URLs of PostgreSQL begin with. */
    public static final String PREFIX = "jdbc:postgresql:";

    /** How long a connection may take to be made; it is tried again as long as the store's busy timeout allows. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** How much longer than the longest statement the driver waits for an answer: the server gives up first. */
    private static final Duration SOCKET_MARGIN = Duration.ofSeconds(5);

    private final String url;
    private final Properties parsed;
    private final Optional<String> user;
    private final Optional<String> password;

    private PostgresAddress(String url, Properties parsed, Optional<String> user, Optional<String> password) {
        this.url = url;
        this.parsed = parsed;
        this.user = user;
        this.password = password;
    }

    public static PostgresAddress of(String url, Optional<String> user, Optional<String> password) {
        Properties parsed = parse(url);
        if (parsed == null) {
            throw new IllegalArgumentException(wrong("url"));
        }
        return new PostgresAddress(url, parsed, user, password);
    }

    /** The direct address beside this one: what its URL does not say about the user is as here. */
    public PostgresAddress direct(String listenUrl) {
        PostgresAddress direct = of(listenUrl, Optional.empty(), Optional.empty());
        return direct.parsed.containsKey(PGProperty.USER.getName())
                ? direct
                : new PostgresAddress(
                        listenUrl, direct.parsed, user.or(this::userOfUrl), password.or(this::passwordOfUrl));
    }

    /** Returns {@code url}, which is one of PostgreSQL. */
    public static String checked(String field, String url) {
        if (parse(url) == null) {
            throw new IllegalArgumentException(wrong(field));
        }
        return url;
    }

    // Without the URL itself, which may hold a password.
    private static String wrong(String field) {
        return field + " is no JDBC URL of PostgreSQL, expected jdbc:postgresql://host:port/database";
    }

    private static @Nullable Properties parse(String url) {
        try {
            return url.startsWith(PREFIX) ? Driver.parseURL(url, null) : null;
        } catch (RuntimeException wrong) {
            return null;
        }
    }

    private Optional<String> userOfUrl() {
        return Optional.ofNullable(PGProperty.USER.getOrDefault(parsed));
    }

    private Optional<String> passwordOfUrl() {
        return Optional.ofNullable(PGProperty.PASSWORD.getOrDefault(parsed));
    }

    /** Host, port, database and user, for messages. */
    public String subject() {
        String[] hosts = parsed.getProperty("PGHOST", "localhost").split(",");
        String[] ports = parsed.getProperty("PGPORT", "5432").split(",");
        StringBuilder where = new StringBuilder();
        for (int i = 0; i < hosts.length; i++) {
            where.append(i == 0 ? "" : ",").append(hosts[i]).append(':').append(ports[Math.min(i, ports.length - 1)]);
        }
        String name = user.or(this::userOfUrl).orElse("the user of this process");
        return "PostgreSQL database " + parsed.getProperty("PGDBNAME", name) + " at " + where + " (user " + name + ")";
    }

    /**
     * Returns a source of new connections.
     *
     * @param longest how long a statement may take
     * @param settings properties of the driver that the URL does not overrule
     */
    public PGSimpleDataSource dataSource(Duration longest, Map<PGProperty, String> settings) {
        Map<PGProperty, String> all = new TreeMap<>(settings);
        all.put(PGProperty.CONNECT_TIMEOUT, seconds(CONNECT_TIMEOUT));
        all.put(PGProperty.SOCKET_TIMEOUT, seconds(longest.plus(SOCKET_MARGIN)));
        all.put(PGProperty.TCP_KEEP_ALIVE, "true");
        all.put(PGProperty.APPLICATION_NAME, "architect");
        // Details may quote a row.
        all.put(PGProperty.LOG_SERVER_ERROR_DETAIL, "false");
        all.put(PGProperty.REWRITE_BATCHED_INSERTS, "true");
        if (parsed.getProperty("PGHOST", "").contains(",")) {
            all.put(PGProperty.TARGET_SERVER_TYPE, "primary");
        }
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(url);
        user.ifPresent(source::setUser);
        password.ifPresent(source::setPassword);
        all.forEach((property, value) -> {
            if (!parsed.containsKey(property.getName())) {
                source.setProperty(property, value);
            }
        });
        return source;
    }

    /** What the URL asks of the server when a connection begins, empty when it asks for nothing. */
    public String options() {
        return Optional.ofNullable(PGProperty.OPTIONS.getOrDefault(parsed)).orElse("");
    }

    /** Replaces the options of the URL. */
    public static void setOptions(PGSimpleDataSource source, String options) {
        source.setProperty(PGProperty.OPTIONS, options);
    }

    private static String seconds(Duration duration) {
        return Long.toString(Math.min(duration.toSeconds() + 1, Integer.MAX_VALUE / 1_000));
    }
}
