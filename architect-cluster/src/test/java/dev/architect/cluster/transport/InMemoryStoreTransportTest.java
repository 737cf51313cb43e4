package dev.architect.cluster.transport;

import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.store.memory.InMemoryStore;

final class InMemoryStoreTransportTest extends StoreTransportContract {

    private final InMemoryStore store = new InMemoryStore(TimeSource.system());

    @Override
    Store open() {
        return store;
    }

    @Override
    boolean end(Store other, long incarnation) {
        store.kill(incarnation);
        store.nodes().deadOwners();
        return true;
    }
}
