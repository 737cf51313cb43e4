package dev.architect.task;

import dev.architect.check.Check;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Where affinity keys are kept together: each key belongs to one of {@value #COUNT} buckets, and each bucket prefers a node. The function is
 * part of what stores keep, and never changes.
 */
public final class AffinityBucket {

    /** How many there are. */
    public static final int COUNT = 64;

    /** How long a ready task is left to the node that its key prefers; from then on any node may claim it. */
    public static final Duration LEAD = Duration.ofMillis(200);

    private static final long FNV_BASIS = 0xCBF2_9CE4_8422_2325L;
    private static final long FNV_PRIME = 0x100_0000_01B3L;

    private AffinityBucket() {}

    /** Returns the bucket of a key, 0 to 63: FNV-1a of 64 bits (Fowler, Noll, Vo), folded. */
    public static int of(String key) {
        long hash = FNV_BASIS;
        for (byte b : Check.notNull("key", key).getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFF)) * FNV_PRIME;
        }
        return (int) ((hash ^ (hash >>> 32) ^ (hash >>> 16)) & (COUNT - 1));
    }
}
