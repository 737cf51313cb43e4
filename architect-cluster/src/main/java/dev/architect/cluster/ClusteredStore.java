package dev.architect.cluster;

import dev.architect.access.AccessStore;
import dev.architect.audit.AuditStore;
import dev.architect.budget.BudgetStore;
import dev.architect.change.ChangeStore;
import dev.architect.cluster.hint.ChangeListeners;
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
import java.util.Optional;

/** The store of a cluster: what it is without one, and hints between the nodes. Safe for use by several threads. */
final class ClusteredStore implements Store {

    private final Store store;
    private final TaskStore tasks;
    private final NodeStore nodes;
    private final ClusterStore cluster;
    private final ChangeListeners listeners;
    private final Runnable onClose;

    ClusteredStore(
            Store store,
            TaskStore tasks,
            NodeStore nodes,
            ClusterStore cluster,
            ChangeListeners listeners,
            Runnable onClose) {
        this.store = store;
        this.tasks = tasks;
        this.nodes = nodes;
        this.cluster = cluster;
        this.listeners = listeners;
        this.onClose = onClose;
    }

    @Override
    public TaskStore tasks() {
        return tasks;
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
        return nodes;
    }

    @Override
    public ClusterStore cluster() {
        return cluster;
    }

    @Override
    public LedgerStore ledger() {
        return store.ledger();
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
    public Optional<AccessStore> access() {
        return store.access();
    }

    @Override
    public Optional<CreationStore> creations() {
        return store.creations();
    }

    @Override
    public Optional<AuditStore> audit() {
        return store.audit();
    }

    @Override
    public Optional<BudgetStore> budgets() {
        return store.budgets();
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
    public Optional<ExportStore> exports() {
        return store.exports();
    }

    @Override
    public Optional<ChangeStore> changes() {
        return store.changes();
    }

    @Override
    public Optional<ReviewStore> reviews() {
        return store.reviews();
    }

    @Override
    public StoreDescription description() {
        return store.description();
    }

    @Override
    public Optional<ShardStore> shards() {
        return store.shards();
    }

    /** Changes that the store announces, and those that other nodes send hints about. */
    @Override
    public Subscription subscribe(ChangeListener listener) {
        Given.notNull("listener", listener);
        Subscription own = store.subscribe(listener);
        listeners.add(listener);
        return () -> {
            listeners.remove(listener);
            own.close();
        };
    }

    @Override
    public void changesAreHinted(boolean areHinted) {
        store.changesAreHinted(areHinted);
    }

    /** Closes the cluster as well. */
    @Override
    public void close() {
        onClose.run();
    }
}
