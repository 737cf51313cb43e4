package dev.architect.server.access;

import dev.architect.access.PasswordHasher;
import dev.architect.server.rest.ApiException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Computes hashes of passwords, at most four at a time, so that a flood of logins leaves processors for the rest; a few more wait. An unknown
 * user takes as long as a known one. Safe for use by several threads.
 */
public final class PasswordChecks {

    private static final int MOST_RUNNING = 4;
    private static final int MOST_WAITING = 16;

    private final PasswordHasher hasher;
    private final Semaphore permits = new Semaphore(MOST_RUNNING, true);
    private final AtomicInteger asked = new AtomicInteger();
    private volatile String nobody = "";

    /** Creates the checks. */
    public PasswordChecks(PasswordHasher hasher) {
        this.hasher = hasher;
    }

    /**
     * Whether {@code password} is the one that {@code kept} was made of. Computes the same when {@code kept} is empty, and returns false.
     *
     * @throws ApiException 503 when too many wait already
     */
    boolean matches(String password, Optional<String> kept) {
        return limited(() -> {
            if (kept.isPresent()) {
                return hasher.matches(password, kept.get());
            }
            if (nobody.isEmpty()) {
                // As costly as the check, so that the first one takes no longer than twice as long, once for each
                // process.
                nobody = hasher.hash("the password of nobody");
            }
            return hasher.matches(password, nobody) && kept.isPresent();
        });
    }

    /** Computes the hash for what is not known yet, so that the first unknown user takes no longer than others. */
    public void warmUp() {
        nobody = limited(() -> hasher.hash("the password of nobody"));
    }

    /** As {@link PasswordHasher#hash}. */
    public String hash(String password) {
        return limited(() -> hasher.hash(password));
    }

    boolean isOutdated(String kept) {
        return hasher.isOutdated(kept);
    }

    private <T> T limited(Supplier<T> computation) {
        try {
            if (asked.incrementAndGet() > MOST_RUNNING + MOST_WAITING) {
                throw new ApiException(
                        503, "busy", "too many passwords are checked now, try again", null, Duration.ofSeconds(1));
            }
            permits.acquireUninterruptibly();
            try {
                return computation.get();
            } finally {
                permits.release();
            }
        } finally {
            asked.decrementAndGet();
        }
    }
}
