package dev.architect.server.access;

import dev.architect.access.AccessStore;
import dev.architect.access.User;
import dev.architect.error.StoreException;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether the store has no user yet. Then nobody but the holder of the local operator's token is served. Once there is a user, it is over for
 * good. Safe for use by several threads.
 */
public final class SetUpMode {

    private static final long CHECK_NANOS = Duration.ofSeconds(1).toNanos();

    private final TimeSource time;
    private final Optional<AccessStore> store;
    private volatile boolean isOver;
    private volatile boolean wasAsked;
    private volatile long askedAt;

    /** Creates it; a store that keeps no users is never set up. */
    public SetUpMode(TimeSource time, Optional<AccessStore> store) {
        this.time = time;
        this.store = store;
        this.isOver = store.isEmpty();
    }

    /** Whether there is no user. Asks the store, at most once a second; false while the store fails, so that nobody is led to a set-up. */
    public boolean isNeeded() {
        if (isOver) {
            return false;
        }
        long now = time.nanoTime();
        if (wasAsked && now - askedAt < CHECK_NANOS) {
            return true;
        }
        try {
            isOver = store.orElseThrow().hasUsers();
        } catch (StoreException failure) {
            return false;
        }
        askedAt = now;
        wasAsked = true;
        return !isOver;
    }

    /** Adds the first user, unless there is one; whether this did. */
    public boolean claim(User user) {
        boolean isFirst = store.isPresent() && store.get().addFirst(user);
        isOver = true;
        return isFirst;
    }
}
