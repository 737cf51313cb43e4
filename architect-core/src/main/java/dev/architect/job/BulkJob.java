package dev.architect.job;

import dev.architect.check.Check;
import dev.architect.task.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A job as it stood when it was read.
 *
 * @param id its id
 * @param request what it does
 * @param state where it stands
 * @param createdAt when it was accepted; times in its filter such as {@code -7d} are before this
 * @param startsAt when it starts, or has started
 * @param endedAt when it ended; empty while it has not
 * @param total how many tasks passed its filter when it was accepted, or started
 * @param done how many tasks it was done to
 * @param skipped how many had changed before it came to them, or have a unique key that another task has
 * @param skippedTasks the first {@value #MAX_SKIPPED} of them
 * @param last the last task that it has come to; empty before the first
 * @param chunk what is being changed; empty between two chunks
 * @param reason why it failed; empty unless it did
 */
public record BulkJob(
        String id,
        BulkJobRequest request,
        State state,
        Instant createdAt,
        Instant startsAt,
        Optional<Instant> endedAt,
        long total,
        long done,
        long skipped,
        List<TaskId> skippedTasks,
        Optional<TaskId> last,
        Optional<Chunk> chunk,
        Optional<String> reason) {

    /** The most tasks of {@link #skippedTasks}. */
    public static final int MAX_SKIPPED = 100;

    /** Where a job stands. */
    public enum State {
        /** It has not started, and nothing was changed. */
        WAITING,
        /** It changes tasks. */
        RUNNING,
        /** It ends after the chunk that it is at. */
        STOPPING,
        /** It was stopped; what it had done stays. */
        STOPPED,
        /** It has come to every task. */
        DONE,
        /** It did not start, for the reason that is stated. */
        FAILED;

        /** Whether nothing more happens. */
        public boolean isEnded() {
            return switch (this) {
                case WAITING, RUNNING, STOPPING -> false;
                case STOPPED, DONE, FAILED -> true;
            };
        }
    }

    /**
     * Some tasks that are being changed: written down before, so that whoever goes on after the end of a process knows which may be done already.
     *
     * @param end the last of them
     * @param count how many they are
     * @param at when that began
     */
    public record Chunk(TaskId end, long count, Instant at) {

        /** Checks every field. */
        public Chunk {
            Check.notNull("end", end);
            Check.notNegative("count", count);
            Check.notNull("at", at);
        }
    }

    /** Copies the list and checks every field. */
    public BulkJob {
        Check.notBlank("id", id);
        Check.notNull("request", request);
        Check.notNull("state", state);
        Check.notNull("createdAt", createdAt);
        Check.notNull("startsAt", startsAt);
        Check.notNull("endedAt", endedAt);
        Check.notNegative("total", total);
        Check.notNegative("done", done);
        Check.notNegative("skipped", skipped);
        skippedTasks = List.copyOf(Check.noNulls("skippedTasks", skippedTasks));
        Check.range("skippedTasks size", skippedTasks.size(), 0, MAX_SKIPPED);
        Check.notNull("last", last);
        Check.notNull("chunk", chunk);
        Check.notNull("reason", reason);
    }

    BulkJob at(State changed) {
        return new BulkJob(
                id,
                request,
                changed,
                createdAt,
                startsAt,
                endedAt,
                total,
                done,
                skipped,
                skippedTasks,
                last,
                chunk,
                reason);
    }

    BulkJob ended(State changed, Instant now, Optional<String> why) {
        return new BulkJob(
                id,
                request,
                changed,
                createdAt,
                startsAt,
                Optional.of(now),
                total,
                done,
                skipped,
                skippedTasks,
                last,
                chunk,
                why);
    }

    BulkJob withTotal(long changed) {
        return new BulkJob(
                id,
                request,
                state,
                createdAt,
                startsAt,
                endedAt,
                changed,
                done,
                skipped,
                skippedTasks,
                last,
                chunk,
                reason);
    }

    BulkJob begun(Chunk changed) {
        return new BulkJob(
                id,
                request,
                state,
                createdAt,
                startsAt,
                endedAt,
                total,
                done,
                skipped,
                skippedTasks,
                last,
                Optional.of(changed),
                reason);
    }

    /** After its chunk. */
    BulkJob advanced(long moreDone, long moreSkipped, List<TaskId> skippedIds) {
        return new BulkJob(
                id,
                request,
                state,
                createdAt,
                startsAt,
                endedAt,
                total,
                done + moreDone,
                skipped + moreSkipped,
                skippedIds,
                chunk.map(Chunk::end).or(() -> last),
                Optional.empty(),
                reason);
    }
}
