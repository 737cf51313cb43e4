package dev.architect.server.live;

import dev.architect.error.StoreException;
import dev.architect.server.access.LoginSession;
import dev.architect.server.access.Principal;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/**
 * The WebSocket of one open page. At most one snapshot is in flight; those that come meanwhile are skipped, because each one is
 * complete. A page that takes longer than ten seconds for one is disconnected. Safe for use by several threads.
 */
final class LiveSocket {

    /** Close code: the page's login has ended. */
    static final int LOGIN_ENDED = 4401;

    /** Close code: as many pages as may be are open. */
    static final int TOO_MANY_PAGES = 4409;

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** No snapshot is in flight. */
    private static final long IDLE = Long.MIN_VALUE;

    private final Session session;
    private final Principal principal;
    private final TimeSource time;
    private final AtomicLong sentAt = new AtomicLong(IDLE);

    LiveSocket(Session session, Principal principal, TimeSource time) {
        this.session = session;
        this.principal = principal;
        this.time = time;
    }

    /** Closes the connection when its login has ended, on whatever node; asks the store about that once a second. */
    void checkLogin() {
        try {
            principal.login().ifPresent(LoginSession::refresh);
        } catch (StoreException failure) {
            // Pages show that what they have grows old; the next round asks again.
            return;
        }
        if (hasEnded()) {
            close(LOGIN_ENDED, "the login has ended");
        }
    }

    private boolean hasEnded() {
        return principal
                .login()
                .filter(login -> !login.isValid(time.wallTime()))
                .isPresent();
    }

    /** Sends a snapshot, skips it, or closes the connection. */
    void offer(String snapshot) {
        if (hasEnded()) {
            close(LOGIN_ENDED, "the login has ended");
            return;
        }
        long now = time.nanoTime();
        if (sentAt.compareAndSet(IDLE, now)) {
            session.sendText(snapshot, Callback.from(() -> sentAt.set(IDLE), failure -> session.disconnect()));
            return;
        }
        long since = sentAt.get();
        if (since != IDLE && now - since > TIMEOUT.toNanos()) {
            session.disconnect();
        }
    }

    /** The page is visible to its user, which counts as activity of the login. */
    void touch() {
        principal
                .login()
                .filter(login -> login.isValid(time.wallTime()))
                .ifPresent(login -> login.touch(time.wallTime()));
    }

    void close(int code, String reason) {
        close(code, reason, () -> {});
    }

    /** Closes the connection and runs {@code onClosed} when the close frame is sent, or cannot be. */
    void close(int code, String reason, Runnable onClosed) {
        session.close(code, reason, Callback.from(onClosed, failure -> onClosed.run()));
    }
}
