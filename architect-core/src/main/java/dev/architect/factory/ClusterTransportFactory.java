package dev.architect.factory;

import dev.architect.spi.ClusterTransport;
import dev.architect.spi.SecretSource;
import java.util.Set;

/**
 * Makes the transports of one adapter, which pass small messages between the nodes of a cluster. Found as {@link StoreFactory} is, and with the
 * same demands on its class.
 */
public interface ClusterTransportFactory {

    /** The name of the transport in configurations, for example {@code jgroups}: lower-case letters, digits and dashes, a letter first. */
    String name();

    /** The names of the options that it takes; none by default. */
    default Set<String> options() {
        return Set.of();
    }

    /** The options whose values are paths of files, which hosts make absolute; none by default. */
    default Set<String> fileOptions() {
        return Set.of();
    }

    /**
     * Checks the options as far as that goes without opening anything.
     *
     * @throws IllegalArgumentException when there is an option that the adapter lacks, or a value that it does not take. The message
     *     begins with the name of the option
     */
    void check(FactoryOptions options);

    /**
     * Returns a new transport that is not started, which the caller closes. Opens no port and reads no secret before it is started.
     *
     * @param secrets where passwords are, by the names that options state
     * @throws IllegalArgumentException as {@link #check}
     */
    ClusterTransport create(FactoryOptions options, SecretSource secrets);
}
