package dev.architect.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.spi.ClusterTransport;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ClusterTransport} must do. A subclass creates transports of one cluster and delivers pending messages.
 * A transport may lose messages, so no case relies on a single message: it sends until one arrives.
 */
public abstract class ClusterTransportContract {

    private static final int MAX_ROUNDS = 1_000;

    private final List<ClusterTransport> opened = new CopyOnWriteArrayList<>();

    /** Creates the contract. */
    protected ClusterTransportContract() {}

    /** Returns a new transport, not started, of the same cluster as the others of this test. */
    protected abstract ClusterTransport newTransport();

    /** Delivers messages that were sent, or waits briefly for them. */
    protected abstract void deliverPending() throws InterruptedException;

    /** Closes what the test opened. */
    @AfterEach
    void closeTransports() {
        opened.forEach(ClusterTransport::close);
    }

    @Test
    void membersSeeEachOther() throws InterruptedException {
        ClusterTransport one = started("one", new RecordingReceiver());
        ClusterTransport two = started("two", new RecordingReceiver());

        eventually(() -> one.view().members().equals(Set.of("one", "two"))
                && two.view().members().equals(Set.of("one", "two")));
    }

    @Test
    void aMessageReachesTheMemberItIsFor() throws InterruptedException {
        RecordingReceiver first = new RecordingReceiver();
        RecordingReceiver second = new RecordingReceiver();
        ClusterTransport sender = started("sender", new RecordingReceiver());
        started("first", first);
        started("second", second);

        eventually(() -> {
            sender.send("first", bytes("hello"));
            return first.messages.contains("sender:hello");
        });

        assertThat(second.messages).isEmpty();
    }

    @Test
    void aBroadcastReachesEveryOtherMemberButNotTheSender() throws InterruptedException {
        RecordingReceiver own = new RecordingReceiver();
        RecordingReceiver first = new RecordingReceiver();
        RecordingReceiver second = new RecordingReceiver();
        ClusterTransport sender = started("sender", own);
        started("first", first);
        started("second", second);

        eventually(() -> {
            sender.broadcast(bytes("all"));
            return first.messages.contains("sender:all") && second.messages.contains("sender:all");
        });

        assertThat(own.messages).isEmpty();
    }

    @Test
    void messagesToUnknownMembersAreDropped() throws InterruptedException {
        ClusterTransport sender = started("sender", new RecordingReceiver());

        sender.send("absent", bytes("hello"));
        deliverPending();

        assertThat(sender.view().members()).containsExactly("sender");
    }

    @Test
    void aMessageThatIsTooLongIsRefused() {
        ClusterTransport sender = started("sender", new RecordingReceiver());

        assertThatThrownBy(() -> sender.send("other", new byte[ClusterTransport.MAX_MESSAGE_BYTES + 1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("8193")
                .hasMessageContaining("8192");
    }

    @Test
    void aMemberThatLeftIsRemovedAndReceivesNothing() throws InterruptedException {
        RecordingReceiver departed = new RecordingReceiver();
        ClusterTransport stays = started("stays", new RecordingReceiver());
        ClusterTransport leaves = started("leaves", departed);
        eventually(() -> stays.view().members().size() == 2);

        leaves.close();
        eventually(() -> stays.view().members().equals(Set.of("stays")));
        stays.send("leaves", bytes("late"));
        deliverPending();

        assertThat(departed.messages).isEmpty();
        assertThat(leaves.view().members()).isEmpty();
    }

    @Test
    void aTransportThatIsNotStartedHasNoMembersAndRefusesToSend() {
        ClusterTransport idle = newTransport();
        opened.add(idle);

        assertThat(idle.view().members()).isEmpty();
        assertThatThrownBy(() -> idle.broadcast(bytes("x"))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theReceiverGetsACopyOfTheMessage() throws InterruptedException {
        byte[] message = bytes("mine");
        RecordingReceiver receiver = new RecordingReceiver();
        ClusterTransport sender = started("sender", new RecordingReceiver());
        started("receiver", receiver);

        eventually(() -> {
            byte[] copy = message.clone();
            sender.send("receiver", copy);
            copy[0] = 'X';
            return !receiver.messages.isEmpty();
        });

        assertThat(receiver.messages).containsOnly("sender:mine");
    }

    private ClusterTransport started(String name, RecordingReceiver receiver) {
        ClusterTransport transport = newTransport();
        opened.add(transport);
        transport.start(name, receiver);
        return transport;
    }

    private void eventually(BooleanSupplier condition) throws InterruptedException {
        for (int round = 0; round < MAX_ROUNDS; round++) {
            if (condition.getAsBoolean()) {
                return;
            }
            deliverPending();
        }
        assertThat(condition.getAsBoolean()).as("after %d rounds", MAX_ROUNDS).isTrue();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static final class RecordingReceiver implements ClusterTransport.Receiver {
        private final List<String> messages = new CopyOnWriteArrayList<>();

        @Override
        public void onMessage(String from, byte[] message) {
            messages.add(from + ":" + new String(message, StandardCharsets.UTF_8));
        }
    }
}
