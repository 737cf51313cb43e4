package dev.architect.pool;

import dev.architect.attempt.NodeReason;
import dev.architect.loop.StorePoll;
import dev.architect.node.NodeRecord;
import dev.architect.node.NodeState;
import dev.architect.node.Placement;
import dev.architect.spi.NodeStore;
import dev.architect.spi.TimeSource;
import dev.architect.task.AffinityBucket;
import dev.architect.task.TaskRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Which other nodes could have made an attempt, as this node saw them last, and which of them affinity keys prefer. Every node that sees the
 * same nodes comes to the same: each bucket of keys belongs to one node by rendezvous hashing with bounded load.
 *
 * <p>{@link #look} belongs to one thread; the rest may be called by several.
 */
public final class NodeChoices {

    /** So often it looks at the nodes. */
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

    private final NodeStore nodes;
    private final Pins pins;
    private final LongSupplier incarnation;
    private final Set<String> types;
    private final StorePoll poll;
    private volatile View view = new View(0, Map.of());

    /**
     * What was seen.
     *
     * @param others how many other nodes live
     */
    private record View(int others, Map<String, Rivals> byType) {}

    /**
     * The other nodes that perform tasks of a type.
     *
     * @param withheld a bit for each bucket that prefers one of them
     */
    private record Rivals(Set<String> nodes, long withheld) {
        private static final Rivals NONE = new Rivals(Set.of(), 0);
    }

    /** Creates it for a node that performs tasks of these types; {@code warnings} get a sentence when looks begin to fail. */
    public NodeChoices(
            NodeStore nodes,
            Pins pins,
            TimeSource time,
            LongSupplier incarnation,
            Set<String> types,
            Consumer<String> warnings) {
        this.nodes = nodes;
        this.pins = pins;
        this.incarnation = incarnation;
        this.types = Set.copyOf(types);
        this.poll = new StorePoll(time, Duration.ZERO, LOOK_INTERVAL, "other nodes cannot be looked at", warnings);
    }

    /** Looks at the nodes, if it is time to. What cannot be read now stays as it was. */
    public void look() {
        // Claims go on when it fails: of several stores only this one may be down.
        poll.poll(() -> look(nodes.nodes()));
    }

    private void look(List<NodeRecord> all) {
        List<NodeRecord> live =
                all.stream().filter(node -> node.state() == NodeState.LIVE).toList();
        long own = incarnation.getAsLong();
        Map<Long, String> names = names(live);
        pins.look(all, names, own, types);
        Map<String, Rivals> byType = new HashMap<>();
        Map<Set<String>, Rivals> known = new HashMap<>();
        for (String type : types) {
            Set<String> rivals = new TreeSet<>();
            for (NodeRecord node : live) {
                if (node.incarnation() != own && node.info().capabilities().contains(type)) {
                    rivals.add(Objects.requireNonNull(names.get(node.incarnation())));
                }
            }
            // One that was ordered off claims nothing, and is preferred by no key.
            String self = names.get(own);
            byType.put(type, self == null ? Rivals.NONE : known.computeIfAbsent(rivals, set -> rivals(self, set)));
        }
        int others =
                (int) live.stream().filter(node -> node.incarnation() != own).count();
        view = new View(others, Map.copyOf(byType));
    }

    /** By name, so that a node that is started again has its keys again; several of one name are told apart by their incarnation. */
    private static Map<Long, String> names(List<NodeRecord> live) {
        Set<String> seen = new HashSet<>();
        Set<String> several = new HashSet<>();
        live.forEach(node -> {
            if (!seen.add(node.info().name())) {
                several.add(node.info().name());
            }
        });
        Map<Long, String> names = new HashMap<>();
        live.forEach(node -> {
            String name = node.info().name();
            names.put(node.incarnation(), several.contains(name) ? name + "#" + node.incarnation() : name);
        });
        return names;
    }

    private static Rivals rivals(String self, Set<String> rivals) {
        if (rivals.isEmpty()) {
            return Rivals.NONE;
        }
        Map<String, Integer> loads = new TreeMap<>();
        rivals.forEach(node -> loads.put(node, 0));
        loads.put(self, 0);
        long withheld = 0;
        for (int bucket = 0; bucket < AffinityBucket.COUNT; bucket++) {
            String preferred = Placement.choose("affinity-" + bucket, loads, Placement.DEFAULT_SLACK);
            loads.merge(preferred, 1, Integer::sum);
            if (!preferred.equals(self)) {
                withheld |= 1L << bucket;
            }
        }
        return new Rivals(Set.copyOf(rivals), withheld);
    }

    /** The buckets of keys that prefer other nodes, a bit each, by the type of the tasks; types without such buckets are absent. */
    public Map<String, Long> withheld() {
        Map<String, Long> withheld = new HashMap<>();
        view.byType().forEach((type, rivals) -> {
            if (rivals.withheld() != 0) {
                withheld.put(type, rivals.withheld());
            }
        });
        return withheld;
    }

    /** The buckets of pinned tasks that this incarnation has. */
    public Map<String, Long> pinned(long own) {
        return pins.of(own);
    }

    /** How many other nodes perform tasks of a type. */
    public int rivals(String type) {
        return view.byType().getOrDefault(type, Rivals.NONE).nodes().size();
    }

    /** Why this node, and no other one, has claimed a task. */
    public NodeReason reason(TaskRequest request) {
        if (request.options().isPinned()) {
            return NodeReason.PINNED;
        }
        View seen = view;
        Rivals rivals = seen.byType().getOrDefault(request.type(), Rivals.NONE);
        if (rivals.nodes().isEmpty()) {
            return seen.others() == 0 ? NodeReason.ONLY_NODE : NodeReason.ONLY_CAPABLE;
        }
        return request.options()
                .affinity()
                .map(key -> (rivals.withheld() >>> AffinityBucket.of(key) & 1) == 0
                        ? NodeReason.PREFERRED
                        : NodeReason.FALLBACK)
                .orElse(NodeReason.FIRST_TO_CLAIM);
    }
}
