package dev.architect.error;

import dev.architect.check.Check;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A limit is reached; the same call succeeds when something else has ended, or after a while. */
public final class CapacityException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final String subject;
    private final long limit;
    private final @Nullable Duration retryAfter;

    /** Creates the exception; {@code subject} names what there are too many of. */
    public CapacityException(String subject, int limit) {
        super(
                Check.notNull("subject", subject) + " are " + limit + ", expected fewer than the limit of " + limit,
                null);
        this.subject = subject;
        this.limit = limit;
        this.retryAfter = null;
    }

    /**
     * Creates the exception of a quota that has too little left.
     *
     * @param quota names it
     * @param limit the most units within its period
     * @param retryAfter how long until there is enough, as far as is known now
     */
    public CapacityException(String quota, long limit, Duration retryAfter) {
        super(
                Check.notNull("quota", quota) + " have too little left of " + limit + ", expected enough in "
                        + seconds(retryAfter) + " s",
                null);
        this.subject = quota;
        this.limit = limit;
        this.retryAfter = retryAfter;
    }

    private static long seconds(@Nullable Duration time) {
        return Check.notNull("retryAfter", time).plusMillis(999).toSeconds();
    }

    /** What the limit is on. */
    public String subject() {
        return subject;
    }

    /** The limit that is reached, at most the largest int. */
    public int limit() {
        return (int) Math.min(Integer.MAX_VALUE, limit);
    }

    /** How long until there is enough; empty when that is not known. */
    @Override
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    @Override
    public boolean isTransient() {
        return true;
    }
}
