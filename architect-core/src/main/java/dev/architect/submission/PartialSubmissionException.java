package dev.architect.submission;

import dev.architect.check.Check;
import dev.architect.error.ArchitectException;
import dev.architect.error.StoreException;
import dev.architect.task.TaskHandle;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A large submission failed after a part of it was accepted: the first tasks, which will run. The others may be submitted again, but
 * for {@link #unknownCount} of them.
 */
public final class PartialSubmissionException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final transient List<TaskHandle> accepted;
    private final int unknownCount;
    private final boolean isTransient;

    /**
     * Creates the exception.
     *
     * @param accepted the handles of the tasks that were accepted, in the order of the submission
     * @param submitted how many tasks there were
     * @param attempted how many tasks the write held that failed
     * @param cause why the rest was not accepted
     */
    public PartialSubmissionException(List<TaskHandle> accepted, int submitted, int attempted, RuntimeException cause) {
        super(
                accepted.size() + " of " + submitted + " tasks were accepted, expected all: " + cause.getMessage(),
                Check.notNull("cause", cause));
        this.accepted = List.copyOf(accepted);
        this.unknownCount =
                cause instanceof StoreException failure && failure.kind() == StoreException.Kind.OUTCOME_UNKNOWN
                        ? attempted
                        : 0;
        this.isTransient = cause instanceof ArchitectException known && known.isTransient();
    }

    /** The handles of the tasks that were accepted: the first ones of the submission, in its order. */
    public List<TaskHandle> accepted() {
        return accepted;
    }

    /**
     * How many of the tasks that follow the accepted ones may be in the store as well, because the outcome of their write is
     * unknown; mostly 0.
     */
    public int unknownCount() {
        return unknownCount;
    }

    @Override
    public boolean isTransient() {
        return isTransient;
    }

    @Override
    public Optional<Duration> retryAfter() {
        return getCause() instanceof ArchitectException known ? known.retryAfter() : Optional.empty();
    }
}
