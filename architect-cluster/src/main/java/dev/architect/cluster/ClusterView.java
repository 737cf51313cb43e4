package dev.architect.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The nodes as one of them sees them. Further components will only be added at the end.
 *
 * @param nodes those of the registry, ended ones of the last hours included, by incarnation
 * @param unseen who does not see whom although both beat, for three seconds at least
 * @param isolated members of the transport that do not belong here, each with the reason
 * @param store how this node sees the store
 * @param age how long ago the registry was read; empty when it was not yet
 */
public record ClusterView(
        List<NodeView> nodes,
        List<Unseen> unseen,
        Map<String, String> isolated,
        StoreSight store,
        Optional<Duration> age) {

    /**
     * A node does not see another one.
     *
     * @param node the name of the one that does not see
     * @param other the name of the one that is not seen
     */
    public record Unseen(String node, String other) {

        /** Checks the names. */
        public Unseen {
            Given.notBlank("node", node);
            Given.notBlank("other", other);
        }
    }

    /** Copies the collections. */
    public ClusterView {
        nodes = List.copyOf(Given.notNull("nodes", nodes));
        unseen = List.copyOf(Given.notNull("unseen", unseen));
        isolated = Map.copyOf(Given.notNull("isolated", isolated));
        Given.notNull("store", store);
        Given.notNull("age", age);
    }

    /** The nodes that keep their tasks. */
    public List<NodeView> living() {
        return nodes.stream().filter(node -> node.record().state().isAlive()).toList();
    }

    /** Whether nodes that beat see different members. Work goes on all the same; hints and gossip do not reach everyone. */
    public boolean isSplit() {
        return !unseen.isEmpty();
    }

    /** Who sees whom, for people: {@code a sees a, b; b sees a, b; c sees c}. A node that was not heard of is said to be that. */
    public String describeViews() {
        StringBuilder text = new StringBuilder();
        for (NodeView node : living()) {
            text.append(text.length() == 0 ? "" : "; ").append(node.name());
            String unknown = node.record().info().member().isEmpty() ? " has no transport" : " was not heard of";
            text.append(node.sees()
                    .map(names -> " sees " + String.join(", ", new TreeSet<>(names)))
                    .orElse(unknown));
        }
        return text.toString();
    }
}
