package dev.architect.cluster;

import dev.architect.node.NodeInfo;
import dev.architect.spi.ClusterTransport;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import java.util.Optional;

/**
 * Wires a {@link Cluster}. Builds once. The store and the transport belong to the cluster from {@link #build()} on, and are closed with it, also
 * when that fails. Not safe for use by several threads.
 */
public final class ClusterBuilder {

    private static final String DEFAULT_NAME = "node";

    /** So much of a name is a part of the member's name; the rest of that tells two members apart. */
    static final int MAX_NAME = 100;

    final Store store;
    Optional<ClusterTransport> transport = Optional.empty();
    String nodeName = DEFAULT_NAME;
    TimeSource time = TimeSource.system();
    boolean sendsHints = true;
    private boolean built;

    ClusterBuilder(Store store) {
        this.store = Given.notNull("store", store);
    }

    /** What carries messages between the nodes; not started. Without one, nodes learn of each other and of changes by the store alone. */
    public ClusterBuilder transport(ClusterTransport chosen) {
        transport = Optional.of(Given.notNull("transport", chosen));
        return this;
    }

    /**
     * What the member's name begins with; {@code node} by default. Use the name of the node, as in {@code ArchitectBuilder.nodeName}: the registry
     * has that one.
     *
     * @throws IllegalArgumentException when it is blank, or longer than {@link NodeInfo#MAX_LENGTH}
     */
    public ClusterBuilder nodeName(String name) {
        nodeName = Given.atMost("nodeName", Given.notBlank("nodeName", name), NodeInfo.MAX_LENGTH);
        return this;
    }

    /** Clocks and randomness; the system's by default. */
    public ClusterBuilder time(TimeSource chosen) {
        time = Given.notNull("time", chosen);
        return this;
    }

    /**
     * Whether other nodes are told at once of tasks that are ready, ended or to be cancelled; true by default. Without it they look by
     * themselves, four times a second.
     */
    public ClusterBuilder hints(boolean areSent) {
        sendsHints = areSent;
        return this;
    }

    /**
     * Starts the transport and the threads of the cluster. Blocks while the store is asked for its identity and its nodes, and while the
     * transport starts.
     *
     * @throws IllegalStateException when it was called before
     * @throws dev.architect.error.StoreException when the store fails
     * @throws dev.architect.error.ArchitectException when the transport cannot start, for example because its port is taken
     */
    public Cluster build() {
        if (built) {
            throw new IllegalStateException("build() was called twice, expected once");
        }
        built = true;
        return new Cluster(this);
    }
}
