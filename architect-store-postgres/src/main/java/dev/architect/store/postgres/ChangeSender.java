package dev.architect.store.postgres;

import dev.architect.spi.Store.ChangeKind;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.store.postgres.connection.BorrowedConnection;
import dev.architect.store.postgres.connection.ConnectionUse;
import dev.architect.store.postgres.connection.PostgresConnections;
import dev.architect.store.postgres.connection.PostgresErrorReader;
import dev.architect.thread.ThreadRunner;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells other processes of changes after they were committed, by {@code NOTIFY}: the first at once, then at most one every five milliseconds,
 * or every hundred where hints of a cluster are faster anyway, with all that has happened since. Never in the transaction of the change, because commits with notifications wait for each other
 * in the whole database. What cannot be sent is forgotten; a node that misses it polls.
 *
 * <p>A thread of its own sends. The other methods never block and are safe for use by several threads.
 */
final class ChangeSender {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeSender.class);

    private static final Duration PAUSE = Duration.ofMillis(5);

    private static final Duration HINTED_PAUSE = Duration.ofMillis(100);

    private static final Duration IDLE = Duration.ofMinutes(1);

    // Nothing is to be kept on disk, so no commit waits for the disk.
    private static final String NOTIFY = "SELECT set_config('synchronous_commit', 'off', true), pg_notify(?, ?)";

    private final TimeSource time = TimeSource.system();
    private final WakeUp wakeUp = time.newWakeUp();
    private final PostgresConnections connections;
    private final String channel;
    private final long sender;
    private volatile boolean areHinted;
    // What follows is guarded by this object.
    private final Set<ChangeKind> pending = EnumSet.noneOf(ChangeKind.class);
    private long pendingCanary;
    private long sentCanary;
    private boolean hasFailed;
    private boolean isRefused;

    ChangeSender(PostgresConnections connections, String channel, long sender) {
        this.connections = connections;
        this.channel = channel;
        this.sender = sender;
    }

    void start(ThreadRunner runner) {
        runner.startPlatform("notify", this::loop);
    }

    /** Something of these kinds was committed. */
    void changed(Set<ChangeKind> kinds) {
        synchronized (this) {
            pending.addAll(kinds);
        }
        wakeUp.signal();
    }

    void areHinted(boolean hinted) {
        areHinted = hinted;
    }

    /** Asks for a canary. */
    void canary(long number) {
        synchronized (this) {
            pendingCanary = number;
        }
        wakeUp.signal();
    }

    /** The last canary that was sent. */
    synchronized long sentCanary() {
        return sentCanary;
    }

    /** Whether the server has refused to send any: it has no notifications, or the user may not use them. */
    synchronized boolean isRefused() {
        return isRefused;
    }

    private void loop() {
        try {
            while (!connections.isClosed()) {
                if (wakeUp.await(IDLE)) {
                    sendPending();
                    time.sleep(areHinted ? HINTED_PAUSE : PAUSE);
                }
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void sendPending() {
        Set<ChangeKind> kinds;
        long canary;
        synchronized (this) {
            kinds = EnumSet.copyOf(pending);
            pending.clear();
            canary = pendingCanary;
            pendingCanary = 0;
        }
        if (!kinds.isEmpty()) {
            send(ChangeMessage.change(sender, kinds));
        }
        if (canary > 0 && send(ChangeMessage.canary(sender, canary))) {
            synchronized (this) {
                sentCanary = canary;
            }
        }
    }

    private boolean send(ChangeMessage message) {
        long deadline = time.nanoTime() + connections.limit(ConnectionUse.NODE).toNanos();
        try (BorrowedConnection borrowed = connections.borrow(ConnectionUse.NODE, deadline)) {
            borrowed.commitEachStatement();
            try (PreparedStatement notify = borrowed.connection().prepareStatement(NOTIFY)) {
                notify.setString(1, channel);
                notify.setString(2, message.text());
                notify.execute();
            } catch (SQLException failure) {
                if (connections.failures().isConnectionLost(failure)
                        || connections.failures().isStalePlan(failure)) {
                    borrowed.abort();
                }
                throw failure;
            }
            hasFailed = false;
            return true;
        } catch (SQLException | RuntimeException failure) {
            // Once for each time in which none can be sent.
            if (!hasFailed && !connections.isClosed()) {
                LOG.warn("other processes are not told of changes: {}", PostgresErrorReader.firstLine(failure));
            }
            hasFailed = true;
            if (PostgresErrorReader.isRefused(failure)) {
                synchronized (this) {
                    isRefused = true;
                }
            }
            return false;
        }
    }
}
