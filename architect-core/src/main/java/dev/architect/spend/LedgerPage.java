package dev.architect.spend;

import dev.architect.check.Check;
import dev.architect.cost.LedgerEntry;
import java.util.List;
import java.util.Optional;

/**
 * A page of calls for somebody who looks through the ledger. Immutable.
 *
 * @param calls in the order of their begin, and of one begin in the order of their ids; may be fewer than were asked for, or none, while
 *     {@code next} is there
 * @param next where the next page begins; empty when nothing follows
 */
public record LedgerPage(List<LedgerEntry> calls, Optional<LedgerPosition> next) {

    /** Copies the calls. */
    public LedgerPage {
        calls = List.copyOf(Check.noNulls("calls", calls));
        Check.notNull("next", next);
    }

    /**
     * Returns the page of calls that were read for it.
     *
     * @param read in their order; one more than {@code limit} when something follows
     * @param limit the most calls of the page, at least 1
     */
    public static LedgerPage of(List<LedgerEntry> read, int limit) {
        Check.range("limit", limit, 1, Integer.MAX_VALUE);
        if (Check.noNulls("read", read).size() <= limit) {
            return new LedgerPage(read, Optional.empty());
        }
        List<LedgerEntry> calls = read.subList(0, limit);
        return new LedgerPage(calls, Optional.of(LedgerPosition.after(calls.get(limit - 1))));
    }
}
