package dev.architect.testkit.store;

import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.testkit.shard.ShardContract;

class InMemoryShardContractTest extends ShardContract {

    @Override
    protected Store openFirst(TimeSource time) {
        return new InMemoryStore(time);
    }

    @Override
    protected Store openSecond(TimeSource time) {
        return new InMemoryStore(time);
    }
}
