package dev.architect.attempt;

import dev.architect.check.Check;
import java.util.Collection;
import java.util.Map;
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
 */
public record ClaimRequest(long incarnation, int limit, Map<String, Integer> quotas, boolean takesSuspect) {

    /** Creates a request that takes a suspect. */
    public ClaimRequest(long incarnation, int limit, Map<String, Integer> quotas) {
        this(incarnation, limit, quotas, true);
    }

    /** Copies the quotas and checks every field. */
    public ClaimRequest {
        Check.range("limit", limit, 0, Integer.MAX_VALUE);
        quotas = Map.copyOf(Check.noNulls("quotas", quotas));
        quotas.forEach((type, quota) -> Check.range("quota of " + type, quota, 0, Integer.MAX_VALUE));
    }

    /** Returns a request for up to {@code limit} tasks of these types, with no quota for any of them. */
    public static ClaimRequest of(long incarnation, int limit, Collection<String> types) {
        return new ClaimRequest(
                incarnation,
                limit,
                Set.copyOf(Check.noNulls("types", types)).stream()
                        .collect(Collectors.toMap(type -> type, type -> limit)));
    }

    /** Whether nothing can be taken. */
    public boolean isEmpty() {
        return limit == 0 || quotas.values().stream().allMatch(quota -> quota == 0);
    }
}
