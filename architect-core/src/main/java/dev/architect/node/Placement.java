package dev.architect.node;

import dev.architect.check.Check;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Which node is to have what sticks to one: a prefix in a provider's cache, a browser profile, a host of terminals. Rendezvous hashing with
 * bounded load: each key has an order of all nodes, of which the first that has room is chosen, and a node that comes or goes moves only
 * the keys that it gets or had (Thaler, Ravishankar 1998; Mirrokni, Thorup, Zadimoghaddam, "Consistent hashing with bounded loads", 2016).
 *
 * <p>A wish and never a fact: a node that has no room, or is gone, leaves the work to any other one. Without state, and safe for use by
 * several threads.
 */
public final class Placement {

    /** How much more than the average a node may carry. */
    public static final double DEFAULT_SLACK = 0.25;

    private static final long FNV_BASIS = 0xCBF2_9CE4_8422_2325L;
    private static final long FNV_PRIME = 0x100_0000_01B3L;

    private Placement() {}

    /** The nodes in the order in which they are to have what {@code key} names; the same for everyone who knows the same nodes. */
    public static List<String> order(String key, Collection<String> nodes) {
        long keyHash = hash(Check.notNull("key", key));
        record Scored(String node, long score) {}
        List<Scored> scored = new ArrayList<>();
        for (String node : Check.noNulls("nodes", nodes)) {
            scored.add(new Scored(node, mixed(keyHash ^ hash(node))));
        }
        scored.sort(Comparator.comparingLong(Scored::score).reversed().thenComparing(Scored::node));
        return scored.stream().map(Scored::node).toList();
    }

    /**
     * The first node in the order of {@code key} that carries less than its share: at most {@code (1 + slack)} times the average, what is
     * placed now included.
     *
     * @param loads how much each node carries of what is placed this way
     * @param slack zero or more
     * @throws IllegalArgumentException when there is no node, a load or the slack is negative
     */
    public static String choose(String key, Map<String, Integer> loads, double slack) {
        Check.notNull("key", key);
        if (Check.noNulls("loads", loads).isEmpty()) {
            throw new IllegalArgumentException("loads is empty, expected at least one node");
        }
        if (!(slack >= 0)) {
            throw new IllegalArgumentException("slack is " + slack + ", expected 0 or more");
        }
        long total = 1;
        for (Map.Entry<String, Integer> load : loads.entrySet()) {
            if (load.getValue() < 0) {
                throw new IllegalArgumentException(
                        "load of '" + load.getKey() + "' is " + load.getValue() + ", expected 0 or more");
            }
            total += load.getValue();
        }
        double most = Math.ceil((1 + slack) * total / loads.size());
        List<String> order = order(key, loads.keySet());
        // One has room: together they have room for more than all that is placed.
        return order.stream()
                .filter(node -> loads.getOrDefault(node, 0) < most)
                .findFirst()
                .orElse(order.get(0));
    }

    /** FNV-1a of 64 bits (Fowler, Noll, Vo). */
    private static long hash(String text) {
        long hash = FNV_BASIS;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFF)) * FNV_PRIME;
        }
        return hash;
    }

    /** The last step of MurmurHash3, which lets every bit change every other one (Appleby). */
    private static long mixed(long bits) {
        long mixed = bits;
        mixed = (mixed ^ (mixed >>> 33)) * 0xFF51_AFD7_ED55_8CCDL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xC4CE_B9FE_1A85_EC53L;
        return mixed ^ (mixed >>> 33);
    }
}
