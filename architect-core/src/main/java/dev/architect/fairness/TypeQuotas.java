package dev.architect.fairness;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.IntSupplier;
import java.util.function.ToIntFunction;

/** How many tasks of each type a node may claim: as many as their capacity has room for, and none of a paused type. Used by one thread. */
public final class TypeQuotas {

    private final Map<String, IntSupplier> capacities;
    private final TypePauses pauses;
    private final ToIntFunction<String> claimed;
    private final BiConsumer<String, Throwable> onUnknown;
    private final Set<String> unknown = new HashSet<>();

    /**
     * Creates the quotas.
     *
     * @param capacities how many tasks of each type could do their work now
     * @param claimed how many tasks of a type were claimed and have not asked for their capacity yet
     * @param onUnknown is called with a type whose capacity has begun to fail, so that none of it is claimed
     */
    public TypeQuotas(
            Map<String, IntSupplier> capacities,
            TypePauses pauses,
            ToIntFunction<String> claimed,
            BiConsumer<String, Throwable> onUnknown) {
        this.capacities = Map.copyOf(capacities);
        this.pauses = pauses;
        this.claimed = claimed;
        this.onUnknown = onUnknown;
    }

    /** Returns how many tasks of each type may be claimed now, at most {@code most} of each. */
    public Map<String, Integer> next(int most) {
        Map<String, Integer> quotas = new TreeMap<>();
        capacities.forEach((type, capacity) -> {
            if (pauses.isPaused(type)) {
                quotas.put(type, 0);
                return;
            }
            int left = capacityOf(type, capacity) - claimed.applyAsInt(type);
            quotas.put(type, Math.max(0, Math.min(most, left)));
        });
        return quotas;
    }

    private int capacityOf(String type, IntSupplier capacity) {
        try {
            int stated = capacity.getAsInt();
            unknown.remove(type);
            return stated;
        } catch (Throwable failure) {
            // It is code of the host: the tasks of other types must be claimed all the same.
            if (unknown.add(type)) {
                onUnknown.accept(type, failure);
            }
            return 0;
        }
    }
}
