package dev.architect.lane;

import dev.architect.check.Check;
import dev.architect.error.ArchitectException;
import java.time.Duration;
import java.util.Optional;

/**
 * So many tasks of a queue or a tenant wait that no more are taken, or it is being drained. Nothing of the submission was accepted.
 */
public final class LaneFullException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    /** Long enough for a round of claims, and short beside what the tasks take. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final transient LaneScope scope;
    private final int limit;
    private final boolean isDraining;

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
        this.isDraining = false;
    }

    /** Creates the exception of a queue, or of its tenant, that is being drained. */
    public LaneFullException(LaneScope scope) {
        super("queue '" + Check.notNull("scope", scope).queue() + "'"
                + scope.tenant().map(tenant -> " of tenant '" + tenant + "'").orElse("")
                + " is being drained and takes no task, expected one that is open");
        this.scope = scope;
        this.limit = 0;
        this.isDraining = true;
    }

    /** Whether it is being drained: it takes no task until it is resumed. */
    public boolean isDraining() {
        return isDraining;
    }

    /** The queue, or its tenant, that is full. */
    public LaneScope scope() {
        return scope;
    }

    /** How many tasks may wait; 0 while it is being drained. */
    public int limit() {
        return limit;
    }

    /** When another attempt is worthwhile: an estimate. Empty while it is being drained. */
    @Override
    public Optional<Duration> retryAfter() {
        return isDraining ? Optional.empty() : Optional.of(RETRY_AFTER);
    }
}
