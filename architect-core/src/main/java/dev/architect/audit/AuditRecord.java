package dev.architect.audit;

import dev.architect.check.Check;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Something that was done, or refused, as it is given to the store. Neither secrets nor prompt text belong into it. Further components will
 * only be added at the end.
 *
 * @param at when, to the microsecond; what is finer is cut off
 * @param actor who: {@code user:ada}, {@code agent:build}, {@code operator} for the local operator, {@code system}; 1 to 100 characters
 * @param operation what: the name of the operation in the audit, such as {@code tasks.cancel}; 1 to 100 characters
 * @param thing on what: an id or a path; empty when there is none, at most 200 characters
 * @param outcome how it ended
 * @param status the status of the answer, such as 204; 0 where there is none
 * @param requestId the number of the request; empty when there is none, at most 100 characters
 * @param address where the caller was; empty when that is unknown, at most 64 characters
 */
public record AuditRecord(
        Instant at,
        String actor,
        String operation,
        String thing,
        AuditOutcome outcome,
        int status,
        String requestId,
        String address) {

    /** Checks the components. */
    public AuditRecord {
        at = Check.notNull("at", at).truncatedTo(ChronoUnit.MICROS);
        Check.notBlank("actor", Check.atMost("actor", actor, 100));
        Check.notBlank("operation", Check.atMost("operation", operation, 100));
        Check.atMost("thing", thing, 200);
        Check.notNull("outcome", outcome);
        Check.range("status", status, 0, 599);
        Check.atMost("requestId", requestId, 100);
        Check.atMost("address", address, 64);
    }
}
