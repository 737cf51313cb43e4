package dev.architect.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.node.MemberView;
import dev.architect.spi.ClusterTransport;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class TransportFaultsTest {

    private static final int MESSAGES = 200;

    @Test
    void theSameSeedDoesTheSameAgain() {
        assertThat(history(TransportFaults.everything(7))).isEqualTo(history(TransportFaults.everything(7)));
        assertThat(history(TransportFaults.everything(7))).isNotEqualTo(history(TransportFaults.everything(8)));
    }

    @Test
    void messagesAreLostDoubledLateAndReordered() {
        List<String> lossy = arrivals(TransportFaults.builder(1).lost(0.5).build(), 1);
        List<String> doubling = arrivals(TransportFaults.builder(1).doubled(0.5).build(), 1);
        List<String> reordered = arrivals(TransportFaults.builder(1).reordered().build(), 1);

        assertThat(lossy).hasSizeBetween(MESSAGES / 4, MESSAGES * 3 / 4).doesNotHaveDuplicates();
        assertThat(doubling).hasSizeBetween(MESSAGES * 5 / 4, MESSAGES * 7 / 4);
        assertThat(Set.copyOf(doubling)).hasSize(MESSAGES);
        assertThat(reordered).hasSize(MESSAGES).isNotEqualTo(inOrder()).containsExactlyInAnyOrderElementsOf(inOrder());
        assertThat(arrivals(TransportFaults.builder(1).build(), 1)).isEqualTo(inOrder());
    }

    @Test
    void lateMessagesArriveWithinTheirRounds() {
        TransportFaults.Builder faults = TransportFaults.builder(3).late(0.5, 4);

        assertThat(arrivals(faults.build(), 1)).hasSizeBetween(MESSAGES / 4, MESSAGES * 3 / 4);
        assertThat(arrivals(faults.build(), 5)).containsExactlyInAnyOrderElementsOf(inOrder());
    }

    @Test
    void viewsLackMembersHaveGhostsAndDifferBetweenMembers() {
        LoopbackTransport.Hub hub = new LoopbackTransport.Hub(
                TransportFaults.builder(5).missing(0.3).ghosts(0.5).build());
        Map<String, List<MemberView>> views = new TreeMap<>();
        List<ClusterTransport> members = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            List<MemberView> seen = new ArrayList<>();
            views.put(name, seen);
            ClusterTransport member = new LoopbackTransport(hub);
            member.start(name, new ClusterTransport.Receiver() {
                @Override
                public void onMessage(String from, byte[] message) {}

                @Override
                public void onView(MemberView view) {
                    seen.add(view);
                }
            });
            members.add(member);
        }

        boolean differed = false;
        for (int round = 0; round < 50; round++) {
            hub.deliver();
            differed |= !members.get(0)
                    .view()
                    .members()
                    .equals(members.get(1).view().members());
        }

        assertThat(differed).isTrue();
        views.forEach((name, seen) -> {
            assertThat(seen).allMatch(view -> view.members().contains(name));
            assertThat(seen).anyMatch(view -> !view.members().containsAll(Set.of("a", "b", "c")));
            assertThat(seen).anyMatch(view -> view.members().stream().anyMatch(member -> member.startsWith("ghost-")));
            assertThat(seen.stream().map(MemberView::id)).isSorted().doesNotHaveDuplicates();
        });
        hub.faults(null);
        assertThat(members).allMatch(member -> member.view().members().equals(Set.of("a", "b", "c")));
    }

    @Test
    void aCutHasOneDirectionAndHeals() {
        LoopbackTransport.Hub hub = new LoopbackTransport.Hub();
        List<String> atA = new ArrayList<>();
        List<String> atB = new ArrayList<>();
        ClusterTransport a = started(hub, "a", atA);
        ClusterTransport b = started(hub, "b", atB);

        hub.cut("a", "b");
        a.send("b", bytes("lost"));
        b.send("a", bytes("arrives"));
        hub.deliver();

        assertThat(atB).isEmpty();
        assertThat(atA).containsExactly("arrives");
        assertThat(a.view().members()).containsExactlyInAnyOrder("a", "b");
        hub.heal();
        a.send("b", bytes("again"));
        hub.deliver();
        assertThat(atB).containsExactly("again");
    }

    @Test
    void aMemberThatWasKilledIsSilentAndDoesNotKnow() {
        LoopbackTransport.Hub hub = new LoopbackTransport.Hub();
        List<String> atA = new ArrayList<>();
        List<String> atB = new ArrayList<>();
        ClusterTransport a = started(hub, "a", atA);
        ClusterTransport b = started(hub, "b", atB);

        hub.kill(b);
        b.broadcast(bytes("of a ghost"));
        a.send("b", bytes("to a ghost"));
        hub.deliver();

        assertThat(atA).isEmpty();
        assertThat(atB).isEmpty();
        assertThat(a.view().members()).containsExactly("a");
        assertThat(b.view().members()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void whatReceiversThrowIsKept() {
        LoopbackTransport.Hub hub = new LoopbackTransport.Hub();
        ClusterTransport a = started(hub, "a", new ArrayList<>());
        ClusterTransport bad = new LoopbackTransport(hub);
        bad.start("bad", (from, message) -> {
            throw new AssertionError("planted");
        });

        a.send("bad", new byte[0]);
        hub.deliver();

        assertThat(hub.failures()).singleElement().isInstanceOf(AssertionError.class);
    }

    @Test
    void sharesOutOfRangeAreRefused() {
        assertThatThrownBy(() -> TransportFaults.builder(1).lost(1.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("lost is 1.1, expected 0.0..1.0");
        assertThatThrownBy(() -> TransportFaults.builder(1).ghosts(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TransportFaults.builder(1).late(0.1, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    /** What one receiver gets of messages that are sent in order. */
    private static List<String> arrivals(TransportFaults faults, int rounds) {
        LoopbackTransport.Hub hub = new LoopbackTransport.Hub(faults);
        List<String> arrived = new ArrayList<>();
        ClusterTransport sender = started(hub, "sender", new ArrayList<>());
        started(hub, "receiver", arrived);
        inOrder().forEach(text -> sender.send("receiver", bytes(text)));
        for (int round = 0; round < rounds; round++) {
            hub.deliver();
        }
        return arrived;
    }

    /** Everything that three members see while they talk. */
    private static List<String> history(TransportFaults faults) {
        LoopbackTransport.Hub hub = new LoopbackTransport.Hub(faults);
        List<String> history = new ArrayList<>();
        List<ClusterTransport> members = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            ClusterTransport member = new LoopbackTransport(hub);
            member.start(name, new ClusterTransport.Receiver() {
                @Override
                public void onMessage(String from, byte[] message) {
                    history.add(from + " to " + name + ": " + new String(message, StandardCharsets.UTF_8));
                }

                @Override
                public void onView(MemberView view) {
                    history.add(name + " sees " + new TreeSet<>(view.members()));
                }
            });
            members.add(member);
        }
        for (int round = 0; round < 30; round++) {
            String text = "round " + round;
            members.forEach(member -> member.broadcast(bytes(text)));
            hub.deliver();
        }
        return history;
    }

    private static List<String> inOrder() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            texts.add("message " + i);
        }
        return texts;
    }

    private static ClusterTransport started(LoopbackTransport.Hub hub, String name, List<String> messages) {
        ClusterTransport transport = new LoopbackTransport(hub);
        transport.start(name, (from, message) -> messages.add(new String(message, StandardCharsets.UTF_8)));
        return transport;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
