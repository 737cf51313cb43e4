package dev.architect.transport.jgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.architect.node.MemberView;
import dev.architect.spi.ClusterTransport.Receiver;
import dev.architect.testkit.time.ThreadEnds;
import dev.architect.transport.jgroups.TransportStartException.Problem;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jgroups.JChannel;
import org.jgroups.Version;
import org.jgroups.blocks.cs.Connection;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.ByteArrayDataOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class JGroupsTransportTest {

    private static final String LOOPBACK = "127.0.0.1";

    private final List<JGroupsTransport> opened = new ArrayList<>();

    @AfterEach
    void closeTransports() {
        opened.forEach(JGroupsTransport::close);
    }

    @Test
    void threeMembersOnLoopbackTalk() {
        List<String> atOne = new CopyOnWriteArrayList<>();
        JGroupsTransport one = started("cluster", "one", List.of(), atOne);
        JGroupsTransport two = started("cluster", "two", List.of(one.address()), new ArrayList<>());
        JGroupsTransport three = started("cluster", "three", List.of(two.address()), new ArrayList<>());

        Waiting.until(
                "three members",
                () -> Stream.of(one, two, three)
                        .allMatch(member -> member.view().members().equals(Set.of("one", "two", "three"))));
        Waiting.until("messages of both", () -> {
            two.send("one", new byte[] {1});
            three.broadcast(new byte[] {2});
            return atOne.contains("two") && atOne.contains("three");
        });

        assertThat(one.address()).matches("127\\.0\\.0\\.1:\\d+");
        assertThat(one.refusedCount()).isZero();
        assertThat(one.droppedCount()).isZero();
    }

    @Test
    void membersThatLearnOfEachOtherLaterBecomeOneCluster() {
        JGroupsTransport one = started("cluster", "one", List.of(), new ArrayList<>());
        JGroupsTransport two = started("cluster", "two", List.of(), new ArrayList<>());
        assertThat(one.view().members()).containsExactly("one");

        one.peers(List.of(two.address()));

        Waiting.until(
                "both members",
                () -> one.view().members().size() == 2 && two.view().members().size() == 2);
    }

    @Test
    void addressesThatAreNoneAreLeftOut() {
        JGroupsTransport one = started("cluster", "one", List.of(), new ArrayList<>());

        JGroupsTransport two = started(
                "cluster",
                "two",
                List.of(
                        "",
                        "nonsense",
                        "127.0.0.1",
                        "127.0.0.1:0",
                        "127.0.0.1:x",
                        "127.0.0.1:99999",
                        ":1",
                        one.address()),
                new ArrayList<>());

        Waiting.until("both members", () -> two.view().members().size() == 2);
        assertThat(two.notices().logged())
                .hasSize(6)
                .allMatch(line -> line.contains("expected a known host and a port"));
    }

    @Test
    void aPortThatIsTakenIsATypedErrorAndNothingStaysOpen() throws IOException {
        JGroupsTransport transport;
        int port;
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName(LOOPBACK))) {
            port = other.getLocalPort();
            transport = built(JGroupsTransport.builder("cluster").port(port));

            assertThatThrownBy(() -> transport.start("self", ignoring()))
                    .isInstanceOf(TransportStartException.class)
                    .hasMessage("port " + port + " of 127.0.0.1 cannot be bound, expected a free one")
                    .satisfies(failure -> assertThat(((TransportStartException) failure).problem())
                            .isEqualTo(Problem.PORT));
            assertThat(transport.view()).isEqualTo(MemberView.NONE);
            assertNothingIsLeft();
        }

        transport.start("self", ignoring());
        assertThat(transport.address()).isEqualTo(LOOPBACK + ":" + port);
    }

    @Test
    void anAddressOfAnotherMachineIsATypedError() throws Exception {
        Path directory = KeyStores.shared();
        JGroupsTransport transport = built(JGroupsTransport.builder("cluster")
                .bindAddress(InetAddress.getByName("192.0.2.1"))
                .tls(KeyStores.of(directory, "node-1")));

        assertThatThrownBy(() -> transport.start("self", ignoring()))
                .isInstanceOf(TransportStartException.class)
                .hasMessage("bind address is 192.0.2.1, expected one of this machine")
                .satisfies(failure -> assertThat(((TransportStartException) failure).problem())
                        .isEqualTo(Problem.ADDRESS));
        assertNothingIsLeft();
    }

    @Test
    void everyAddressButLoopbackDemandsTls() throws IOException {
        JGroupsTransport.Builder open =
                JGroupsTransport.builder("cluster").bindAddress(InetAddress.getByName("192.0.2.1"));
        JGroupsTransport.Builder all =
                JGroupsTransport.builder("cluster").bindAddress(InetAddress.getByName("0.0.0.0"));

        assertThatThrownBy(open::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bind address is 192.0.2.1 and there is no TLS, expected TLS for every address but those"
                        + " of loopback");
        assertThatThrownBy(all::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bind address is 0.0.0.0, expected the one address that other nodes reach");
    }

    @Test
    void argumentsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> JGroupsTransport.builder(" ")).hasMessage("cluster is blank, expected a name");
        assertThatThrownBy(() -> JGroupsTransport.builder("x".repeat(101)))
                .hasMessage("cluster has 101 characters, expected at most 100");
        assertThatThrownBy(() -> JGroupsTransport.builder("c").port(65_536))
                .hasMessage("port is 65536, expected 0..65535");
        assertThatThrownBy(() -> built(JGroupsTransport.builder("c")).start("", ignoring()))
                .hasMessage("member is blank, expected a name");
        assertThatThrownBy(() -> built(JGroupsTransport.builder("c")).start("x".repeat(201), ignoring()))
                .hasMessageContaining("201");
    }

    @Test
    void namesOfAnyLettersTravel() {
        String name = "kn\u00f6ten \ud83d\ude00 [1]: a/b".repeat(8);
        List<String> senders = new CopyOnWriteArrayList<>();
        JGroupsTransport one = started("cl\u00fcster \u540d", "one", List.of(), senders);
        JGroupsTransport two = started("cl\u00fcster \u540d", name, List.of(one.address()), new ArrayList<>());

        Waiting.until("both", () -> one.view().members().equals(Set.of("one", name)));
        Waiting.until("a message", () -> {
            two.broadcast(new byte[1]);
            return senders.contains(name);
        });
    }

    @Test
    void clusterNamesThatDifferInForeignLettersAreDifferent() {
        JGroupsTransport one = started("cluster \u00fc", "one", List.of(), new ArrayList<>());
        JGroupsTransport two = started("cluster \u01fc", "two", List.of(one.address()), new ArrayList<>());

        Waiting.until("messages of the other cluster", () -> one.refusedCount() > 0);

        assertThat(two.view().members()).containsExactly("two");
    }

    @Test
    void aNameThatAnotherMemberHasIsRefused() {
        JGroupsTransport first = started("cluster", "same", List.of(), new ArrayList<>());
        JGroupsTransport second = built(JGroupsTransport.builder("cluster").peers(List.of(first.address())));

        assertThatThrownBy(() -> second.start("same", ignoring()))
                .isInstanceOf(TransportStartException.class)
                .hasMessage("another member of cluster 'cluster' is named 'same', expected a name of its own")
                .satisfies(failure -> assertThat(((TransportStartException) failure).problem())
                        .isEqualTo(Problem.NAME_TAKEN));

        second.start("other", ignoring());
        Waiting.until("both", () -> first.view().members().equals(Set.of("same", "other")));
    }

    @Test
    void ofTwoMembersWithOneNameThatMeetLaterTheYoungerIsIsolated() {
        List<String> atFriend = new CopyOnWriteArrayList<>();
        JGroupsTransport first = started("cluster", "same", List.of(), new ArrayList<>());
        JGroupsTransport friend = started("cluster", "friend", List.of(first.address()), atFriend);
        JGroupsTransport second = started("cluster", "same", List.of(), new ArrayList<>());

        second.peers(List.of(first.address(), friend.address()));
        first.peers(List.of(second.address()));

        // Which of the two is the younger one the merge decides.
        Waiting.until(
                "one is on its own",
                () -> Stream.of(first, second).anyMatch(member -> member.membership() != null && isIsolated(member)));
        JGroupsTransport isolated = isIsolated(first) ? first : second;
        JGroupsTransport other = isolated == first ? second : first;
        Waiting.until("the others go on", () -> {
            other.broadcast(new byte[1]);
            return other.view().members().equals(Set.of("same", "friend")) && atFriend.contains("same");
        });
        isolated.broadcast(new byte[1]);
        isolated.send("friend", new byte[1]);
        assertThat(isolated.view().members()).containsExactly("same");
    }

    private static boolean isIsolated(JGroupsTransport member) {
        Membership membership = member.membership();
        JChannel channel = membership == null ? null : membership.channel();
        return channel != null && channel.isClosed();
    }

    @Test
    void clustersOfDifferentNamesNeverMixAndLogOneLine() {
        JGroupsTransport one = started("first", "one", List.of(), new ArrayList<>());
        JGroupsTransport two = started("second", "two", List.of(one.address()), new ArrayList<>());
        one.peers(List.of(two.address()));

        Waiting.until("several messages of the other cluster", () -> one.refusedCount() > 2 && two.refusedCount() > 2);

        assertThat(one.view().members()).containsExactly("one");
        assertThat(two.view().members()).containsExactly("two");
        assertThat(one.notices().logged())
                .singleElement()
                .asString()
                .startsWith("messages of cluster 'second' are dropped, expected cluster 'first'");
        assertThat(two.notices().logged()).hasSize(1);
    }

    @Test
    void garbageOnThePortDoesNoHarm() throws Exception {
        List<String> atOne = new CopyOnWriteArrayList<>();
        JGroupsTransport one = started("cluster", "one", List.of(), atOne);
        JGroupsTransport two = started("cluster", "two", List.of(one.address()), new ArrayList<>());
        Waiting.until("both", () -> one.view().members().size() == 2);
        Random random = new Random(1);
        byte[] greeting = greeting();
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            byte[] garbage = new byte[1 + random.nextInt(2_000)];
            random.nextBytes(garbage);
            write(one, garbage);
            write(one, "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            // What begins as a member does, and goes on with garbage, with lengths that are too long, negative and of
            // nothing.
            write(one, greeting, garbage);
            write(one, greeting, new byte[] {0x7f, -1, -1, -1}, garbage);
            write(one, greeting, new byte[] {-1, -1, -1, -1}, garbage);
            write(one, greeting, new byte[] {0, 0, 4, 0}, frame(random));
            silent.add(new Socket(LOOPBACK, port(one)));
        }

        JGroupsTransport three = started("cluster", "three", List.of(one.address()), new ArrayList<>());
        Waiting.until(
                "three members",
                () -> Stream.of(one, two, three)
                        .allMatch(member -> member.view().members().equals(Set.of("one", "two", "three"))));
        Waiting.until("messages arrive", () -> {
            two.send("one", new byte[1]);
            three.send("one", new byte[1]);
            return atOne.contains("two") && atOne.contains("three");
        });
        assertThat(one.refusedCount()).isGreaterThan(100);
        assertThat(one.notices().logged()).hasSizeLessThan(10);
        for (Socket socket : silent) {
            socket.close();
        }
    }

    @Test
    void aPeerThatSaysNothingIsLeftBehind() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getByName(LOOPBACK))) {
            String trap = LOOPBACK + ":" + silent.getLocalPort();
            JGroupsTransport one = started("cluster", "one", List.of(trap), new ArrayList<>());
            JGroupsTransport two = started("cluster", "two", List.of(trap, one.address()), new ArrayList<>());

            Waiting.until(
                    "both",
                    () -> one.view().members().size() == 2
                            && two.view().members().size() == 2);
        }
    }

    @Test
    void threadsAndSocketsAreGoneAfterTheEnd() throws Exception {
        long before = descriptors();
        JGroupsTransport one = started("cluster", "one", List.of(), new ArrayList<>());
        JGroupsTransport two = started("cluster", "two", List.of(one.address()), new ArrayList<>());
        Waiting.until("both", () -> one.view().members().size() == 2);
        int port = port(one);

        one.close();
        two.close();

        assertNothingIsLeft();
        assertThatThrownBy(() -> new Socket(LOOPBACK, port).close()).isInstanceOf(ConnectException.class);
        assertThat(one.address()).isEmpty();
        assumeThat(before).as("open files can be counted").isPositive();
        Waiting.until("no socket is left", () -> descriptors() <= before);
    }

    @Test
    void theJarsAreSmall() throws Exception {
        Path library = Path.of(URI.create(JChannel.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()));
        Path own = Path.of(JGroupsTransport.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        long bytes = Files.size(library);
        if (Files.isDirectory(own)) {
            try (Stream<Path> files = Files.walk(own.resolve("dev/architect/transport/jgroups"))) {
                bytes += files.filter(Files::isRegularFile)
                        .mapToLong(file -> file.toFile().length())
                        .sum();
            }
        } else {
            bytes += Files.size(own);
        }

        System.out.println("adapter and JGroups have " + bytes + " bytes");
        assertThat(bytes).isBetween(2_000_000L, 3_000_000L);
    }

    private static long descriptors() {
        String[] open = Path.of("/proc/self/fd").toFile().list();
        return open == null
                ? 0
                : Stream.of(open).filter(JGroupsTransportTest::isSocket).count();
    }

    private static boolean isSocket(String descriptor) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd", descriptor))
                    .toString()
                    .startsWith("socket:");
        } catch (IOException closed) {
            return false;
        }
    }

    static void assertNothingIsLeft() {
        assertThat(ThreadEnds.await(thread -> thread.getName().startsWith("architect-cluster")
                        || thread.getName().toLowerCase(Locale.ROOT).contains("jgroups")))
                .extracting(Thread::getName)
                .isEmpty();
    }

    /** What a member of the library sends first: its cookie, its version and an address. */
    private static byte[] greeting() throws Exception {
        ByteArrayDataOutputStream out = new ByteArrayDataOutputStream();
        out.write(Connection.cookie);
        out.writeShort(Version.version);
        IpAddress address = new IpAddress(LOOPBACK, 1);
        out.writeShort(address.serializedSize());
        address.writeTo(out);
        return Arrays.copyOf(out.buffer(), out.position());
    }

    /** A frame of 1,024 bytes that has the right version, random flags and a random rest. */
    private static byte[] frame(Random random) {
        byte[] frame = new byte[1_024];
        random.nextBytes(frame);
        frame[0] = (byte) (Version.version >> 8);
        frame[1] = (byte) Version.version;
        frame[2] = (byte) random.nextInt(4);
        return frame;
    }

    private static void write(JGroupsTransport to, byte[]... parts) {
        try (Socket socket = new Socket(LOOPBACK, port(to))) {
            for (byte[] part : parts) {
                socket.getOutputStream().write(part);
            }
            socket.getOutputStream().flush();
        } catch (IOException turnedAway) {
            // The other side may have ended the connection already.
            assertThat(turnedAway).isNotNull();
        }
    }

    private static int port(JGroupsTransport transport) {
        String address = transport.address();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    private JGroupsTransport started(String cluster, String name, List<String> peers, List<String> senders) {
        JGroupsTransport transport = built(JGroupsTransport.builder(cluster).peers(peers));
        transport.start(name, (from, message) -> senders.add(from));
        return transport;
    }

    private JGroupsTransport built(JGroupsTransport.Builder builder) {
        JGroupsTransport transport = builder.build();
        opened.add(transport);
        return transport;
    }

    private static Receiver ignoring() {
        return (from, message) -> {};
    }
}
