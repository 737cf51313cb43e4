package dev.architect.benchmarks.postgres;

import dev.architect.access.AccessStore;
import dev.architect.audit.AuditStore;
import dev.architect.budget.BudgetStore;
import dev.architect.change.ChangeStore;
import dev.architect.creation.CreationStore;
import dev.architect.export.ExportStore;
import dev.architect.lane.LaneStore;
import dev.architect.node.ClusterStore;
import dev.architect.project.store.ProjectStore;
import dev.architect.quota.QuotaStore;
import dev.architect.record.RecordStore;
import dev.architect.recurring.ScheduleStore;
import dev.architect.review.ReviewStore;
import dev.architect.spi.ActivityStore;
import dev.architect.spi.LedgerStore;
import dev.architect.spi.NodeStore;
import dev.architect.spi.Store;
import dev.architect.spi.TaskStore;
import dev.architect.step.StepStore;
import java.util.Optional;

/** A store that announces no change: its users look by themselves. */
record SilentStore(Store store) implements Store {

    @Override
    public TaskStore tasks() {
        return store.tasks();
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
        return store.nodes();
    }

    @Override
    public ClusterStore cluster() {
        return store.cluster();
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
    public Subscription subscribe(ChangeListener listener) {
        return () -> {};
    }

    @Override
    public void close() {
        store.close();
    }
}
