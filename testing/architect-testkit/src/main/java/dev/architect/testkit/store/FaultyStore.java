package dev.architect.testkit.store;

import dev.architect.access.AccessStore;
import dev.architect.attempt.AttemptEnd;
import dev.architect.audit.AuditStore;
import dev.architect.budget.BudgetStore;
import dev.architect.change.ChangeStore;
import dev.architect.creation.CreationStore;
import dev.architect.export.ExportStore;
import dev.architect.lane.LaneStore;
import dev.architect.node.ClusterStore;
import dev.architect.node.StoreDescription;
import dev.architect.project.store.ProjectStore;
import dev.architect.quota.QuotaStore;
import dev.architect.record.RecordStore;
import dev.architect.recurring.ScheduleStore;
import dev.architect.review.ReviewStore;
import dev.architect.shard.ShardStore;
import dev.architect.spi.ActivityStore;
import dev.architect.spi.LedgerStore;
import dev.architect.spi.NodeStore;
import dev.architect.spi.Store;
import dev.architect.spi.TaskStore;
import dev.architect.step.StepStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * A store whose calls can be made to fail, to block, or to lose their result after they were made. Faults are set at any time and
 * by any thread.
 */
public final class FaultyStore implements Store {

    /** What happens to a call. */
    @FunctionalInterface
    public interface Fault {

        /**
         * Makes the call, or not, and returns its result or throws instead.
         *
         * @param method the name of the method, for example {@code finish}
         * @param call makes the call on the store behind, as often as it is called
         */
        Object apply(String method, Callable<Object> call) throws Exception;
    }

    private static final Fault NONE = (method, call) -> call.call();

    private final Store store;
    private final TaskStore tasks;
    private final LaneStore lanes;
    private final StepStore steps;
    private final NodeStore nodes;
    private final ClusterStore cluster;
    private final LedgerStore ledger;
    private final ActivityStore activity;
    private final Optional<AccessStore> access;
    private final Optional<AuditStore> audit;
    private final Optional<CreationStore> creations;
    private final Optional<BudgetStore> budgets;
    private final Optional<ExportStore> exports;
    private final Optional<QuotaStore> quotas;
    private final Optional<ScheduleStore> schedules;
    private final Optional<ProjectStore> projects;
    private final Optional<ReviewStore> reviews;
    private final Optional<ChangeStore> changes;
    private final Optional<ShardStore> shards;
    private final RecordStore records;
    private volatile boolean keepsOpen;
    private volatile Fault fault = NONE;
    private volatile Consumer<List<AttemptEnd>> ends = ended -> {};

    /** Wraps a store, and closes it in the end. */
    public FaultyStore(Store store) {
        this.store = store;
        this.tasks = faulty(TaskStore.class, store.tasks());
        this.lanes = faulty(LaneStore.class, store.lanes());
        this.steps = faulty(StepStore.class, store.steps());
        this.nodes = faulty(NodeStore.class, store.nodes());
        this.cluster = faulty(ClusterStore.class, store.cluster());
        this.ledger = faulty(LedgerStore.class, store.ledger());
        this.activity = faulty(ActivityStore.class, store.activity());
        this.access = store.access().map(behind -> faulty(AccessStore.class, behind));
        this.audit = store.audit().map(behind -> faulty(AuditStore.class, behind));
        this.creations = store.creations().map(behind -> faulty(CreationStore.class, behind));
        this.exports = store.exports().map(behind -> faulty(ExportStore.class, behind));
        this.budgets = store.budgets().map(behind -> faulty(BudgetStore.class, behind));
        this.quotas = store.quotas().map(behind -> faulty(QuotaStore.class, behind));
        this.schedules = store.schedules().map(behind -> faulty(ScheduleStore.class, behind));
        this.projects = store.projects().map(behind -> faulty(ProjectStore.class, behind));
        this.reviews = store.reviews().map(behind -> faulty(ReviewStore.class, behind));
        this.changes = store.changes().map(behind -> faulty(ChangeStore.class, behind));
        this.shards = store.shards().map(behind -> faulty(ShardStore.class, behind));
        this.records = faulty(RecordStore.class, store.records());
    }

    /** Every further call goes through {@code changed}. */
    public void set(Fault changed) {
        this.fault = changed;
    }

    /** Every further group of ends is shown to {@code check} before it is recorded; what it throws is thrown instead. */
    public void setEnds(Consumer<List<AttemptEnd>> check) {
        this.ends = check;
    }

    /** Leaves the store behind open when this one is closed, as when other processes use it. */
    public void keepOpen() {
        this.keepsOpen = true;
    }

    /** Further calls succeed. */
    public void heal() {
        this.fault = NONE;
        this.ends = ended -> {};
    }

    private <T> T faulty(Class<T> type, T behind) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getName().equals("finish")) {
                        ends.accept(((List<?>) arguments[0])
                                .stream().map(AttemptEnd.class::cast).toList());
                    }
                    Callable<Object> call = () -> {
                        try {
                            return method.invoke(behind, arguments);
                        } catch (InvocationTargetException thrown) {
                            if (thrown.getCause() instanceof Error error) {
                                throw error;
                            }
                            throw (Exception) thrown.getCause();
                        }
                    };
                    return fault.apply(method.getName(), call);
                }));
    }

    @Override
    public TaskStore tasks() {
        return tasks;
    }

    @Override
    public LaneStore lanes() {
        return lanes;
    }

    @Override
    public StepStore steps() {
        return steps;
    }

    @Override
    public NodeStore nodes() {
        return nodes;
    }

    @Override
    public ClusterStore cluster() {
        return cluster;
    }

    @Override
    public LedgerStore ledger() {
        return ledger;
    }

    @Override
    public ActivityStore activity() {
        return activity;
    }

    @Override
    public Optional<AccessStore> access() {
        return access;
    }

    @Override
    public Optional<CreationStore> creations() {
        return creations;
    }

    @Override
    public Optional<AuditStore> audit() {
        return audit;
    }

    @Override
    public Optional<BudgetStore> budgets() {
        return budgets;
    }

    @Override
    public Optional<QuotaStore> quotas() {
        return quotas;
    }

    @Override
    public Optional<ProjectStore> projects() {
        return projects;
    }

    @Override
    public Optional<ScheduleStore> schedules() {
        return schedules;
    }

    @Override
    public Optional<ExportStore> exports() {
        return exports;
    }

    @Override
    public Optional<ChangeStore> changes() {
        return changes;
    }

    @Override
    public Optional<ReviewStore> reviews() {
        return reviews;
    }

    @Override
    public RecordStore records() {
        return records;
    }

    @Override
    public Optional<ShardStore> shards() {
        return shards;
    }

    @Override
    public void changesAreHinted(boolean areHinted) {
        store.changesAreHinted(areHinted);
    }

    @Override
    public StoreDescription description() {
        return store.description();
    }

    @Override
    public Subscription subscribe(ChangeListener listener) {
        return store.subscribe(listener);
    }

    @Override
    public void close() {
        if (!keepsOpen) {
            store.close();
        }
    }
}
