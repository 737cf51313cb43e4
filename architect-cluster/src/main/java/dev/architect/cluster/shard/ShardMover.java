package dev.architect.cluster.shard;

import dev.architect.cluster.shard.ShardMap.Place;
import dev.architect.cluster.shard.ShardMove.Step;
import dev.architect.shard.MovedKey;
import dev.architect.shard.ShardBatch;
import dev.architect.shard.ShardPhase;
import dev.architect.shard.ShardPlace;
import dev.architect.shard.ShardStore;
import dev.architect.shard.StaleShardException;
import dev.architect.shard.TakenTasks;
import dev.architect.task.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves shards from one store to another while both are in use.
 *
 * <ol>
 *   <li>The move and its epoch are written into the map; the other store expects the shard.
 *   <li>Tasks that have ended are copied while the shard is still served.
 *   <li>The shard is closed in the first store: it accepts and hands out nothing of it any more. What is left is copied, and what still runs
 *       when it has ended; after a time limit it is handed back.
 *   <li>The map gives the shard to the other store, by compare and set, and that one serves it.
 *   <li>What is left in the first store is deleted.
 * </ol>
 *
 * <p>A task is put out of reach in the first store in the same transaction in which it is read, so it is handed out by one of them at a
 * time. When the process that moves a shard ends in between, {@link #move} with the same arguments goes on; until then the first store serves the shard, or it
 * is closed, or, after the map was changed, the other store serves it with the next call for it. Two that move the same shard do no harm: a step
 * that comes too late is refused by the epoch.
 *
 * <p>Safe for use by several threads. Calls block, for as long as the copying takes.
 */
public final class ShardMover {

    private static final Logger LOG = LoggerFactory.getLogger(ShardMover.class);

    /** How long to wait before it is looked again whether attempts have ended. */
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final StoreGroup group;

    ShardMover(StoreGroup group) {
        this.group = group;
    }

    /** Returns the name of the store that has each shard, in order. Reads the map. */
    public List<String> places() {
        ShardMap map = group.maps().read();
        return map.places().stream().map(place -> map.name(place.store())).toList();
    }

    /** Returns the moves that are not over, by shard. Reads the map. */
    public Map<Integer, ShardMove> moves() {
        return new TreeMap<>(group.maps().read().moves());
    }

    /**
     * Moves a shard, or goes on with a move that was interrupted; does nothing when the shard is there already.
     *
     * @param shard 0 to 255, as {@code ProjectId.shard()}
     * @param to the name of a store of the group
     * @param limit how long to wait for attempts that run; after that they are handed back and run again in the other store
     * @throws IllegalArgumentException when there is no such shard or store
     * @throws IllegalStateException when the shard is on its way to a third store, or its last move is being given up
     * @throws StaleShardException when another one has moved the shard on meanwhile
     * @throws dev.architect.error.StoreException when a store fails; what was done stays, and a repetition goes on from there
     * @throws InterruptedException when interrupted while it waits for attempts; a repetition goes on from there
     */
    public void move(int shard, String to, Duration limit) throws InterruptedException {
        ShardStore.requireShard(shard);
        if (limit == null || limit.isNegative()) {
            throw new IllegalArgumentException("limit is " + limit + ", expected zero or more");
        }
        int target = number(to);
        ShardMap map = group.maps().change(before -> begun(before, shard, target));
        Optional<ShardMove> begun = map.move(shard);
        if (begun.isEmpty()) {
            return;
        }
        ShardMove move = begun.get();
        if (move.step() == Step.COPYING) {
            copy(move, limit);
            group.maps().change(before -> switched(before, move));
            LOG.info("shard {} is in store '{}' from epoch {} on", shard, to, move.epoch());
        }
        clear(move);
        group.maps().change(before -> ended(before, move));
    }

    private int number(String name) {
        return group.members().stream()
                .filter(member -> member.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("store is '" + name + "', expected one of "
                        + group.members().stream().map(GroupMember::name).toList()))
                .number();
    }

    private static ShardMap begun(ShardMap map, int shard, int target) {
        Place place = map.place(shard);
        Optional<ShardMove> before = map.move(shard);
        if (before.isPresent()) {
            ShardMove move = before.get();
            if (move.to() != target || move.step() == Step.GIVING_UP) {
                throw new IllegalStateException("shard " + shard + " is on its way from store '" + map.name(move.from())
                        + "' to '" + map.name(move.to()) + "' (" + move.step() + "), expected that to end first");
            }
            return map;
        }
        return place.store() == target
                ? map
                : map.withMove(new ShardMove(shard, place.store(), target, place.epoch() + 1, Step.COPYING));
    }

    private static ShardMap switched(ShardMap map, ShardMove move) {
        ShardMove now = map.move(move.shard()).orElse(move);
        Place place = map.place(move.shard());
        if (place.epoch() == move.epoch() && place.store() == move.to()) {
            // By another one who moves it.
            return map;
        }
        if (!now.equals(move)
                || place.epoch() >= move.epoch()
                || map.move(move.shard()).isEmpty()) {
            throw new StaleShardException(
                    new ShardPlace(move.shard(), place.epoch(), ShardPhase.SERVED),
                    move.epoch(),
                    "the move as it began");
        }
        return map.withPlace(move.shard(), new Place(move.to(), move.epoch())).withMove(move.at(Step.CLEARING));
    }

    private static ShardMap ended(ShardMap map, ShardMove move) {
        boolean isSame = map.move(move.shard())
                .filter(now -> now.epoch() == move.epoch())
                .isPresent();
        return isSame ? map.withoutMove(move.shard()) : map;
    }

    private void copy(ShardMove move, Duration limit) throws InterruptedException {
        ShardStore from = group.member(move.from()).shards();
        ShardStore to = group.member(move.to()).shards();
        to.set(move.shard(), move.epoch(), ShardPhase.ARRIVING);
        ShardPhase phase = from.places().get(move.shard()).phase();
        if (phase == ShardPhase.SERVED) {
            from.set(move.shard(), move.epoch(), ShardPhase.SERVED);
            copy(move, TakenTasks.ENDED);
        }
        from.set(move.shard(), move.epoch(), ShardPhase.LEAVING);
        copyKeys(move);
        long deadline = group.time().nanoTime() + limit.toNanos();
        // Nothing new appears in the shard, so only the parts with running tasks are looked at again.
        List<Optional<TaskId>> busy = copy(move, TakenTasks.IDLE);
        while (!busy.isEmpty()) {
            TakenTasks which = TakenTasks.ALL;
            if (group.time().nanoTime() - deadline < 0) {
                group.time().sleep(PAUSE);
                which = TakenTasks.IDLE;
            }
            List<Optional<TaskId>> stillBusy = new ArrayList<>();
            for (Optional<TaskId> part : busy) {
                if (copyPart(move, which, part).runningCount() > 0) {
                    stillBusy.add(part);
                }
            }
            busy = stillBusy;
        }
    }

    /** Copies in bounded parts, and returns where those begin in which tasks were passed over because they run. */
    private List<Optional<TaskId>> copy(ShardMove move, TakenTasks which) {
        List<Optional<TaskId>> busy = new ArrayList<>();
        Optional<TaskId> after = Optional.empty();
        do {
            ShardBatch batch = copyPart(move, which, after);
            if (batch.runningCount() > 0) {
                busy.add(after);
            }
            after = batch.next();
        } while (after.isPresent());
        return busy;
    }

    private ShardBatch copyPart(ShardMove move, TakenTasks which, Optional<TaskId> after) {
        ShardBatch batch =
                group.member(move.from()).shards().take(move.shard(), move.epoch(), which, after, ShardStore.MAX_BATCH);
        if (!batch.tasks().isEmpty()) {
            group.member(move.to()).shards().add(move.shard(), move.epoch(), batch.tasks());
        }
        return batch;
    }

    private void copyKeys(ShardMove move) {
        ShardStore from = group.member(move.from()).shards();
        ShardStore to = group.member(move.to()).shards();
        Optional<MovedKey> last = Optional.empty();
        List<MovedKey> keys;
        do {
            keys = from.keys(move.shard(), last, ShardStore.MAX_BATCH);
            to.addKeys(move.shard(), move.epoch(), keys);
            last = keys.isEmpty() ? last : Optional.of(keys.get(keys.size() - 1));
        } while (keys.size() == ShardStore.MAX_BATCH);
    }

    private void clear(ShardMove move) {
        group.member(move.to()).shards().set(move.shard(), move.epoch(), ShardPhase.SERVED);
        ShardStore from = group.member(move.from()).shards();
        from.set(move.shard(), move.epoch(), ShardPhase.GONE);
        clear(from, move.shard(), move.epoch());
    }

    private static void clear(ShardStore store, int shard, long epoch) {
        Optional<TaskId> after = Optional.empty();
        do {
            after = store.clear(shard, epoch, after, ShardStore.MAX_BATCH);
        } while (after.isPresent());
    }

    /**
     * Gives up a move that has not changed the map yet: the first store serves the shard again, as it was. Goes on with one that was being
     * given up. A move of the shard that is in progress is refused from now on.
     *
     * @return false when there is none, or when the shard is in the other store already
     */
    public boolean giveUp(int shard) {
        ShardStore.requireShard(shard);
        ShardMap map = group.maps()
                .change(before -> before.move(shard)
                        .filter(move -> move.step() == Step.COPYING)
                        .map(move -> before
                                // Two more: one to close the shard for the move in progress, one to open it again.
                                .withPlace(shard, new Place(move.from(), move.epoch() + 2))
                                .withMove(move.at(Step.GIVING_UP)))
                        .orElse(before));
        Optional<ShardMove> given = map.move(shard).filter(move -> move.step() == Step.GIVING_UP);
        if (given.isEmpty()) {
            return false;
        }
        ShardMove move = given.get();
        ShardStore from = group.member(move.from()).shards();
        ShardPlace place = from.places().get(shard);
        if (place.epoch() < move.epoch() + 2) {
            from.set(shard, move.epoch() + 1, ShardPhase.LEAVING);
            Optional<TaskId> after = Optional.empty();
            do {
                after = from.giveBack(shard, move.epoch() + 1, after, ShardStore.MAX_BATCH);
            } while (after.isPresent());
            from.set(shard, move.epoch() + 2, ShardPhase.SERVED);
        }
        ShardStore to = group.member(move.to()).shards();
        to.set(shard, move.epoch() + 2, ShardPhase.GONE);
        clear(to, shard, move.epoch() + 2);
        group.maps().change(before -> ended(before, move));
        return true;
    }
}
