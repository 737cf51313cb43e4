package dev.architect.spring.boot;

import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.store.memory.InMemoryStore;

/** The only class that needs architect-store-memory; not loaded without it. */
final class MemoryStores {

    private MemoryStores() {}

    static Store open(TimeSource time) {
        return new InMemoryStore(time);
    }
}
