package dev.architect.store.postgres;

import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import dev.architect.spi.Store.Change;
import dev.architect.spi.Store.ChangeKind;
import dev.architect.spi.Store.ChangeListener;
import dev.architect.spi.Store.Subscription;
import dev.architect.spi.TimeSource;
import dev.architect.store.postgres.connection.PostgresConnections;
import dev.architect.store.postgres.connection.PostgresErrorReader;
import dev.architect.store.postgres.connection.PrimarySource;
import dev.architect.store.postgres.connection.SessionSettings;
import dev.architect.thread.ThreadRunner;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives changes by other processes through {@code LISTEN}, on a connection that is used for nothing else, and sends those made here
 * through {@link ChangeSender}.
 *
 * <p>A connection for notifications can die without a sign, or lead to a pooler that swallows them. Therefore a canary is sent on one of the
 * other connections every five seconds. When two in a row do not arrive, the connection is made anew, and listeners are told that anything
 * may have happened meanwhile.
 *
 * <p>Safe for use by several threads. Listeners are called by one thread of this object.
 */
final class PostgresChanges implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresChanges.class);

    /** How long opening waits for the first canary after it was sent. */
    private static final Duration FIRST_CANARY = Duration.ofSeconds(2);

    /** How long opening waits for the connection and until the first canary is sent. */
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(15);

    private static final int MAX_MISSED = 2;

    /** The longest that one look for notifications blocks, and hence closing. */
    private static final Duration LOOK = Duration.ofMillis(200);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private static final String PREFIX = "architect_";
    // PostgreSQL cuts longer names of channels.
    private static final int MOST_BYTES = 63;
    private static final int HASH_DIGITS = 32;

    private final TimeSource time = TimeSource.system();
    private final DataSource source;
    private final Duration canaryInterval;
    private final PostgresErrorReader failures;
    private final String channel;
    private final long self = time.random(Long.MAX_VALUE - 1) + 1;
    private final ChangeSender sender;
    private final List<ChangeListener> listeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Boolean> firstCanary = new CompletableFuture<>();
    private volatile boolean closed;
    private volatile @Nullable Connection connection;
    // What follows belongs to the listening thread.
    private long lastCanary;
    private long heardCanary;
    private int missed;
    private int failedInARow;

    /**
     * Creates the object; {@link #start} connects.
     *
     * @param source of the connection that listens, which is kept
     * @param connections send
     * @param canaryInterval between two canaries
     */
    PostgresChanges(DataSource source, PostgresConnections connections, Duration canaryInterval) {
        this.source = source;
        this.canaryInterval = canaryInterval;
        this.failures = connections.failures();
        this.channel = channel(connections.settings().schema());
        this.sender = new ChangeSender(connections, channel, self);
    }

    /** One for each schema: stores in different schemas of a database have nothing to tell each other. */
    static String channel(String schema) {
        String plain = PREFIX + schema;
        if (plain.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES) {
            return plain;
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(schema.getBytes(StandardCharsets.UTF_8));
            return PREFIX + HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this Java has no SHA-256, which every Java must have", missing);
        }
    }

    /**
     * Begins to listen, and returns when a notification has come back.
     *
     * @throws StoreException {@code INACCESSIBLE} when none does
     */
    void start(ThreadRunner runner) {
        sender.start(runner);
        runner.startPlatform("listen", this::loop);
        long deadline = time.nanoTime() + CONNECT_LIMIT.toNanos();
        try {
            while (sender.sentCanary() == 0
                    && !sender.isRefused()
                    && !firstCanary.isDone()
                    && time.nanoTime() - deadline < 0) {
                time.sleep(Duration.ofMillis(1));
            }
            if (sender.isRefused()) {
                refused();
            }
            firstCanary.get(FIRST_CANARY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException silent) {
            throw new StoreException(
                    Kind.INACCESSIBLE,
                    failures.subject() + " delivers no notifications (LISTEN): if a pooler is in between, name the"
                            + " database's own address with listenUrl(...) or listenDataSource(...)",
                    silent);
        } catch (ExecutionException failed) {
            throw failures.openFailure(failed.getCause() == null ? failed : failed.getCause());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new StoreException(Kind.BUSY, "interrupted while the store was opened", stop);
        }
    }

    Subscription subscribe(ChangeListener listener) {
        if (closed) {
            throw new StoreException(Kind.CLOSED, "the store is closed, expected open", null);
        }
        // Wrapped, so that each subscription of the same listener ends by itself.
        ChangeListener own = listener::onChange;
        listeners.add(own);
        return () -> listeners.remove(own);
    }

    /** Tells other processes soon that something of these kinds was committed. */
    void changed(Set<ChangeKind> kinds) {
        sender.changed(kinds);
    }

    /** Whether changes reach other processes in another way as well, so that fewer notifications do. */
    void areHinted(boolean areHinted) {
        sender.areHinted(areHinted);
    }

    /** Correctness needs no notification, so the store goes on without. */
    private void refused() {
        if (firstCanary.complete(false)) {
            LOG.warn(
                    "{} has no notifications (LISTEN and NOTIFY) for this user; changes of other processes are noticed"
                            + " when this one looks for them, four times a second",
                    failures.subject());
        }
    }

    private void loop() {
        try {
            while (!closed && !sender.isRefused()) {
                try {
                    listen();
                } catch (SQLException | RuntimeException failure) {
                    // A host's DataSource may throw anything, and the thread must live on.
                    if (PostgresErrorReader.isRefused(failure) && !firstCanary.isDone()) {
                        refused();
                        return;
                    }
                    failed(failure);
                }
                if (!closed && firstCanary.isDone()) {
                    time.sleep(pause());
                }
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration pause() {
        long longest = Math.min(LONGEST_PAUSE.toMillis(), 50L << Math.min(failedInARow, 10));
        return Duration.ofMillis(longest / 2 + time.random(longest / 2));
    }

    private void failed(Exception failure) {
        if (closed) {
            return;
        }
        if (firstCanary.completeExceptionally(failure)) {
            closed = true;
            return;
        }
        if (failedInARow++ == 0) {
            LOG.warn("changes of other processes are not heard of: {}", PostgresErrorReader.firstLine(failure));
        }
    }

    private void listen() throws SQLException {
        try (Connection listening = source.getConnection()) {
            boolean wasAutoCommit = listening.getAutoCommit();
            listening.setAutoCommit(true);
            connection = listening;
            try {
                execute(listening, "LISTEN " + SessionSettings.quoted(channel));
                receive(listening);
            } finally {
                connection = null;
                leave(listening, wasAutoCommit);
            }
        }
    }

    private void receive(Connection listening) throws SQLException {
        PGConnection notifications = listening.unwrap(PGConnection.class);
        if (firstCanary.isDone()) {
            // What happened without a connection that listens is unknown.
            deliver(Change.ANY);
        }
        missed = 0;
        long nextCanary = sendCanary();
        while (!closed && !sender.isRefused() && missed < MAX_MISSED) {
            take(notifications.getNotifications(Math.toIntExact(LOOK.toMillis())));
            if (time.nanoTime() - nextCanary >= 0) {
                missed = heardCanary < lastCanary ? missed + 1 : 0;
                nextCanary = sendCanary();
            }
        }
        if (!closed && missed >= MAX_MISSED) {
            LOG.warn("notifications have stopped; the connection for them is made anew");
            // Nothing is sent on it any more: the other side may never answer.
            listening.abort(Runnable::run);
        }
    }

    /** Returns when the next one is to be sent. */
    private long sendCanary() {
        sender.canary(++lastCanary);
        return time.nanoTime() + canaryInterval.toNanos();
    }

    private void take(PGNotification @Nullable [] notifications) {
        if (notifications == null) {
            return;
        }
        Set<ChangeKind> kinds = EnumSet.noneOf(ChangeKind.class);
        for (PGNotification notification : notifications) {
            ChangeMessage message = ChangeMessage.parse(notification.getParameter());
            if (message.sender() != self) {
                kinds.addAll(message.kinds());
            } else if (message.canary() > 0) {
                heardCanary = message.canary();
                failedInARow = 0;
                firstCanary.complete(true);
            }
        }
        if (!kinds.isEmpty()) {
            deliver(new Change(kinds));
        }
    }

    private void deliver(Change change) {
        for (ChangeListener listener : listeners) {
            try {
                listener.onChange(change);
            } catch (Throwable failure) {
                // The thread must live on, whatever code it was given.
                LOG.warn("a listener of changes failed", failure);
            }
        }
    }

    /** Leaves nothing on a connection of the host. */
    private static void leave(Connection listening, boolean wasAutoCommit) {
        try {
            if (!listening.isClosed()) {
                execute(listening, "UNLISTEN *");
                listening.setAutoCommit(wasAutoCommit);
            }
        } catch (SQLException broken) {
            LOG.debug("the connection for notifications was lost: {}", broken.getMessage());
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Ends the calls of listeners. */
    @Override
    public void close() {
        closed = true;
        Connection listening = connection;
        // One of our own is cut, so that its thread need not look once more.
        if (listening != null && (source instanceof PGSimpleDataSource || source instanceof PrimarySource)) {
            try {
                listening.abort(Runnable::run);
            } catch (SQLException gone) {
                LOG.debug("the connection for notifications was lost: {}", gone.getMessage());
            }
        }
    }
}
