package dev.architect.testkit.cluster;

import dev.architect.spi.ClusterTransport;
import java.util.concurrent.atomic.AtomicLong;

/** The contract holds when messages are lost, doubled, late and reordered: no case of it relies on more. */
final class LossyLoopbackTransportTest extends ClusterTransportContract {

    private static final AtomicLong SEEDS = new AtomicLong(1);

    private final LoopbackTransport.Hub hub = new LoopbackTransport.Hub(
            TransportFaults.messagesOnly(SEEDS.getAndIncrement()).build());

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
}
