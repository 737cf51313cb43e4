package dev.architect.shard;

import dev.architect.check.Check;
import java.util.List;

/**
 * What one store knows of a shard.
 *
 * @param shard its number, 0 to 255
 * @param epoch rises with each move of the shard, over all stores; whoever acts on a move names it, and is refused when the store knows a
 *     higher one
 * @param phase what the store does with the shard
 */
public record ShardPlace(int shard, long epoch, ShardPhase phase) {

    /** Checks every field. */
    public ShardPlace {
        ShardStore.requireShard(shard);
        Check.notNegative("epoch", epoch);
        Check.notNull("phase", phase);
    }

    /**
     * Returns the place after a step of a move.
     *
     * @throws StaleShardException when the shard has moved on: it has a higher epoch, or a phase that does not lead to {@code next}
     */
    public ShardPlace next(long nextEpoch, ShardPhase next) {
        Check.notNull("next", next);
        boolean leads = nextEpoch == epoch ? phase.leadsTo(next) : nextEpoch > epoch && phase.leadsLaterTo(next);
        if (!leads) {
            throw new StaleShardException(this, nextEpoch, next.name());
        }
        return new ShardPlace(shard, nextEpoch, next);
    }

    /**
     * Checks that a step of a move finds the shard as it expects it.
     *
     * @throws StaleShardException when the epoch or the phase is another one
     */
    public void require(long expectedEpoch, ShardPhase... expected) {
        for (ShardPhase one : Check.noNulls("expected", expected)) {
            if (epoch == expectedEpoch && phase == one) {
                return;
            }
        }
        throw new StaleShardException(this, expectedEpoch, String.valueOf(List.of(expected)));
    }
}
