package dev.architect.cost;

import dev.architect.check.Check;
import dev.architect.model.Complexity;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.project.ProjectId;
import dev.architect.task.TaskId;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call to a provider in the ledger: also failed and cancelled ones. Never changed once recorded.
 *
 * @param callId unique id of the call; recording the same id again changes nothing
 * @param requestId groups the calls of one request
 * @param taskOrNull the task whose attempt made the call; null for a direct request
 * @param epoch which claim of the task made it; 0 for a direct request
 * @param project what the cost is filed under
 * @param complexity the class of the prompt
 * @param position place of the candidate on the route; 0 is the first choice, a larger one stood in for those that failed or were
 *     passed over
 * @param askedModel the model that was asked
 * @param answeredModel the model that answered, as the provider named it; equal to the asked one when none did
 * @param startedAt when the call started; prices are those of this instant
 * @param duration how long it took
 * @param outcome how it ended
 * @param failureOrNull what went wrong; null when answered
 * @param usage what it used
 * @param usageSource where the usage comes from
 * @param cost the money for it
 * @param computedOrNull our own computation where the provider stated the cost; else null
 * @param baseline what the same usage would have cost on the baseline model; only for answered calls, else not billed
 * @param catalogueVersion names the prices that were used
 */
public record LedgerEntry(
        String callId,
        String requestId,
        @Nullable TaskId taskOrNull,
        long epoch,
        ProjectId project,
        Complexity complexity,
        int position,
        ModelId askedModel,
        ModelId answeredModel,
        Instant startedAt,
        Duration duration,
        CallOutcome outcome,
        @Nullable FailureKind failureOrNull,
        TokenUsage usage,
        UsageSource usageSource,
        Cost cost,
        @Nullable Money computedOrNull,
        Cost baseline,
        String catalogueVersion) {

    /** Checks ids and places. */
    public LedgerEntry {
        Check.notBlank("callId", callId);
        Check.notBlank("requestId", requestId);
        Check.notNegative("epoch", epoch);
        Check.notNegative("position", position);
    }

    /** The task whose attempt made the call. */
    public Optional<TaskId> task() {
        return Optional.ofNullable(taskOrNull);
    }

    /** What went wrong. */
    public Optional<FailureKind> failure() {
        return Optional.ofNullable(failureOrNull);
    }
}
