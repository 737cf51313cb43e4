package dev.architect.shard;

import dev.architect.check.Check;
import dev.architect.project.ProjectId;
import dev.architect.submission.IdempotencyKey;
import dev.architect.task.TaskId;
import java.time.Instant;

/**
 * An idempotency key on its way from one store to another.
 *
 * @param project where it is unique
 * @param key the key
 * @param requestHash the digest of the request that it was used for, as {@code TaskSubmission.requestHash}
 * @param task the task that it was used for
 * @param expiresAt until when it is kept
 */
public record MovedKey(ProjectId project, IdempotencyKey key, String requestHash, TaskId task, Instant expiresAt) {

    /** Checks every field. */
    public MovedKey {
        Check.notNull("project", project);
        Check.notNull("key", key);
        Check.notBlank("requestHash", requestHash);
        Check.notNull("task", task);
        Check.notNull("expiresAt", expiresAt);
    }
}
