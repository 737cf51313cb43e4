package dev.architect.shard;

/** What a store does with a shard. The numbers are what stores keep. */
public enum ShardPhase {
    /** It accepts tasks of the shard and hands them out. */
    SERVED(0),
    /** It accepts and hands out nothing any more; what runs may still end here. The shard is on its way to another store. */
    LEAVING(1),
    /** It has nothing to do with the shard; what is left of it is deleted. */
    GONE(2),
    /** It receives the shard's tasks and hands none of them out yet. */
    ARRIVING(3);

    private final int number;

    ShardPhase(int number) {
        this.number = number;
    }

    /** Returns the phase that stores keep as {@code number}. */
    public static ShardPhase of(int number) {
        for (ShardPhase phase : values()) {
            if (phase.number == number) {
                return phase;
            }
        }
        throw new IllegalArgumentException("shard phase is " + number + ", expected 0..3");
    }

    /** The number that stores keep. */
    public int number() {
        return number;
    }

    /** Whether a shard may go from this phase to {@code next} within one epoch. */
    boolean leadsTo(ShardPhase next) {
        return this == next
                || (this == SERVED && next == LEAVING)
                || (this == LEAVING && next == GONE)
                || (this == ARRIVING && next == SERVED);
    }

    /** Whether a shard may go from this phase to {@code next} in a later epoch. */
    boolean leadsLaterTo(ShardPhase next) {
        return switch (this) {
            // One that is served leaves before anything else; a move that is given up serves it again.
            case SERVED, LEAVING -> next == SERVED || next == LEAVING;
            case GONE, ARRIVING -> next == GONE || next == ARRIVING;
        };
    }
}
