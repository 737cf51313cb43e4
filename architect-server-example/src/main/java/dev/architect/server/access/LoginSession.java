package dev.architect.server.access;

import java.time.Duration;
import java.time.Instant;

/** A login of a browser: valid until its end, or until it was idle too long. Safe for use by several threads. */
public final class LoginSession {

    /** How long a login lasts without a sign of its user. */
    public static final Duration IDLE_LIMIT = Duration.ofMinutes(30);

    /** How long a login lasts at most. */
    public static final Duration TOTAL_LIMIT = Duration.ofHours(12);

    private final Instant end;
    private volatile Instant lastSeen;
    private volatile boolean ended;

    LoginSession(Instant now) {
        this.end = now.plus(TOTAL_LIMIT);
        this.lastSeen = now;
    }

    /** Whether it still counts at {@code now}. */
    public boolean isValid(Instant now) {
        return !ended && now.isBefore(end) && now.isBefore(lastSeen.plus(IDLE_LIMIT));
    }

    /** Notes a sign of its user. */
    public void seen(Instant now) {
        lastSeen = now;
    }

    void end() {
        ended = true;
    }

    Instant lastSeen() {
        return lastSeen;
    }
}
