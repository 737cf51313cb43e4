package dev.architect.cluster;

import java.time.Duration;
import java.util.Optional;

/**
 * How a node sees the store.
 *
 * @param isReachable whether its last call succeeded; true before the first one
 * @param sinceBeat how long its last beat is ago that the store took; empty when there was none, or when it has left
 * @param failure what the last call failed with; empty while the store is reachable, and for other nodes
 */
public record StoreSight(boolean isReachable, Optional<Duration> sinceBeat, String failure) {

    /** Checks that nothing is null. */
    public StoreSight {
        Given.notNull("sinceBeat", sinceBeat);
        Given.notNull("failure", failure);
    }
}
