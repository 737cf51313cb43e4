package dev.architect.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.spi.ClusterTransport;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LoopbackTransportTest extends ClusterTransportContract {

    private final LoopbackTransport.Hub hub = new LoopbackTransport.Hub();

    @Override
    protected ClusterTransport newTransport() {
        return new LoopbackTransport(hub);
    }

    @Override
    protected void deliverPending() {
        hub.deliver();
    }

    @Override
    protected boolean kill(ClusterTransport transport) {
        hub.kill(transport);
        return true;
    }

    @Test
    void losesAndDuplicatesMessagesOnRequest() {
        List<String> senders = new ArrayList<>();
        ClusterTransport sender = newTransport();
        ClusterTransport receiver = newTransport();
        sender.start("sender", (from, message) -> {});
        receiver.start("receiver", (from, message) -> senders.add(from));

        hub.deliveryCount(to -> 0);
        sender.send("receiver", new byte[1]);
        assertThat(hub.deliver()).isZero();
        hub.deliveryCount(to -> 2);
        sender.send("receiver", new byte[1]);
        assertThat(hub.deliver()).isEqualTo(2);

        assertThat(senders).containsExactly("sender", "sender");
    }
}
