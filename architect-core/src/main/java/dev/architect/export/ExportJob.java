package dev.architect.export;

import dev.architect.check.Check;
import java.time.Instant;
import java.util.Optional;

/**
 * An export as it stood when it was read.
 *
 * @param id its id
 * @param subject what is exported
 * @param form the form of the file
 * @param by who wants it
 * @param state where it stands
 * @param createdAt when it was accepted
 * @param endedAt when it ended; empty while it has not
 * @param expiresAt when its file is deleted; empty while there is no whole file
 * @param total how many rows are expected; empty where nobody has counted them
 * @param progress how far it has come
 * @param reason why it failed; empty unless it did
 */
public record ExportJob(
        String id,
        ExportSubject subject,
        ExportForm form,
        String by,
        State state,
        Instant createdAt,
        Optional<Instant> endedAt,
        Optional<Instant> expiresAt,
        Optional<Long> total,
        Progress progress,
        Optional<String> reason) {

    /** Where an export stands. */
    public enum State {
        /** It has not started. */
        WAITING,
        /** Its file is being written. */
        RUNNING,
        /** Its file is whole. */
        DONE,
        /** There is no file, for the reason that is stated. */
        FAILED,
        /** Its file was deleted after its time. */
        EXPIRED,
        /** Its file was deleted by somebody. */
        DELETED;

        /** Whether nothing more happens by itself, but for the deletion of its file. */
        public boolean isEnded() {
            return switch (this) {
                case WAITING, RUNNING -> false;
                case DONE, FAILED, EXPIRED, DELETED -> true;
            };
        }

        /** Whether another one may take its place. */
        public boolean isReplaceable() {
            return switch (this) {
                case WAITING, RUNNING, DONE -> false;
                case FAILED, EXPIRED, DELETED -> true;
            };
        }
    }

    /**
     * How far an export has come.
     *
     * @param rows how many rows are written, zero or more
     * @param parts how many parts they are in
     * @param bytes how many bytes these have, compressed
     * @param cursor where the next row is; empty at the begin
     */
    public record Progress(long rows, int parts, long bytes, Optional<String> cursor) {

        /** Nothing is written. */
        public static final Progress NONE = new Progress(0, 0, 0, Optional.empty());

        /** Checks every field. */
        public Progress {
            Check.notNegative("rows", rows);
            Check.notNegative("parts", parts);
            Check.notNegative("bytes", bytes);
            Check.notNull("cursor", cursor);
        }
    }

    /** Checks every field. */
    public ExportJob {
        Check.atMost("id", Check.notBlank("id", id), ExportStore.MAX_ID);
        Check.notNull("subject", subject);
        Check.notNull("form", form);
        Check.notBlank("by", by);
        Check.notNull("state", state);
        Check.notNull("createdAt", createdAt);
        Check.notNull("endedAt", endedAt);
        Check.notNull("expiresAt", expiresAt);
        Check.notNull("total", total).ifPresent(count -> Check.notNegative("total", count));
        Check.notNull("progress", progress);
        Check.notNull("reason", reason);
    }

    /** Returns a copy that is running. */
    public ExportJob started(Optional<Long> rows) {
        return new ExportJob(
                id, subject, form, by, State.RUNNING, createdAt, endedAt, expiresAt, rows, progress, reason);
    }

    /** Returns a copy that has come further. */
    public ExportJob advanced(Progress further) {
        return new ExportJob(id, subject, form, by, state, createdAt, endedAt, expiresAt, total, further, reason);
    }

    /** Returns a copy whose file is whole. */
    public ExportJob done(Instant now, Instant end) {
        Check.notNull("now", now);
        Check.notNull("end", end);
        return new ExportJob(
                id,
                subject,
                form,
                by,
                State.DONE,
                createdAt,
                Optional.of(now),
                Optional.of(end),
                total,
                progress,
                reason);
    }

    /** Returns a copy without a file. */
    public ExportJob without(State ended, Instant now, Optional<String> why) {
        Check.notNull("now", now);
        return new ExportJob(
                id,
                subject,
                form,
                by,
                ended,
                createdAt,
                endedAt.or(() -> Optional.of(now)),
                Optional.empty(),
                total,
                progress,
                why);
    }
}
