package dev.architect.job.ledger;

import dev.architect.check.Check;
import dev.architect.job.BulkJob;
import dev.architect.spend.RatedReport;
import java.time.Instant;
import java.util.Optional;

/**
 * A job that rates recorded calls anew, as it stood when it was read.
 *
 * @param id its id
 * @param request what it rates. Once it has ended, without the text of its price file
 * @param by who wants it
 * @param state where it stands; it is never {@link BulkJob.State#STOPPING}, because it changes nothing
 * @param createdAt when it was accepted
 * @param endedAt when it ended; empty while it has not
 * @param progress how far it has come
 * @param failure why it failed; empty unless it did
 */
public record RerateJob(
        String id,
        RerateRequest request,
        String by,
        BulkJob.State state,
        Instant createdAt,
        Optional<Instant> endedAt,
        Progress progress,
        Optional<String> failure) {

    /**
     * How far a job has come.
     *
     * @param total how many calls there were when it started
     * @param next calls that began before are rated
     * @param report what the calls so far would have cost; empty before the first
     */
    public record Progress(long total, Instant next, Optional<RatedReport> report) {

        /** Checks every field. */
        public Progress {
            Check.notNegative("total", total);
            Check.notNull("next", next);
            Check.notNull("report", report);
        }

        /** How many calls are rated. */
        public long done() {
            return report.map(rated -> rated.total().calls().all()).orElse(0L);
        }
    }

    /** Checks every field. */
    public RerateJob {
        Check.notBlank("id", id);
        Check.notNull("request", request);
        Check.notBlank("by", by);
        Check.notNull("state", state);
        Check.notNull("createdAt", createdAt);
        Check.notNull("endedAt", endedAt);
        Check.notNull("progress", progress);
        Check.notNull("failure", failure);
    }

    /** As it begins, or begins anew. */
    RerateJob started(long total) {
        Progress none = new Progress(total, request.period().from(), Optional.empty());
        return new RerateJob(id, request, by, BulkJob.State.RUNNING, createdAt, endedAt, none, failure);
    }

    RerateJob advanced(Instant next, RatedReport more) {
        RatedReport sum = progress.report().map(before -> before.plus(more)).orElse(more);
        Progress further = new Progress(progress.total(), next, Optional.of(sum));
        return new RerateJob(id, request, by, state, createdAt, endedAt, further, failure);
    }

    RerateJob ended(BulkJob.State changed, Instant now) {
        return new RerateJob(
                id,
                request.with(request.prices().withoutFile(), request.period()),
                by,
                changed,
                createdAt,
                Optional.of(now),
                progress,
                failure);
    }

    /** Without a report, which may be what it has failed by. */
    RerateJob failed(Instant now, String why) {
        return new RerateJob(
                id,
                request.with(request.prices().withoutFile(), request.period()),
                by,
                BulkJob.State.FAILED,
                createdAt,
                Optional.of(now),
                new Progress(progress.total(), progress.next(), Optional.empty()),
                Optional.of(why));
    }
}
