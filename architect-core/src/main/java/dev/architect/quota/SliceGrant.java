package dev.architect.quota;

import dev.architect.check.Check;
import java.time.Duration;

/**
 * What a node may use of a quota from now on: what it keeps, and further units. Further components will only be added at the end.
 *
 * @param epoch identifies the grant: a report under an older one is of a slice that the node no longer has
 * @param units the further units; zero when fewer than the least are free
 * @param atMicros when it was granted, in microseconds since 1970 by the clock of the store
 * @param validity how long from the request on the node may use the slice by its own monotonic clock
 * @param retryAfter when nothing was granted, until the least is free if no other node gives anything back before; else zero
 * @param free units that no node has
 * @param holders how many nodes have had a slice within the period, this one included
 */
public record SliceGrant(
        long epoch, long units, long atMicros, Duration validity, Duration retryAfter, long free, int holders) {

    /** Checks every field. */
    public SliceGrant {
        Check.notNegative("epoch", epoch);
        Check.notNegative("units", units);
        Check.positive("validity", validity);
        Check.notNegative("retryAfter", retryAfter);
    }
}
