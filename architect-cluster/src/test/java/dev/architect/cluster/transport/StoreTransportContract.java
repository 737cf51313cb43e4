package dev.architect.cluster.transport;

import dev.architect.node.MemberView;
import dev.architect.node.NodeInfo;
import dev.architect.spi.ClusterTransport;
import dev.architect.spi.NodeStore;
import dev.architect.spi.Store;
import dev.architect.testkit.cluster.ClusterTransportContract;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;

/** The transport over a store, whose nodes enter the registry when they start and leave it when they end, as engines do. */
abstract class StoreTransportContract extends ClusterTransportContract {

    private final List<Store> stores = new CopyOnWriteArrayList<>();
    private final List<RegisteredTransport> members = new CopyOnWriteArrayList<>();

    /** Opens the database of a test, a handle for each node. */
    abstract Store open();

    @Override
    protected ClusterTransport newTransport() {
        Store store = open();
        stores.add(store);
        RegisteredTransport member = new RegisteredTransport(store);
        members.add(member);
        return member;
    }

    @Override
    protected void deliverPending() {
        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }

    /** The node never beats, so another one may end it after a silence. */
    @Override
    protected boolean kill(ClusterTransport transport) {
        RegisteredTransport member = (RegisteredTransport) transport;
        member.transport.close();
        Store other = open();
        stores.add(other);
        for (int round = 0; round < 1_000 && !end(other, member.incarnation); round++) {
            deliverPending();
        }
        member.isLeft = true;
        return true;
    }

    /** Whether the incarnation has ended, after a try to end it. */
    boolean end(Store store, long incarnation) {
        return store.nodes().endSilent(incarnation, NodeStore.SHORTEST_SILENCE);
    }

    @AfterEach
    void closeStores() {
        // Before the stores that they use; the contract closes them again.
        members.forEach(RegisteredTransport::close);
        stores.forEach(Store::close);
    }

    /** A node with its transport. */
    private static final class RegisteredTransport implements ClusterTransport {
        private final Store store;
        private final StoreTransport transport;
        private volatile long incarnation;
        private volatile boolean isLeft;

        RegisteredTransport(Store store) {
            this.store = store;
            // No engine beats here, so no silence ends a node.
            this.transport = StoreTransport.builder(store)
                    .pollInterval(Duration.ofMillis(40))
                    .silence(Duration.ofHours(1))
                    .build();
        }

        @Override
        public void start(String member, Receiver receiver) {
            transport.start(member, receiver);
            incarnation = store.nodes().join(NodeInfo.named(member).at(member, transport.address()));
        }

        @Override
        public MemberView view() {
            return transport.view();
        }

        @Override
        public void send(String member, byte[] message) {
            transport.send(member, message);
        }

        @Override
        public void broadcast(byte[] message) {
            transport.broadcast(message);
        }

        @Override
        public void close() {
            transport.close();
            synchronized (this) {
                if (incarnation > 0 && !isLeft) {
                    isLeft = true;
                    store.nodes().leave(incarnation);
                }
            }
        }
    }
}
