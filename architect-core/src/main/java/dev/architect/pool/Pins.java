package dev.architect.pool;

import dev.architect.document.DocumentChange;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.node.ClusterStore;
import dev.architect.node.NodeRecord;
import dev.architect.node.NodeState;
import dev.architect.node.Placement;
import dev.architect.node.SharedDocument;
import dev.architect.node.StaleDocumentException;
import dev.architect.task.AffinityBucket;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which node has the tasks that are pinned: for each type that has such tasks, each bucket of their keys belongs to one incarnation as long as
 * that one lives. A shared document, whose version is the epoch: it rises when a bucket gets another node, and a node that was slower than
 * another one has changed nothing.
 *
 * <p>A bucket that has no node, or whose node has ended, goes to the one that {@linkplain Placement rendezvous hashing} prefers of those that
 * perform the type and live. Each node takes its own. What a node has taken counts for its incarnation only, and an incarnation that has
 * ended claims nothing: no two nodes claim from a bucket at a time.
 *
 * <p>{@link #look} belongs to one thread; the rest may be called by several.
 */
public final class Pins {

    private static final String DOCUMENT = "architect.pins";
    private static final int MAX_TRIES = 100;

    private final ClusterStore store;
    private volatile Owned owned = new Owned(0, Map.of());

    /** The buckets of a node, a bit each, by type. */
    private record Owned(long incarnation, Map<String, Long> byType) {}

    /** Creates it for a node that has no bucket yet. */
    public Pins(ClusterStore store) {
        this.store = store;
    }

    /** Makes nodes take the buckets of types of which pinned tasks are submitted. Nothing for those that have been named before. */
    public static void name(ClusterStore store, Collection<String> types) {
        DocumentChange.apply(store, DOCUMENT, MAX_TRIES, document -> {
            Map<String, Map<String, String>> known = read(document);
            boolean isNew = !known.keySet().containsAll(types);
            types.forEach(type -> known.putIfAbsent(type, Map.of()));
            return isNew ? DocumentChange.to(JsonText.write(known), true) : DocumentChange.none(false);
        });
    }

    private static Map<String, Map<String, String>> read(Optional<SharedDocument> document) {
        Map<String, Map<String, String>> byType = new TreeMap<>();
        document.map(SharedDocument::text)
                .ifPresent(text -> JsonText.readObject(text)
                        .keySet()
                        .forEach(type -> byType.put(type, JsonFields.parse(text).textsByName(type))));
        return byType;
    }

    /**
     * Takes the buckets that are due to this node.
     *
     * @param nodes all nodes that the store has
     * @param names the names of live ones by incarnation, each once
     * @param own the incarnation of this node
     * @param types what it performs
     */
    public void look(List<NodeRecord> nodes, Map<Long, String> names, long own, Set<String> types) {
        Optional<SharedDocument> document = store.document(DOCUMENT);
        if (document.isEmpty()) {
            return;
        }
        Map<String, Map<String, String>> byType = read(document);
        Set<String> living = nodes.stream()
                .filter(node -> node.state().isAlive())
                .map(node -> Long.toString(node.incarnation()))
                .collect(Collectors.toSet());
        boolean isChanged = false;
        for (Map.Entry<String, Map<String, String>> type : byType.entrySet()) {
            if (types.contains(type.getKey()) && names.containsKey(own)) {
                Map<String, String> taken = taken(type.getKey(), type.getValue(), nodes, living, names, own);
                isChanged |= !taken.equals(type.getValue());
                type.setValue(taken);
            }
        }
        if (isChanged) {
            try {
                store.writeDocument(
                        DOCUMENT, document.map(SharedDocument::version).orElse(0L), JsonText.write(byType));
            } catch (StaleDocumentException changed) {
                // Another node has taken its own: what is left is taken with the next look.
                return;
            }
        }
        owned = new Owned(own, masks(byType, Long.toString(own)));
    }

    private static Map<String, String> taken(
            String type,
            Map<String, String> before,
            List<NodeRecord> nodes,
            Set<String> living,
            Map<Long, String> names,
            long own) {
        Map<String, Integer> loads = new TreeMap<>();
        Map<String, String> nameOf = new HashMap<>();
        for (NodeRecord node : nodes) {
            if (node.state() == NodeState.LIVE && node.info().capabilities().contains(type)) {
                String name = Objects.requireNonNull(names.get(node.incarnation()));
                loads.put(name, 0);
                nameOf.put(Long.toString(node.incarnation()), name);
            }
        }
        before.values().stream()
                .filter(nameOf::containsKey)
                .forEach(holder -> loads.merge(Objects.requireNonNull(nameOf.get(holder)), 1, Integer::sum));
        Map<String, String> after = new TreeMap<>(before);
        String self = names.get(own);
        for (int bucket = 0; bucket < AffinityBucket.COUNT; bucket++) {
            String holder = before.get(Integer.toString(bucket));
            if (holder == null || !living.contains(holder)) {
                // All nodes go through the buckets in one order, so each comes to the same.
                String preferred = Placement.choose("pin-" + bucket, loads, Placement.DEFAULT_SLACK);
                loads.merge(preferred, 1, Integer::sum);
                if (preferred.equals(self)) {
                    after.put(Integer.toString(bucket), Long.toString(own));
                }
            }
        }
        return after;
    }

    private static Map<String, Long> masks(Map<String, Map<String, String>> byType, String own) {
        Map<String, Long> masks = new HashMap<>();
        byType.forEach((type, holders) -> holders.forEach((bucket, holder) -> {
            if (holder.equals(own)) {
                masks.merge(type, 1L << Integer.parseInt(bucket), (one, other) -> one | other);
            }
        }));
        return Map.copyOf(masks);
    }

    /** The buckets of pinned tasks that an incarnation of this node has, a bit each, by type; types without any are absent. */
    public Map<String, Long> of(long incarnation) {
        Owned now = owned;
        return now.incarnation() == incarnation ? now.byType() : Map.of();
    }
}
