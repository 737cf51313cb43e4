package dev.architect.node;

import dev.architect.check.Check;
import java.time.Duration;

/**
 * What the store answers to a beat. Further components will only be added at the end.
 *
 * @param validity for how long from the call on the incarnation keeps its tasks without another beat
 * @param order what the node is asked to do
 */
public record NodeBeat(Duration validity, NodeOrder order) {

    /** Checks that nothing is null. */
    public NodeBeat {
        Check.positive("validity", validity);
        Check.notNull("order", order);
    }
}
