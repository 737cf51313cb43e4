package dev.architect.cluster.shard;

import dev.architect.error.StoreException;
import dev.architect.lane.LaneStore;
import dev.architect.node.ClusterStore;
import dev.architect.node.SharedDocument;
import dev.architect.project.store.ProjectStore;
import dev.architect.quota.QuotaStore;
import dev.architect.record.RecordStore;
import dev.architect.recurring.ScheduleStore;
import dev.architect.shard.ShardStore;
import dev.architect.spi.ActivityStore;
import dev.architect.spi.LedgerStore;
import dev.architect.spi.NodeStore;
import dev.architect.spi.Store;
import dev.architect.spi.TaskStore;
import dev.architect.step.StepStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A store whose process ends in the middle of a move: the step of a given number fails, before it is made or after, and every later one. All
 * stores that share a {@link Script} count together.
 */
final class FailingShards implements Store {

    private static final Set<String> READS = Set.of("number", "places", "document", "documents", "storeId", "join");

    private final Store store;
    private final Script script;
    private volatile boolean isDown;

    /** Which step fails. */
    static final class Script {

        private final AtomicInteger steps = new AtomicInteger();
        private volatile int fails = Integer.MAX_VALUE;
        private volatile boolean isMade;

        /** The process ends with step {@code number}, which is made or not, and lives again with the next call of this. */
        void failAt(int number, boolean made) {
            steps.set(0);
            fails = number;
            isMade = made;
        }

        boolean hasFailed() {
            return steps.get() >= fails;
        }
    }

    FailingShards(Store store, Script script) {
        this.store = store;
        this.script = script;
    }

    /** Makes every call fail, as when the database cannot be reached. */
    void down(boolean down) {
        isDown = down;
    }

    private <T> T failing(Class<T> type, T target) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (isDown) {
                throw new StoreException(StoreException.Kind.BUSY, "the database cannot be reached", null);
            }
            boolean counts = (type == ShardStore.class || method.getName().equals("writeDocument"))
                    && !READS.contains(method.getName());
            int step = counts ? script.steps.incrementAndGet() : 0;
            if (counts && (step > script.fails || (step == script.fails && !script.isMade))) {
                throw new StoreException(StoreException.Kind.FAILED, "the process has ended", null);
            }
            try {
                Object result = method.invoke(target, arguments);
                if (counts && step == script.fails) {
                    throw new StoreException(StoreException.Kind.FAILED, "the process has ended", null);
                }
                return result;
            } catch (InvocationTargetException thrown) {
                throw Objects.requireNonNull(thrown.getCause());
            }
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Override
    public Optional<ShardStore> shards() {
        return store.shards().map(shards -> failing(ShardStore.class, shards));
    }

    @Override
    public ClusterStore cluster() {
        return failing(ClusterStore.class, store.cluster());
    }

    /** Reads a document without the script. */
    Optional<SharedDocument> document(String name) {
        return store.cluster().document(name);
    }

    @Override
    public TaskStore tasks() {
        return failing(TaskStore.class, store.tasks());
    }

    @Override
    public LaneStore lanes() {
        return store.lanes();
    }

    @Override
    public StepStore steps() {
        return store.steps();
    }

    @Override
    public NodeStore nodes() {
        return failing(NodeStore.class, store.nodes());
    }

    @Override
    public LedgerStore ledger() {
        return failing(LedgerStore.class, store.ledger());
    }

    @Override
    public ActivityStore activity() {
        return store.activity();
    }

    @Override
    public RecordStore records() {
        return store.records();
    }

    @Override
    public Optional<QuotaStore> quotas() {
        return store.quotas();
    }

    @Override
    public Optional<ProjectStore> projects() {
        return store.projects();
    }

    @Override
    public Optional<ScheduleStore> schedules() {
        return store.schedules();
    }

    @Override
    public Subscription subscribe(ChangeListener listener) {
        return store.subscribe(listener);
    }

    @Override
    public void close() {
        store.close();
    }
}
