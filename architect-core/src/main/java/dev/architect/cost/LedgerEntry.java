package dev.architect.cost;

import dev.architect.check.Check;
import dev.architect.model.FailureKind;
import dev.architect.model.StopReason;
import java.util.Comparator;
import java.util.Optional;

/**
 * One call to a provider in the ledger: also failed and cancelled ones. Never changed once recorded.
 *
 * @param callId unique id of the call; recording the same id again changes nothing
 * @param origin on whose behalf it was made
 * @param route which model was called, and which answered
 * @param timing when it was made
 * @param outcome how it ended
 * @param failure what went wrong; empty when answered
 * @param metering what it used
 * @param charge what it cost
 * @param stopReason why the answer ended; empty when there was none
 */
public record LedgerEntry(
        String callId,
        CallOrigin origin,
        CallRoute route,
        CallTiming timing,
        CallOutcome outcome,
        Optional<FailureKind> failure,
        Metering metering,
        CallCharge charge,
        Optional<StopReason> stopReason) {

    /** The order of the calls of one request: by begin, then by place on the route, then by id. */
    public static final Comparator<LedgerEntry> IN_REQUEST = Comparator.comparing(
                    (LedgerEntry entry) -> entry.timing().startedAt())
            .thenComparingInt(entry -> entry.route().position())
            .thenComparing(LedgerEntry::callId);

    /** Checks every field. */
    public LedgerEntry {
        Check.notBlank("callId", callId);
        Check.notNull("origin", origin);
        Check.notNull("route", route);
        Check.notNull("timing", timing);
        Check.notNull("outcome", outcome);
        Check.notNull("failure", failure);
        Check.notNull("metering", metering);
        Check.notNull("charge", charge);
        Check.notNull("stopReason", stopReason);
    }
}
