package dev.architect.task;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A task as it stood when it was read.
 *
 * @param id its id
 * @param request what was asked
 * @param state where it stands
 * @param epoch how often it was claimed; part of the fence of an attempt
 * @param attempt how many tries it has used, the running one included
 * @param cancelRequested whether somebody asked to cancel it while it runs
 * @param createdAt when it was accepted, by the store's clock
 * @param dueAtOrNull when it becomes ready, while {@link TaskState#SCHEDULED}; else null
 * @param endedAtOrNull when it reached its final state, else null
 */
public record Task(
        TaskId id,
        TaskRequest request,
        TaskState state,
        long epoch,
        int attempt,
        boolean cancelRequested,
        Instant createdAt,
        @Nullable Instant dueAtOrNull,
        @Nullable Instant endedAtOrNull) {

    /** When it becomes ready, while it waits for that. */
    public Optional<Instant> dueAt() {
        return Optional.ofNullable(dueAtOrNull);
    }

    /** When it reached its final state. */
    public Optional<Instant> endedAt() {
        return Optional.ofNullable(endedAtOrNull);
    }
}
