package dev.architect.cluster.shard;

import dev.architect.project.ProjectId;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.testkit.store.StoreContract;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Two stores are one store; the tasks of most cases live in the second one. */
class ShardedStoreContractTest extends StoreContract {

    private final Map<Store, List<InMemoryStore>> members = new ConcurrentHashMap<>();

    @Override
    protected Store open(TimeSource time) throws Exception {
        InMemoryStore first = new InMemoryStore(time);
        InMemoryStore second = new InMemoryStore(time);
        ShardedStore store = ShardedStore.builder("first", first)
                .add("second", second)
                .time(time)
                .patience(Duration.ZERO)
                .open();
        store.mover().move(ProjectId.DEFAULT.shard(), "second", Duration.ZERO);
        members.put(store, List.of(first, second));
        return store;
    }

    @Override
    protected Store openAnother(Store open, TimeSource time) {
        return open;
    }

    @Override
    protected boolean hasChangeLog() {
        return false;
    }

    @Override
    protected void kill(Store store, long incarnation) {
        List<InMemoryStore> stores = Objects.requireNonNull(members.get(store));
        stores.get(0).kill(GroupMember.localOf(incarnation));
        stores.get(1).nodes().nodes().stream()
                .filter(node -> node.info().capabilities().toString().contains(":" + incarnation))
                .forEach(node -> stores.get(1).kill(node.incarnation()));
    }
}
