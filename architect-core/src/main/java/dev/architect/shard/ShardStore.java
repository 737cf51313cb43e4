package dev.architect.shard;

import dev.architect.task.TaskId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The virtual shards of a store that is one of several. The shard of a task is that of its project, {@code ProjectId.shard()}, and stands in
 * its id; so everything of a project lives in one store.
 *
 * <p>A store that is in no group serves every shard and knows none of them. In a group, a store refuses submissions of shards that it does not
 * serve with a {@link ShardNotServedException} and hands out none of their tasks, whatever its caller believes: the row of the
 * shard in the store decides, in the transaction of the submission or the claim itself.
 *
 * <p>A move is a row of small steps, each a transaction in one store. {@link #take} puts tasks out of everybody's reach in the store that they
 * leave, one transaction for each part, and {@link #add} puts copies into the other store, which hands them out only when it {@linkplain
 * ShardPhase#SERVED serves} the shard. Every step names the epoch of the move and is refused when the store knows a later one or is
 * in another phase. Each may be repeated: a task that was taken is returned again, one that is there is not added again.
 *
 * <p>Methods block until the change is durable, throw a {@link dev.architect.error.StoreException} when the store fails, and are safe for use
 * by several threads.
 */
public interface ShardStore {

    /** How many shards there are, in every store and for ever. */
    int SHARDS = 256;

    /** The most stores of a group: their number has ten bits in the id of a task. */
    int MAX_STORES = 1_024;

    /** The most tasks or keys of one call. */
    int MAX_BATCH = 500;

    /** Returns the number of this store in its group; empty when it is in none. */
    OptionalInt number();

    /** Returns what the store knows of every shard, in order; nothing when it is in no group. */
    List<ShardPlace> places();

    /**
     * Makes the store a part of a group: it serves all shards or none, in epoch 1. Ids of its tasks have its number from now on, so that no
     * other store of the group makes the same. Does nothing when it has that number already.
     *
     * @param number 0 to {@link #MAX_STORES} - 1; 0 for the first store, which may have tasks
     * @param servesAll for the first store
     * @throws IllegalStateException when it has another number, or has tasks and is not the first store
     */
    void join(int number, boolean servesAll);

    /**
     * Records a step of a move.
     *
     * @return what the store knows now
     * @throws StaleShardException when the shard has moved on
     * @throws IllegalStateException when the store is in no group
     */
    ShardPlace set(int shard, long epoch, ShardPhase phase);

    /**
     * Puts tasks of the shard out of reach, all of a part or none, and returns them: they are claimed, ended and changed in this store no
     * more; they are still read here. Their attempts stay, since entries of the ledger refer to them.
     *
     * @param which only {@link TakenTasks#ENDED} while the shard is served
     * @param after where the last part ended; empty begins with the first
     * @param limit the most tasks, 1 to {@link #MAX_BATCH}; fewer may come before the end
     * @throws StaleShardException when the shard has another epoch, or is neither leaving nor served
     */
    ShardBatch take(int shard, long epoch, TakenTasks which, Optional<TaskId> after, int limit);

    /**
     * Adds tasks that were taken elsewhere; those that are there already stay as they are.
     *
     * @param tasks at most {@link #MAX_BATCH}, all of the shard
     * @throws StaleShardException when the shard is not arriving in that epoch
     */
    void add(int shard, long epoch, List<MovedTask> tasks);

    /**
     * Returns idempotency keys of the shard that have not expired, in some order that does not change.
     *
     * @param after the last one of the part before; empty begins with the first
     * @param limit 1 to {@link #MAX_BATCH}
     */
    List<MovedKey> keys(int shard, Optional<MovedKey> after, int limit);

    /**
     * Adds keys that come from elsewhere; those that are there already stay as they are.
     *
     * @param keys at most {@link #MAX_BATCH}, all of the shard
     * @throws StaleShardException when the shard is not arriving in that epoch
     */
    void addKeys(int shard, long epoch, List<MovedKey> keys);

    /**
     * Brings tasks that were taken back into reach, for a move that is given up.
     *
     * @param after as in {@link #take}
     * @return where the next part begins; empty when all are back
     * @throws StaleShardException when the shard is not leaving in that epoch
     */
    Optional<TaskId> giveBack(int shard, long epoch, Optional<TaskId> after, int limit);

    /**
     * Deletes what is left of a shard that has gone, but for the attempts that the ledger refers to.
     *
     * @param after as in {@link #take}
     * @return where the next part begins; empty when nothing is left
     * @throws StaleShardException when the shard has not gone in that epoch
     */
    Optional<TaskId> clear(int shard, long epoch, Optional<TaskId> after, int limit);

    /**
     * Checks the number of a shard.
     *
     * @throws IllegalArgumentException when it is none
     */
    static void requireShard(int shard) {
        if (shard < 0 || shard >= SHARDS) {
            throw new IllegalArgumentException("shard is " + shard + ", expected 0.." + (SHARDS - 1));
        }
    }
}
