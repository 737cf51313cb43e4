package dev.architect.shard;

import dev.architect.check.Check;
import dev.architect.error.ArchitectException;

/** A step of a move came too late: the shard has moved on, by another one who moves it. Nothing has changed. */
public final class StaleShardException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final int shard;
    private final long epoch;

    /**
     * Creates the exception.
     *
     * @param found what the store knows of the shard
     * @param expectedEpoch the epoch of the step
     * @param expected the phase, or the phases, that the step is for
     */
    public StaleShardException(ShardPlace found, long expectedEpoch, String expected) {
        super("shard " + Check.notNull("found", found).shard() + " is " + found.phase() + " in epoch " + found.epoch()
                + ", expected " + Check.notNull("expected", expected) + " in epoch " + expectedEpoch);
        this.shard = found.shard();
        this.epoch = found.epoch();
    }

    /** The shard. */
    public int shard() {
        return shard;
    }

    /** The epoch that the store knows. */
    public long epoch() {
        return epoch;
    }
}
