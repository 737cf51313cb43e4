package dev.architect.lane;

import dev.architect.check.Check;
import dev.architect.error.ArchitectException;
import java.time.Duration;
import java.util.Optional;

/** So many tasks of a queue or a tenant wait that no more are taken. Nothing of the submission was accepted. */
public final class LaneFullException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    /** Long enough for a round of claims, and short beside what the tasks take. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final transient LaneScope scope;
    private final int limit;

    /**
     * Creates the exception.
     *
     * @param waiting how many tasks wait
     * @param submitted how many were to be added
     * @param limit how many may wait
     */
    public LaneFullException(LaneScope scope, long waiting, int submitted, int limit) {
        super("queue '" + Check.notNull("scope", scope).queue() + "'"
                + scope.tenant().map(tenant -> " of tenant '" + tenant + "'").orElse("") + " has " + waiting
                + " waiting tasks and gets " + submitted + " more, expected at most " + limit + " (maxWaiting)");
        this.scope = scope;
        this.limit = limit;
    }

    /** The queue, or its tenant, that is full. */
    public LaneScope scope() {
        return scope;
    }

    /** How many tasks may wait. */
    public int limit() {
        return limit;
    }

    /** When another attempt is worthwhile: an estimate. */
    @Override
    public Optional<Duration> retryAfter() {
        return Optional.of(RETRY_AFTER);
    }
}
