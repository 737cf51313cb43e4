package dev.architect.spend;

import dev.architect.check.Check;
import dev.architect.cost.LedgerEntry;
import java.time.Instant;
import java.util.Comparator;

/**
 * A place in the ledger between two calls, which are ordered by begin and then by id. It stays valid for ever.
 *
 * @param startedAt when the call before it began
 * @param callId the id of that call
 */
public record LedgerPosition(Instant startedAt, String callId) implements Comparable<LedgerPosition> {

    private static final Comparator<LedgerPosition> ORDER =
            Comparator.comparing(LedgerPosition::startedAt).thenComparing(LedgerPosition::callId);

    /** Checks both. */
    public LedgerPosition {
        Check.notNull("startedAt", startedAt);
        Check.notBlank("callId", callId);
    }

    /** Returns the place after {@code entry}. */
    public static LedgerPosition after(LedgerEntry entry) {
        Check.notNull("entry", entry);
        return new LedgerPosition(entry.timing().startedAt(), entry.callId());
    }

    @Override
    public int compareTo(LedgerPosition other) {
        return ORDER.compare(this, Check.notNull("other", other));
    }
}
