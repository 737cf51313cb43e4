package dev.architect.testkit.store;

import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.testkit.project.ProjectStoreContract;

class InMemoryProjectContractTest extends ProjectStoreContract {

    @Override
    protected Store open(TimeSource time) {
        return new InMemoryStore(time);
    }
}
