package dev.architect.server.live;

import dev.architect.change.ChangePosition;
import dev.architect.server.access.LoginSession;
import dev.architect.server.access.Principal;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One client: what it follows and what it has not taken yet. While messages are on their way, changes wait and coalesce; a client that takes
 * nothing for ten seconds is cut. Used by one thread at a time, but for ends of messages.
 */
final class LiveConnection {

    /** Close code: the login or token of the client has ended. */
    static final int LOGIN_ENDED = 4401;

    /** Close code: the client takes its messages too slowly. */
    static final int TOO_SLOW = 4408;

    /** Close code: as many clients as may be are connected. */
    static final int TOO_MANY = 4409;

    /** The most changes that wait for a client; with more it gets a snapshot. */
    static final int MAX_WAITING = 2_000;

    /** The most topics of a client. */
    static final int MAX_TOPICS = 20;

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Between two messages of a page that nobody looks at. */
    private static final Duration HIDDEN = Duration.ofSeconds(1);

    private final LiveSink sink;
    private final TimeSource time;
    private final Map<LiveSubscription, LiveTopicState> subscriptions = new LinkedHashMap<>();
    private final List<LiveMessage> waiting = new ArrayList<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private Principal principal;
    private long sentAt;
    private volatile boolean closed;
    private boolean isHidden;

    LiveConnection(LiveSink sink, Principal principal, TimeSource time) {
        this.sink = sink;
        this.principal = principal;
        this.time = time;
        this.sentAt = time.nanoTime();
    }

    Principal principal() {
        return principal;
    }

    /** The same caller, with what it may do now. */
    void principal(Principal now) {
        principal = now;
    }

    Map<LiveSubscription, LiveTopicState> subscriptions() {
        return subscriptions;
    }

    boolean isClosed() {
        return closed;
    }

    /** Somebody looks at the page, or at another one; the first counts as activity of the login. */
    void seen(boolean hidden) {
        isHidden = hidden;
        if (!hidden) {
            principal.login().filter(login -> login.isValid(time.wallTime())).ifPresent(this::touch);
        }
    }

    private void touch(LoginSession login) {
        login.touch(time.wallTime());
    }

    /** Adds a message in front of all that is not drained yet. */
    void tell(LiveMessage message) {
        waiting.add(message);
    }

    /** Whether {@link #drain} would do anything. */
    boolean isDue(Duration heartbeat) {
        long passed = time.nanoTime() - sentAt;
        if (inFlight.get() > 0) {
            return passed > TIMEOUT.toNanos();
        }
        return passed >= heartbeat.toNanos()
                || !waiting.isEmpty()
                || (hasNews() && (!isHidden || passed >= HIDDEN.toNanos()));
    }

    private boolean hasNews() {
        for (LiveSubscription each : subscriptions.keySet()) {
            if (each.hasNews()) {
                return true;
            }
        }
        return false;
    }

    /** Sends what waits when everything before was taken, hidden pages once a second; cuts a client that takes nothing. */
    void drain(ChangePosition position, Duration heartbeat) {
        long now = time.nanoTime();
        if (inFlight.get() > 0) {
            if (now - sentAt > TIMEOUT.toNanos()) {
                close(TOO_SLOW, "the client takes nothing");
                sink.disconnect();
            }
            return;
        }
        if (isHidden && waiting.isEmpty() && now - sentAt < HIDDEN.toNanos()) {
            return;
        }
        List<LiveMessage> messages = new ArrayList<>(waiting);
        waiting.clear();
        subscriptions.keySet().forEach(each -> each.drain(position, messages));
        if (messages.isEmpty() && now - sentAt >= heartbeat.toNanos()) {
            messages.add(LiveMessage.heartbeat(position));
        }
        if (messages.isEmpty()) {
            return;
        }
        sentAt = now;
        inFlight.addAndGet(messages.size());
        for (LiveMessage message : messages) {
            sink.send(message, this::ended);
        }
    }

    private void ended(boolean isTaken) {
        inFlight.decrementAndGet();
        if (!isTaken) {
            sink.disconnect();
        }
    }

    /** Gives up what waits when it is too much, for a snapshot later. */
    void bound() {
        int all = 0;
        for (LiveSubscription each : subscriptions.keySet()) {
            all += each.size();
        }
        if (all > MAX_WAITING) {
            subscriptions.keySet().forEach(LiveSubscription::overflow);
        }
    }

    void close(int code, String reason) {
        close(code, reason, () -> {});
    }

    /** Closes the connection and runs {@code onClosed} when the client was told, or cannot be. */
    void close(int code, String reason, Runnable onClosed) {
        closed = true;
        sink.close(code, reason, onClosed);
    }
}
