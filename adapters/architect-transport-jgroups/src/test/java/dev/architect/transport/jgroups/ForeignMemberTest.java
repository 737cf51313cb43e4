package dev.architect.transport.jgroups;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.transport.jgroups.NodeFrame.Kind;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.CompositeMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.ObjectMessage;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FRAG2;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.MFC;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A program with the library's own stack joins the cluster, as every process of the machine may, and sends what no member does. */
final class ForeignMemberTest {

    private static final AtomicInteger READ = new AtomicInteger();

    private final List<String> received = new CopyOnWriteArrayList<>();
    private JGroupsTransport member;
    private JChannel foreign;

    /** Counts when it is read by Java serialisation. */
    private static final class Payload implements Serializable {
        private static final long serialVersionUID = 1L;

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            READ.incrementAndGet();
        }
    }

    @BeforeEach
    void join() throws Exception {
        READ.set(0);
        member = JGroupsTransport.builder("cluster").build();
        member.start("member", (from, message) -> received.add(from + ":" + message.length));
        String address = member.address();
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        TCP tcp = new TCP();
        tcp.setBindAddress(InetAddress.getByName("127.0.0.1"))
                .setBindPort(20_000)
                .setPortRange(20_000);
        foreign = new JChannel(
                tcp,
                new TCPPING().setInitialHosts(List.of(new InetSocketAddress("127.0.0.1", port))),
                new MERGE3(),
                new FD_ALL3(),
                new VERIFY_SUSPECT2(),
                new NAKACK2().useMcastXmit(false),
                new UNICAST3(),
                new STABLE(),
                new GMS().printLocalAddress(false),
                new UFC(),
                new MFC(),
                new FRAG2());
        foreign.connect("cluster");
        // Where it found no member in time it is alone at first, and merged later.
        Waiting.until(
                "the foreign program is in the view of the library",
                () -> foreign.getView().size() == 2);
    }

    @AfterEach
    void leave() {
        foreign.close();
        member.close();
    }

    @Test
    void objectsAreNeverReadByJavaSerialisation() throws Exception {
        for (Address to : new Address[] {null, memberAddress()}) {
            send(new ObjectMessage(to, new Payload()));
            send(new BytesMessage(to, (Object) new Payload()));
            send(new CompositeMessage(to, new ObjectMessage(to, new Payload())));
            Message large = new ObjectMessage(to, new Payload());
            large.setFlag(Message.Flag.OOB);
            send(large);
        }

        Waiting.until("they were refused", () -> member.refusedCount() >= 6);
        assertThat(READ).hasValue(0);
        assertGoesOn();
    }

    @Test
    void framesThatAreUnknownAreDroppedAndLoggedOnce() throws Exception {
        byte[] frame = new NodeFrame(Kind.MESSAGE, "foreign", new byte[3]).toBytes();
        byte[] newer = frame.clone();
        newer[4] = NodeFrame.VERSION + 1;
        for (int i = 0; i < 10; i++) {
            send(new BytesMessage(memberAddress(), newer));
            send(new BytesMessage(memberAddress(), new byte[0]));
            send(new BytesMessage(memberAddress(), new byte[100]));
        }
        send(new BytesMessage(memberAddress(), frame));

        // A frame of the known version makes the program a member like any other.
        Waiting.until("the good frame", () -> received.equals(List.of("foreign:3")));
        assertThat(member.refusedCount()).isGreaterThanOrEqualTo(20);
        assertThat(member.notices().logged()).hasSizeLessThanOrEqualTo(2);
        Waiting.until("it has a name", () -> member.view().members().equals(Set.of("member", "foreign")));
    }

    @Test
    void aProgramThatSaysNoNameIsNoMember() {
        assertThat(member.view().members()).containsExactly("member");
        member.broadcast(new byte[1]);

        assertGoesOn();
    }

    private void assertGoesOn() {
        try (JGroupsTransport other = JGroupsTransport.builder("cluster")
                .peers(List.of(member.address()))
                .build()) {
            other.start("other", (from, message) -> {});
            Waiting.until("a message of a member", () -> {
                other.send("member", new byte[5]);
                return received.contains("other:5");
            });
            assertThat(received).containsOnly("other:5");
            assertThat(member.view().members()).containsExactlyInAnyOrder("member", "other");
        }
    }

    private Address memberAddress() {
        return foreign.getView().getMembers().stream()
                .filter(address -> !address.equals(foreign.getAddress()))
                .findFirst()
                .orElseThrow();
    }

    private void send(Message message) throws Exception {
        foreign.send(message);
    }
}
