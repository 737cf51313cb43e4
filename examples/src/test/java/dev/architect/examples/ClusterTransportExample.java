package dev.architect.examples;

import dev.architect.cluster.transport.StoreTransport;
import dev.architect.spi.ClusterTransport;
import dev.architect.spi.Store;
import dev.architect.transport.jgroups.JGroupsTransport;
import dev.architect.transport.jgroups.TransportTls;
import java.net.InetAddress;
import java.nio.file.Path;

/** The examples of the page on transports. */
final class ClusterTransportExample {

    private ClusterTransportExample() {}

    static ClusterTransport onOneMachine() {
        return JGroupsTransport.builder("orders").build();
    }

    static ClusterTransport onSeveralMachines(InetAddress address, String password) {
        return JGroupsTransport.builder("orders")
                .bindAddress(address)
                .port(7800)
                .tls(TransportTls.of(Path.of("node-1.p12"), password, Path.of("trust.p12"), password))
                .build();
    }

    static ClusterTransport withoutAPort(Store store) {
        return StoreTransport.over(store);
    }
}
