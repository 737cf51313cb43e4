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
import java.util.function.BiPredicate;
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

    /** No rest is longer: what a look took may be the time that the process stood still. */
    private static final Duration LONGEST_REST = Duration.ofSeconds(5);

    private final LaneStore store;
    private final TimeSource time;
    private final String sessionKind;
    private final FairShares shares = new FairShares();
    private final Set<Lane> hinted = ConcurrentHashMap.newKeySet();
    private volatile boolean isHinted = true;
    private volatile LaneRules rules = LaneRules.NONE;
    // These belong to the one thread.
    private final Map<Lane, Map<String, Long>> ready = new TreeMap<>();
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

    /** Whether no lane is known to have work. */
    public boolean isNothingKnown() {
        return ready.isEmpty() && hinted.isEmpty();
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
                ready.computeIfAbsent(count.lane(), lane -> new HashMap<>())
                        .merge(count.type(), count.tasks(), Long::sum);
            }
        }
        long cost = time.nanoTime() - now;
        long rest = Math.min(REST * cost, LONGEST_REST.toNanos());
        earliestLook = now + cost + rest;
        nextLook = now + Math.max(INTERVAL.toNanos(), cost + rest);
    }

    /**
     * Returns how many tasks of each lane are to be claimed next.
     *
     * @param without lanes that have given less than was asked of them
     * @param isOwn whether this node claims from a lane at all
     * @param mayTake whether it claims tasks of a type from a lane now. A lane that only has others is left out: where a limit over several lanes
     *     leaves one place, it would take it again and again, and use it never
     */
    public List<LaneShare> next(
            int slots, Set<Lane> without, Predicate<Lane> isOwn, BiPredicate<Lane, String> mayTake) {
        Map<Lane, Long> takeable = takeable(mayTake);
        Set<Lane> active = new TreeSet<>(takeable.keySet());
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
            long tasks = takeable.getOrDefault(lane, 0L);
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

    private Map<Lane, Long> takeable(BiPredicate<Lane, String> mayTake) {
        Map<Lane, Long> takeable = new HashMap<>();
        ready.forEach((lane, byType) -> byType.forEach((type, tasks) -> {
            if (mayTake.test(lane, type)) {
                takeable.merge(lane, tasks, Long::sum);
            }
        }));
        return takeable;
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
     * @param tasks the lane and type of each task
     * @return the lanes that have given less than was asked of them
     */
    public Set<Lane> claimed(List<LaneShare> asked, Collection<Lane.TypeInLane> tasks) {
        Map<Lane, Integer> counts = new HashMap<>();
        for (Lane.TypeInLane task : tasks) {
            shares.claimed(task.lane());
            counts.merge(task.lane(), 1, Integer::sum);
            Map<String, Long> byType = ready.get(task.lane());
            if (byType != null) {
                byType.computeIfPresent(task.type(), (same, left) -> left > 1 ? left - 1 : null);
            }
        }
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
