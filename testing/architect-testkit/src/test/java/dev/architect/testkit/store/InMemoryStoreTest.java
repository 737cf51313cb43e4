package dev.architect.testkit.store;

import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.store.memory.InMemoryStore;

class InMemoryStoreTest extends StoreContract {

    @Override
    protected Store open(TimeSource time) {
        return new InMemoryStore(time);
    }

    @Override
    protected Store openAnother(Store open, TimeSource time) {
        return open;
    }

    @Override
    protected void kill(Store store, long incarnation) {
        ((InMemoryStore) store).kill(incarnation);
    }
}
