package dev.architect.runtime;

import dev.architect.factory.FactoryOptions;
import java.util.Set;

/**
 * How the nodes on one store hear of each other, beyond what the store says. Immutable.
 *
 * @param transport {@link #NONE}, {@link #STORE}, or the name of a transport whose adapter is on the class path, for example {@code jgroups}
 * @param options what the transport's adapter takes, for example an address and a port
 */
public record ClusterConfiguration(String transport, FactoryOptions options) {

    /** No messages: each node looks at the store from time to time. */
    public static final String NONE = "none";

    /** Messages go through the store and need no port. */
    public static final String STORE = "store";

    /** The names of the transports that a configuration may state here, in alphabetical order; those of adapters on the class path included. */
    public static Set<String> transports() {
        return TransportFactories.load().names();
    }
}
