package dev.architect.fairness;

import dev.architect.fairness.FairShares.Demand;
import dev.architect.lane.Lane;
import dev.architect.lane.LaneCount;
import dev.architect.lane.LaneRules;
import dev.architect.lane.LaneShare;
import dev.architect.lane.LaneStore;
import dev.architect.spi.TimeSource;
import dev.architect.task.AffinityBucket;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Which lanes have work, as far as a node can see: what the store counted last, what was claimed since, and what was submitted here. A lane
 * that is missing here is found by the next look at the store, at most {@link #INTERVAL} later.
 *
 * <p>{@link #hint} and {@link #ended} may be called by several threads; the rest belongs to one.
 */
public final class LaneBoard {

    /** The longest time between two looks at the store. */
    public static final Duration INTERVAL = Duration.ofMillis(250);

    /** So many times as long as a look took is the shortest time to the next one. */
    private static final long REST = 20;

    private final LaneStore store;
    private final TimeSource time;
    private final String sessionKind;
    private final FairShares shares = new FairShares();
    private final Set<Lane> hinted = ConcurrentHashMap.newKeySet();
    private volatile boolean isHinted = true;
    private volatile LaneRules rules = LaneRules.NONE;
    // These belong to the one thread.
    private final Map<Lane, Long> ready = new TreeMap<>();
    private long nextLook;
    private long earliestLook;

    /** Creates a board of the lanes that need one kind of session. */
    public LaneBoard(LaneStore store, TimeSource time, String sessionKind) {
        this.store = store;
        this.time = time;
        this.sessionKind = sessionKind;
        this.nextLook = time.nanoTime();
        this.earliestLook = nextLook;
    }

    /** Tasks of these lanes became ready. */
    public void hint(Collection<Lane> lanes) {
        for (Lane lane : lanes) {
            if (lane.kind().equals(sessionKind)) {
                hinted.add(lane);
            }
        }
    }

    /** Tasks became ready somewhere. */
    public void hint() {
        isHinted = true;
    }

    /** A task has ended after this time in a session. */
    public void ended(Lane lane, Duration taken) {
        shares.ended(lane, taken);
        if (rules.isLimited(lane)) {
            // Its place may be free for the next.
            hinted.add(lane);
        }
    }

    /** Reads the store, if it is time to. */
    public void refresh() {
        long now = time.nanoTime();
        if (nextLook - now > 0 && (!isHinted || earliestLook - now > 0)) {
            return;
        }
        // Before the look: what changes meanwhile is looked at again.
        isHinted = false;
        List<LaneCount> counts;
        try {
            rules = new LaneRules(store.settings());
            counts = store.counts();
        } catch (Throwable failure) {
            // What was hinted at is still to be found, and until then what was known before is the best guess.
            isHinted = true;
            throw failure;
        }
        ready.clear();
        for (LaneCount count : counts) {
            if (count.state() == TaskState.READY && count.lane().kind().equals(sessionKind)) {
                ready.merge(count.lane(), count.tasks(), Long::sum);
            }
        }
        long cost = time.nanoTime() - now;
        earliestLook = now + cost + REST * cost;
        nextLook = now + Math.max(INTERVAL.toNanos(), REST * cost);
    }

    /**
     * Returns how many tasks of each lane are to be claimed next.
     *
     * @param without lanes that have given less than was asked of them
     * @param isOwn whether this node claims from a lane at all
     */
    public List<LaneShare> next(int slots, Set<Lane> without, Predicate<Lane> isOwn) {
        Set<Lane> active = new TreeSet<>(ready.keySet());
        active.addAll(hinted);
        // When this node gets one of those, a look at the store finds what waits there.
        hinted.removeIf(isOwn.negate());
        active.removeIf(isOwn.negate());
        if (active.isEmpty() && Lane.DEFAULT.sessionKind().equals(sessionKind)) {
            // What another process has submitted there is found without a look.
            active.add(Lane.DEFAULT);
        }
        active.removeAll(without);
        active.removeIf(rules::isPaused);
        List<Demand> demands = new ArrayList<>(active.size());
        for (Lane lane : active) {
            long tasks = ready.getOrDefault(lane, 0L);
            // Of hinted ones there are any number.
            demands.add(new Demand(lane, weight(lane, active), hinted.contains(lane) || tasks == 0 ? slots : tasks));
        }
        List<LaneShare> next = demands.size() == 1
                ? List.of(new LaneShare(demands.get(0).lane(), slots))
                : shares.divide(demands, slots);
        // Before the claim, so that no later hint is lost.
        next.forEach(share -> hinted.remove(share.lane()));
        return next;
    }

    /** Lanes of pinned tasks share the weight of their queue and tenant with each other and with the tasks that are not pinned. */
    private int weight(Lane lane, Set<Lane> active) {
        int weight = rules.weight(lane);
        if (active.stream().allMatch(each -> each.pin().isEmpty())) {
            return weight;
        }
        long together = active.stream()
                .filter(each ->
                        each.queue().equals(lane.queue()) && each.tenant().equals(lane.tenant()))
                .count();
        return (int) Math.max(1, weight * (long) (AffinityBucket.COUNT + 1) / together);
    }

    /**
     * Notes what was claimed.
     *
     * @param asked what {@link #next} has returned
     * @param lanes the lane of each task
     * @return the lanes that have given less than was asked of them
     */
    public Set<Lane> claimed(List<LaneShare> asked, Collection<Lane> lanes) {
        Map<Lane, Integer> counts = new HashMap<>();
        for (Lane lane : lanes) {
            shares.claimed(lane);
            counts.merge(lane, 1, Integer::sum);
        }
        counts.forEach(
                (lane, count) -> ready.computeIfPresent(lane, (same, left) -> left > count ? left - count : null));
        Set<Lane> without = new TreeSet<>();
        for (LaneShare share : asked) {
            if (counts.getOrDefault(share.lane(), 0) < share.limit()) {
                without.add(share.lane());
            } else {
                // It may have more.
                hinted.add(share.lane());
            }
        }
        return without;
    }

    /** A claimed task was given back before it began. */
    public void returned(Lane lane) {
        shares.returned(lane);
    }
}
