package dev.architect.server.access;

import java.time.Duration;
import java.time.Instant;

/** A login of a browser: valid until it expires, is invalidated, or was idle too long. Safe for use by several threads. */
public final class LoginSession {

    /** How long a login lasts without activity. */
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

    /** Whether it is valid at {@code now}. */
    public boolean isValid(Instant now) {
        return !ended && now.isBefore(end) && now.isBefore(lastSeen.plus(IDLE_LIMIT));
    }

    /** Records activity of its user. */
    public void touch(Instant now) {
        lastSeen = now;
    }

    void invalidate() {
        ended = true;
    }

    Instant lastSeen() {
        return lastSeen;
    }
}
