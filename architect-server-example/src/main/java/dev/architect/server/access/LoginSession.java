package dev.architect.server.access;

import dev.architect.access.Login;
import dev.architect.access.User;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A login of a browser: valid until it expires, is ended here or on another node, or was idle too long. Safe for use by several
 * threads.
 */
public final class LoginSession {

    /** How long a login lasts without activity. */
    public static final Duration IDLE_LIMIT = Duration.ofMinutes(30);

    /** How long a login lasts at most. */
    public static final Duration TOTAL_LIMIT = Duration.ofHours(12);

    private final LoginSessions owner;
    private volatile Login login;
    private volatile Optional<User> user;
    private volatile long checkedAt;
    private volatile Instant storedSeen;
    private volatile boolean ended;

    LoginSession(LoginSessions owner, Login login, Optional<User> user, long checkedAt) {
        this.owner = owner;
        this.login = login;
        this.user = user;
        this.checkedAt = checkedAt;
        this.storedSeen = login.lastSeen();
    }

    /** The SHA-256 of what the browser holds. */
    public String id() {
        return login.id();
    }

    /** Who has logged in; empty for the local operator. */
    public Optional<User> user() {
        return user;
    }

    /** When the password was last shown. */
    Instant authenticatedAt() {
        return login.authenticatedAt();
    }

    /** Whether it is valid at {@code now}, as far as this node knows. */
    public boolean isValid(Instant now) {
        Login known = login;
        return !ended
                && now.isBefore(known.endsAt())
                && now.isBefore(known.lastSeen().plus(IDLE_LIMIT));
    }

    /** Records activity of its user. May write to the store, once a minute. */
    public void touch(Instant now) {
        login = login.seen(now);
        if (Duration.between(storedSeen, now).compareTo(LoginSessions.SEEN_STEP) >= 0) {
            storedSeen = now;
            owner.keepSeen(login);
        }
    }

    /** Asks the store whether it was ended on another node, and what its user may, when that was last asked more than a second ago. */
    public void refresh() {
        owner.refresh(this);
    }

    /** Counts as fresh from {@code now} on: the password, or what takes its place, was shown. Blocks for the store. */
    public void authenticate(Instant now) {
        login = login.authenticated(now);
        storedSeen = now;
        owner.keepSeen(login);
    }

    long checkedAt() {
        return checkedAt;
    }

    void checked(Login stored, Optional<User> found, long at) {
        Login known = login;
        Login newer = stored.lastSeen().isAfter(known.lastSeen()) ? stored : known;
        login = stored.authenticatedAt().isAfter(newer.authenticatedAt()) ? stored.seen(newer.lastSeen()) : newer;
        user = found;
        checkedAt = at;
    }

    void invalidate() {
        ended = true;
    }

    Instant lastSeen() {
        return login.lastSeen();
    }
}
