package dev.architect.route;

import dev.architect.check.Check;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * A trip or a reset of a circuit breaker by an operator, as nodes pass it on: it binds all of them. Of two orders the one with the higher
 * version holds, of equal ones that of the node whose name comes later.
 *
 * @param version one more than that of the order that it replaces, so that clocks of nodes need not agree; 1 or more
 * @param node the node on which it was given
 * @param at when, in wall time of that node
 * @param reason why, at most 200 characters
 * @param until until when no call may be made; empty for a reset
 */
public record BreakerOrder(long version, String node, Instant at, String reason, Optional<Instant> until)
        implements Comparable<BreakerOrder> {

    private static final Comparator<BreakerOrder> NEWEST_LAST =
            Comparator.comparingLong(BreakerOrder::version).thenComparing(BreakerOrder::node);

    /** Checks every field. */
    public BreakerOrder {
        if (version < 1) {
            throw new IllegalArgumentException("version is " + version + ", expected 1 or more");
        }
        Check.notBlank("node", node);
        Check.notNull("at", at);
        Check.atMost("reason", Check.notBlank("reason", reason), BreakerTrip.MAX_REASON);
        Check.notNull("until", until);
    }

    /** Positive when this order holds against {@code other}. */
    @Override
    public int compareTo(BreakerOrder other) {
        return NEWEST_LAST.compare(this, Check.notNull("other", other));
    }
}
