package dev.architect.runtime;

import dev.architect.cluster.transport.StoreTransport;
import dev.architect.error.DidYouMean;
import dev.architect.factory.ClusterTransportFactory;
import dev.architect.spi.ClusterTransport;
import dev.architect.spi.SecretSource;
import dev.architect.spi.Store;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The transports that a configuration may name: the two that are always there, and those of adapters. Immutable. */
final class TransportFactories {

    private final Map<String, ClusterTransportFactory> byName = new TreeMap<>();

    private TransportFactories() {}

    /**
     * Returns those that {@link java.util.ServiceLoader} finds.
     *
     * @throws IllegalStateException when two have one name
     */
    static TransportFactories load() {
        TransportFactories found = new TransportFactories();
        for (ClusterTransportFactory factory :
                AdapterSearch.of(ClusterTransportFactory.class).found()) {
            if (found.byName.putIfAbsent(factory.name(), factory) != null) {
                throw new IllegalStateException("transport '" + factory.name() + "' is given twice, expected once");
            }
        }
        return found;
    }

    /** The adapter of that name; empty for the transports that need none, and for unknown ones. */
    Optional<ClusterTransportFactory> of(String transport) {
        return Optional.ofNullable(byName.get(transport));
    }

    /** Whether a configuration may name it. */
    boolean has(String transport) {
        return names().contains(transport);
    }

    /** Their names, in alphabetical order. */
    Set<String> names() {
        Set<String> names = new TreeSet<>(byName.keySet());
        names.add(ClusterConfiguration.NONE);
        names.add(ClusterConfiguration.STORE);
        return names;
    }

    /** What to write in place of an unknown name, for messages. */
    String expected(String transport) {
        return DidYouMean.of(transport, names())
                .map(near -> "did you mean '" + near + "'?")
                .orElse("expected one of " + String.join(", ", names()) + ", or its jar on the class path");
    }

    /**
     * Makes the transport that a configuration names, for the nodes on {@code store}; empty when it names none. Not started.
     *
     * @throws IllegalArgumentException when no adapter has it, or the adapter does not take its options
     */
    Optional<ClusterTransport> create(ClusterConfiguration cluster, Store store, SecretSource secrets) {
        return switch (cluster.transport()) {
            case ClusterConfiguration.NONE -> Optional.empty();
            case ClusterConfiguration.STORE -> Optional.of(StoreTransport.over(store));
            default ->
                Optional.of(of(cluster.transport())
                        .orElseThrow(() -> new IllegalArgumentException(
                                "transport is '" + cluster.transport() + "', " + expected(cluster.transport())))
                        .create(cluster.options(), secrets));
        };
    }
}
