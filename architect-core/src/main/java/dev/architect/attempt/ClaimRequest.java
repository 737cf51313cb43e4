package dev.architect.attempt;

import dev.architect.check.Check;
import dev.architect.lane.Lane;
import dev.architect.lane.LaneShare;
import dev.architect.task.AffinityBucket;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a node can take at the moment.
 *
 * @param incarnation the run of the node that claims
 * @param limit the most tasks together, 0 or more
 * @param quotas the most tasks of each type that the node performs, each 0 or more; tasks of other types are never returned
 * @param takesSuspect whether one suspect may be among them: a task that one more death of its node makes dead. More than one is never
 *     returned, so that such a death names the culprit
 * @param shares the most tasks of each lane; tasks of other lanes are never returned. Where a limit over several lanes leaves less than they
 *     could take, they get it by turns, the first one first
 * @param withheld the {@linkplain AffinityBucket buckets} of affinity keys that prefer other nodes, a bit each, by the type of the tasks.
 *     Tasks of such keys are returned only when they have been ready for {@link AffinityBucket#LEAD}
 * @param pinned the buckets of pinned tasks that the node has, in the same form; of lanes of other buckets nothing is returned
 */
public record ClaimRequest(
        long incarnation,
        int limit,
        Map<String, Integer> quotas,
        boolean takesSuspect,
        List<LaneShare> shares,
        Map<String, Long> withheld,
        Map<String, Long> pinned) {

    /** Creates a request that leaves nothing to other nodes. */
    public ClaimRequest(
            long incarnation, int limit, Map<String, Integer> quotas, boolean takesSuspect, List<LaneShare> shares) {
        this(incarnation, limit, quotas, takesSuspect, shares, Map.of(), Map.of());
    }

    /** Creates a request for the default lane. */
    public ClaimRequest(long incarnation, int limit, Map<String, Integer> quotas, boolean takesSuspect) {
        this(incarnation, limit, quotas, takesSuspect, List.of(new LaneShare(Lane.DEFAULT, limit)));
    }

    /** Creates a request for the default lane that takes a suspect. */
    public ClaimRequest(long incarnation, int limit, Map<String, Integer> quotas) {
        this(incarnation, limit, quotas, true);
    }

    /** Copies the quotas and checks every field. */
    public ClaimRequest {
        Check.range("limit", limit, 0, Integer.MAX_VALUE);
        quotas = Map.copyOf(Check.noNulls("quotas", quotas));
        quotas.forEach((type, quota) -> Check.range("quota of " + type, quota, 0, Integer.MAX_VALUE));
        pinned = Map.copyOf(Check.noNulls("pinned", pinned));
        withheld = Map.copyOf(Check.noNulls("withheld", withheld));
        shares = List.copyOf(Check.noNulls("shares", shares));
        if (shares.stream().map(LaneShare::lane).distinct().count() < shares.size()) {
            throw new IllegalArgumentException("shares has a lane twice, expected each lane once");
        }
    }

    /** Returns a request for up to {@code limit} tasks of these types of the default lane, with no quota for any of them. */
    public static ClaimRequest of(long incarnation, int limit, Collection<String> types) {
        return new ClaimRequest(
                incarnation,
                limit,
                Set.copyOf(Check.noNulls("types", types)).stream()
                        .collect(Collectors.toMap(type -> type, type -> limit)));
    }

    /** Returns a copy for other lanes. */
    public ClaimRequest withShares(List<LaneShare> changed) {
        return new ClaimRequest(incarnation, limit, quotas, takesSuspect, changed, withheld, pinned);
    }

    /** Returns a copy that leaves these buckets to other nodes for a while. */
    public ClaimRequest withWithheld(Map<String, Long> changed) {
        return new ClaimRequest(incarnation, limit, quotas, takesSuspect, shares, changed, pinned);
    }

    /** Returns a copy of a node that has these buckets of pinned tasks. */
    public ClaimRequest withPinned(Map<String, Long> changed) {
        return new ClaimRequest(incarnation, limit, quotas, takesSuspect, shares, withheld, changed);
    }

    /** Whether the node may take tasks of a type from a lane: always but for lanes of pinned tasks that it does not have. */
    public boolean mayTake(Lane lane, String type) {
        OptionalInt pin = Check.notNull("lane", lane).pin();
        return pin.isEmpty() || (pinned.getOrDefault(Check.notNull("type", type), 0L) >>> pin.getAsInt() & 1) != 0;
    }

    /** Whether nothing can be taken. */
    public boolean isEmpty() {
        return limit == 0
                || quotas.values().stream().allMatch(quota -> quota == 0)
                || shares.stream().allMatch(share -> share.limit() == 0);
    }
}
