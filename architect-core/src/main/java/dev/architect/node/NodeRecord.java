package dev.architect.node;

import dev.architect.check.Check;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * An incarnation as the store has it. Further components will only be added at the end.
 *
 * @param incarnation its number
 * @param info what it stated when it joined
 * @param state what it may do
 * @param order what it is asked to do
 * @param load what it carried at its last beat
 * @param sinceBeat the time since its last beat or its joining, by the means that the store judges by; since its end when it has ended
 * @param joinedAt when it joined
 * @param endedAt when it ended; empty while it is alive
 */
public record NodeRecord(
        long incarnation,
        NodeInfo info,
        NodeState state,
        NodeOrder order,
        NodeLoad load,
        Duration sinceBeat,
        Instant joinedAt,
        Optional<Instant> endedAt) {

    /** Checks that nothing is null. */
    public NodeRecord {
        Check.notNull("info", info);
        Check.notNull("state", state);
        Check.notNull("order", order);
        Check.notNull("load", load);
        Check.notNegative("sinceBeat", sinceBeat);
        Check.notNull("joinedAt", joinedAt);
        Check.notNull("endedAt", endedAt);
    }
}
