package dev.architect.lane;

import dev.architect.check.Check;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Divides what limited queues and tenants may start now among the lanes of a claim. For stores. */
public final class LaneAdmission {

    private LaneAdmission() {}

    /**
     * Returns how many tasks of each lane may be claimed, without lanes of which none may. Lanes that share a scope get what is left of it by
     * turns, in the order of the shares.
     *
     * @param left how many tasks of a scope may start now; a scope that is absent has no limit
     */
    public static Map<Lane, Integer> admit(List<LaneShare> shares, Map<LaneScope, Integer> left) {
        Check.noNulls("left", left);
        Map<Lane, Integer> admitted = new LinkedHashMap<>();
        Map<LaneScope, Integer> rest = new HashMap<>(left);
        Map<Lane, Integer> wanted = new LinkedHashMap<>();
        for (LaneShare share : Check.noNulls("shares", shares)) {
            if (!isLimited(share.lane(), left)) {
                if (share.limit() > 0) {
                    admitted.put(share.lane(), share.limit());
                }
            } else {
                wanted.put(share.lane(), share.limit());
            }
        }
        while (!wanted.isEmpty()) {
            wanted.entrySet().removeIf(entry -> {
                boolean isGiven = entry.getValue() > 0 && take(entry.getKey(), rest);
                if (isGiven) {
                    admitted.merge(entry.getKey(), 1, Integer::sum);
                    entry.setValue(entry.getValue() - 1);
                }
                return !isGiven;
            });
        }
        return admitted;
    }

    private static boolean isLimited(Lane lane, Map<LaneScope, Integer> left) {
        return !left.isEmpty() && scopes(lane).stream().anyMatch(left::containsKey);
    }

    private static boolean take(Lane lane, Map<LaneScope, Integer> rest) {
        if (scopes(lane).stream().anyMatch(scope -> rest.getOrDefault(scope, 1) < 1)) {
            return false;
        }
        scopes(lane).forEach(scope -> rest.computeIfPresent(scope, (same, left) -> left - 1));
        return true;
    }

    private static List<LaneScope> scopes(Lane lane) {
        return List.of(LaneScope.of(lane.queue()), LaneScope.of(lane.queue(), lane.tenant()));
    }
}
