package dev.architect.runtime;

import dev.architect.factory.ClusterTransportFactory;
import dev.architect.factory.FactoryOptions;
import dev.architect.spi.ClusterTransport;
import dev.architect.spi.SecretSource;
import dev.architect.testkit.cluster.LoopbackTransport;
import java.util.Set;

/** The transport {@code pigeon} of a third party, as the service file of these tests lists it. */
public final class ListedTransportFactory implements ClusterTransportFactory {

    static final LoopbackTransport.Hub NETWORK = new LoopbackTransport.Hub();

    @Override
    public String name() {
        return "pigeon";
    }

    @Override
    public Set<String> options() {
        return Set.of("bindAddress", "port", "keyStore");
    }

    @Override
    public Set<String> fileOptions() {
        return Set.of("keyStore");
    }

    @Override
    public void check(FactoryOptions options) {
        options.requireOnly(options());
        if (options.text("bindAddress").filter("10.0.0.1"::equals).isPresent()
                && options.text("keyStore").isEmpty()) {
            throw new IllegalArgumentException("bindAddress is '10.0.0.1', expected keyStore with it");
        }
        options.integer("port", 0, 65_535);
    }

    @Override
    public ClusterTransport create(FactoryOptions options, SecretSource secrets) {
        check(options);
        return new LoopbackTransport(NETWORK);
    }
}
