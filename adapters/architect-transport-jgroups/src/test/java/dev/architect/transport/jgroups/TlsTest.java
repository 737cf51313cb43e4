package dev.architect.transport.jgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.architect.transport.jgroups.TransportStartException.Problem;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members with certificates, and peers without. The key stores are made by the commands of the how-to page. */
final class TlsTest {

    private static Path keys;

    private final List<JGroupsTransport> opened = new ArrayList<>();

    @TempDir
    Path directory;

    @BeforeAll
    static void makeKeys() throws Exception {
        keys = KeyStores.shared();
    }

    @AfterEach
    void closeTransports() {
        opened.forEach(JGroupsTransport::close);
    }

    @Test
    void membersWithCertificatesOfOneAuthorityTalk() {
        List<String> atOne = new CopyOnWriteArrayList<>();
        JGroupsTransport one = started("one", KeyStores.of(keys, "node-1"), List.of(), atOne);
        JGroupsTransport two = started("two", KeyStores.of(keys, "node-2"), List.of(one.address()), new ArrayList<>());

        Waiting.until(
                "both",
                () -> one.view().members().equals(Set.of("one", "two"))
                        && two.view().members().equals(Set.of("one", "two")));
        Waiting.until("a message", () -> {
            two.send("one", new byte[8_192]);
            return atOne.contains("two");
        });
        assertThat(one.refusedCount() + two.refusedCount()).isZero();

        two.close();
        Waiting.until("one is alone", () -> one.view().members().equals(Set.of("one")));
        one.close();
        JGroupsTransportTest.assertNothingIsLeft();
    }

    @Test
    void anAddressThatIsNotLoopbackWorksWithTls() throws Exception {
        Optional<InetAddress> outside = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst();
        assumeThat(outside).as("this machine has an address besides loopback").isPresent();
        JGroupsTransport one = built(
                JGroupsTransport.builder("cluster").bindAddress(outside.get()).tls(KeyStores.of(keys, "node-1")));
        one.start("one", (from, message) -> {});
        JGroupsTransport two = built(JGroupsTransport.builder("cluster")
                .bindAddress(outside.get())
                .tls(KeyStores.of(keys, "node-2"))
                .peers(List.of(one.address())));
        two.start("two", (from, message) -> {});

        Waiting.until("both", () -> one.view().members().equals(Set.of("one", "two")));
        assertThat(one.address()).startsWith(outside.get().getHostAddress() + ":");
    }

    @Test
    void aMemberWithoutTlsAndOneWithItNeverSeeEachOtherAndLogOneLine() {
        JGroupsTransport secured = started("secured", KeyStores.of(keys, "node-1"), List.of(), new ArrayList<>());
        JGroupsTransport plain = started("plain", null, List.of(secured.address()), new ArrayList<>());
        secured.peers(List.of(plain.address()));

        Waiting.until("several tries", () -> secured.refusedCount() > 2 && plain.refusedCount() > 1);

        assertThat(secured.view().members()).containsExactly("secured");
        assertThat(plain.view().members()).containsExactly("plain");
        assertThat(secured.notices().logged())
                .singleElement()
                .asString()
                .contains("no TLS or no certificate that the trust store accepts");
        assertThat(plain.notices().logged())
                .singleElement()
                .asString()
                .contains("not a member of a cluster, or one with TLS while this one has none");
    }

    @Test
    void aCertificateOfAnotherAuthorityIsNotAccepted() throws Exception {
        JGroupsTransport one = started("one", KeyStores.of(keys, "node-1"), List.of(), new ArrayList<>());
        JGroupsTransport foreign =
                started("foreign", KeyStores.stranger(true), List.of(one.address()), new ArrayList<>());
        one.peers(List.of(foreign.address()));

        Waiting.until("several tries", () -> one.refusedCount() > 2 && foreign.refusedCount() > 2);

        assertThat(one.view().members()).containsExactly("one");
        assertThat(foreign.view().members()).containsExactly("foreign");
        assertThat(one.notices().logged()).hasSize(1);
    }

    @Test
    void aMemberThatTrustsButIsNotTrustedIsLeftOut() throws Exception {
        // The right trust store with a key of another authority: only the other side can refuse it.
        JGroupsTransport one = started("one", KeyStores.of(keys, "node-1"), List.of(), new ArrayList<>());
        JGroupsTransport intruder =
                started("intruder", KeyStores.stranger(false), List.of(one.address()), new ArrayList<>());

        Waiting.until("several tries", () -> one.refusedCount() > 2);

        assertThat(one.view().members()).containsExactly("one");
        assertThat(intruder.view().members()).containsExactly("intruder");
    }

    @Test
    void storesThatCannotBeUsedAreTypedErrorsWithoutPasswords() throws IOException {
        Path node = keys.resolve("node-1.p12");
        Path trust = keys.resolve("trust.p12");
        Path missing = directory.resolve("missing.p12");
        Path garbage = Files.writeString(directory.resolve("garbage.p12"), "garbage");

        assertRefused(
                TransportTls.of(missing, "secret", trust, "secret"), Problem.KEY_STORE, "missing.p12 cannot be read");
        assertRefused(
                TransportTls.of(garbage, "secret", trust, "secret"), Problem.KEY_STORE, "garbage.p12 cannot be read");
        assertRefused(
                TransportTls.of(node, "wrong-password", trust, "secret"),
                Problem.KEY_STORE,
                "node-1.p12 does not open with the given password");
        assertRefused(TransportTls.of(trust, "secret", trust, "secret"), Problem.KEY_STORE, "has no private key");
        assertRefused(
                TransportTls.of(node, "secret", missing, "secret"), Problem.TRUST_STORE, "missing.p12 cannot be read");
        assertRefused(
                TransportTls.of(node, "secret", trust, "wrong-password"),
                Problem.TRUST_STORE,
                "trust.p12 does not open with the given password");
        assertThat(TransportTls.of(node, "secret", trust, "secret").toString())
                .contains("node-1.p12")
                .doesNotContain("secret");
        JGroupsTransportTest.assertNothingIsLeft();
    }

    private void assertRefused(TransportTls tls, Problem problem, String message) {
        JGroupsTransport transport = built(JGroupsTransport.builder("cluster").tls(tls));
        assertThatThrownBy(() -> transport.start("self", (from, content) -> {}))
                .isInstanceOf(TransportStartException.class)
                .hasMessageContaining(message)
                .satisfies(failure -> {
                    assertThat(((TransportStartException) failure).problem()).isEqualTo(problem);
                    assertThat(failure.getMessage()).doesNotContain("wrong-password");
                });
    }

    private JGroupsTransport started(String name, TransportTls tls, List<String> peers, List<String> senders) {
        JGroupsTransport.Builder builder = JGroupsTransport.builder("cluster").peers(peers);
        if (tls != null) {
            builder.tls(tls);
        }
        JGroupsTransport transport = built(builder);
        transport.start(name, (from, message) -> senders.add(from));
        return transport;
    }

    private JGroupsTransport built(JGroupsTransport.Builder builder) {
        JGroupsTransport transport = builder.build();
        opened.add(transport);
        return transport;
    }
}
