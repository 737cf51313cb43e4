package dev.architect.transport.jgroups;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract over TLS. */
@Tag("slow")
final class TlsContractTest extends JGroupsTransportContractTest {

    private static TransportTls tls;

    @BeforeAll
    static void makeKeys() throws Exception {
        tls = KeyStores.of(KeyStores.shared(), "node-1");
    }

    @Override
    JGroupsTransport.Builder builder() {
        return super.builder().tls(tls);
    }
}
