package dev.architect.cluster.shard;

import dev.architect.shard.ShardStore;

/**
 * A move of a shard that has begun and is not over.
 *
 * @param shard 0 to 255
 * @param from the number of the store that it leaves
 * @param to the number of the store that it goes to
 * @param epoch of the shard during the move
 * @param step how far it is
 */
public record ShardMove(int shard, int from, int to, long epoch, Step step) {

    /** Checks the shard. */
    public ShardMove {
        ShardStore.requireShard(shard);
    }

    /** How far a move is. */
    public enum Step {
        /** Tasks leave the first store; it still has the shard by the map. */
        COPYING,
        /** The other store has the shard; what is left in the first one is deleted. */
        CLEARING,
        /** It is given up: tasks come back into reach where they were, and the copies are deleted. */
        GIVING_UP
    }

    ShardMove at(Step next) {
        return new ShardMove(shard, from, to, epoch, next);
    }
}
