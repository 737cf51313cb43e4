package dev.architect.server.live;

import dev.architect.server.access.Principal;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/**
 * One open page. At most one snapshot is on its way to it; those that come meanwhile are left out, for a later one says it
 * all. A page that takes longer than ten seconds for one is dropped. Safe for use by several threads.
 */
final class LiveSocket {

    /** The page's login has ended; the page asks for a new one. */
    static final int LOGIN_ENDED = 4401;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** No snapshot is on its way. */
    private static final long IDLE = Long.MIN_VALUE;

    private final Session session;
    private final Principal caller;
    private final TimeSource time;
    private final AtomicLong sentAt = new AtomicLong(IDLE);

    LiveSocket(Session session, Principal caller, TimeSource time) {
        this.session = session;
        this.caller = caller;
        this.time = time;
    }

    /** Sends a snapshot, leaves it out, or ends the page's connection. */
    void offer(String snapshot) {
        if (caller.login().filter(login -> !login.isValid(time.wallTime())).isPresent()) {
            close(LOGIN_ENDED, "the login has ended");
            return;
        }
        long now = time.nanoTime();
        if (sentAt.compareAndSet(IDLE, now)) {
            session.sendText(snapshot, Callback.from(() -> sentAt.set(IDLE), failure -> session.disconnect()));
            return;
        }
        long since = sentAt.get();
        if (since != IDLE && now - since > PATIENCE.toNanos()) {
            session.disconnect();
        }
    }

    /** The page says that somebody looks at it, which keeps its login from growing idle. */
    void seen() {
        caller.login().filter(login -> login.isValid(time.wallTime())).ifPresent(login -> login.seen(time.wallTime()));
    }

    void close(int code, String reason) {
        close(code, reason, () -> {});
    }

    /** Ends the connection and runs {@code told} when the page has been told, or cannot be. */
    void close(int code, String reason, Runnable told) {
        session.close(code, reason, Callback.from(told, failure -> told.run()));
    }
}
