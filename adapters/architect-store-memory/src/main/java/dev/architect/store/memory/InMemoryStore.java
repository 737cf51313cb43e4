package dev.architect.store.memory;

import dev.architect.access.AccessStore;
import dev.architect.audit.AuditStore;
import dev.architect.budget.BudgetStore;
import dev.architect.change.ChangeStore;
import dev.architect.change.ChangeTopic;
import dev.architect.creation.CreationStore;
import dev.architect.error.StoreException;
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
import dev.architect.spi.Store.Change;
import dev.architect.spi.Store.ChangeListener;
import dev.architect.spi.TaskStore;
import dev.architect.spi.TimeSource;
import dev.architect.step.StepStore;
import dev.architect.store.memory.access.InMemoryAccess;
import dev.architect.store.memory.access.InMemoryAudit;
import dev.architect.store.memory.change.InMemoryChanges;
import dev.architect.store.memory.export.InMemoryExports;
import dev.architect.store.memory.lock.StoreLock;
import dev.architect.store.memory.lock.StoredTime;
import dev.architect.store.memory.routing.InMemoryBudgets;
import dev.architect.store.memory.routing.InMemoryQuotas;
import dev.architect.store.memory.routing.InMemoryRecords;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store that keeps everything in memory, with exactly the behaviour that the store contract of the testkit requires. Nothing
 * survives the process. An incarnation is alive until it leaves or until a test {@link #kill kills} it; there is no lease timeout.
 *
 * <p>Safe for use by several threads: every call is atomic, under one lock.
 */
public final class InMemoryStore implements Store {

    private static final Logger LOG = LoggerFactory.getLogger(InMemoryStore.class);

    private static final StoreDescription DESCRIPTION = new StoreDescription(
            "memory", StoreDescription.Reach.PROCESS, OptionalInt.of(0), "it ends with its process");

    /** Due dates are never later than this, however long the delay. */
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    private final TimeSource time;
    private final InMemoryNodes nodes;
    private final InMemoryCluster cluster;
    private final InMemoryTasks tasks;
    private final InMemorySteps steps;
    private final InMemoryLanes lanes;
    private final InMemoryLedger ledger;
    private final InMemoryActivity activity;
    private final InMemoryAccess access;
    private final InMemoryAudit audit;
    private final InMemoryCreations creations;
    private final InMemoryBudgets budgets;
    private final InMemoryQuotas quotas;
    private final InMemoryRecords records;
    private final InMemoryShards shards;
    private final InMemorySchedules schedules;
    private final InMemoryProjects projects;
    private final InMemoryReviews reviews;
    private final InMemoryChanges changes;
    private final InMemoryExports exports;
    private final List<ChangeListener> listeners = new CopyOnWriteArrayList<>();
    private boolean closed;

    /** Creates an empty store whose clock is {@code time}. */
    public InMemoryStore(TimeSource time) {
        this.time = time;
        StoreLock lock = new Lock();
        // No two stores have the same.
        long identity = time.random(Long.MAX_VALUE);
        this.changes = new InMemoryChanges(lock, identity);
        this.exports = new InMemoryExports(lock);
        this.nodes = new InMemoryNodes(this);
        this.cluster = new InMemoryCluster(this, identity);
        this.tasks = new InMemoryTasks(this);
        this.steps = new InMemorySteps(this);
        this.lanes = new InMemoryLanes(this);
        this.ledger = new InMemoryLedger(this);
        this.activity = new InMemoryActivity(this);
        this.access = new InMemoryAccess(lock);
        this.audit = new InMemoryAudit(lock);
        this.creations = new InMemoryCreations(this);
        this.budgets = new InMemoryBudgets(lock);
        this.quotas = new InMemoryQuotas(lock);
        this.records = new InMemoryRecords(lock);
        this.shards = new InMemoryShards(this, tasks);
        this.schedules = new InMemorySchedules(this);
        this.projects = new InMemoryProjects(this);
        this.reviews = new InMemoryReviews(this);
    }

    @Override
    public TaskStore tasks() {
        return tasks;
    }

    @Override
    public StepStore steps() {
        return steps;
    }

    @Override
    public LaneStore lanes() {
        return lanes;
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

    InMemoryLedger ledgerTable() {
        return ledger;
    }

    @Override
    public ActivityStore activity() {
        return activity;
    }

    @Override
    public Optional<AccessStore> access() {
        return Optional.of(access);
    }

    @Override
    public Optional<CreationStore> creations() {
        return Optional.of(creations);
    }

    @Override
    public Optional<AuditStore> audit() {
        return Optional.of(audit);
    }

    @Override
    public Optional<BudgetStore> budgets() {
        return Optional.of(budgets);
    }

    @Override
    public Optional<QuotaStore> quotas() {
        return Optional.of(quotas);
    }

    @Override
    public Optional<ScheduleStore> schedules() {
        return Optional.of(schedules);
    }

    @Override
    public Optional<ProjectStore> projects() {
        return Optional.of(projects);
    }

    @Override
    public Optional<ExportStore> exports() {
        return Optional.of(exports);
    }

    @Override
    public Optional<ChangeStore> changes() {
        return Optional.of(changes);
    }

    @Override
    public Optional<ReviewStore> reviews() {
        return Optional.of(reviews);
    }

    @Override
    public RecordStore records() {
        return records;
    }

    @Override
    public StoreDescription description() {
        return DESCRIPTION;
    }

    @Override
    public Optional<ShardStore> shards() {
        return Optional.of(shards);
    }

    /** Changes of every user of this object, its own included. They are announced on the thread that made them. */
    @Override
    public Subscription subscribe(ChangeListener listener) {
        locked(() -> listeners.add(listener));
        return () -> listeners.remove(listener);
    }

    /** Announces a change, after the lock was released. */
    private void announce(Change change) {
        for (ChangeListener listener : listeners) {
            try {
                listener.onChange(change);
            } catch (Throwable failure) {
                // The change was made, so its caller must get the result.
                LOG.warn("a listener of changes failed", failure);
            }
        }
    }

    /** Simulates the death of the process of {@code incarnation}: the next call of {@code deadOwners} detects it. */
    public void kill(long incarnation) {
        locked(() -> {
            nodes.kill(incarnation);
            return true;
        });
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    /** Runs {@code call} under the lock; fails when the store is closed. */
    synchronized <T> T locked(Supplier<T> call) {
        if (closed) {
            throw new StoreException(StoreException.Kind.CLOSED, "the store is closed, expected open", null);
        }
        try {
            T result = call.get();
            creations.changed(result);
            changes.flush();
            return result;
        } finally {
            // Of a call that has failed: it has changed nothing.
            changes.discard();
        }
    }

    /** As {@link #locked}, and announces {@code change} afterwards when the result satisfies {@code happened}. */
    <T> T changing(Change change, Predicate<T> happened, Supplier<T> call) {
        T result = locked(call);
        if (happened.test(result)) {
            announce(change);
        }
        return result;
    }

    /** Notes for the log of changes a thing that the present call has changed. */
    void changed(ChangeTopic topic, Object key) {
        changes.note(topic, key);
    }

    InMemoryNodes nodeTable() {
        return nodes;
    }

    InMemoryShards shardTable() {
        return shards;
    }

    InMemoryLanes laneTable() {
        return lanes;
    }

    InMemoryTasks taskTable() {
        return tasks;
    }

    /** The store's time, to the microsecond as every store keeps it. */
    Instant now() {
        return StoredTime.micros(time.wallTime());
    }

    /** The store's monotonic time. */
    long nanoTime() {
        return time.nanoTime();
    }

    Instant after(Duration delay) {
        Instant now = now();
        // Compared before the addition, which throws for a delay beyond the range of Instant.
        return delay.compareTo(Duration.between(now, LATEST)) >= 0 ? LATEST : StoredTime.micros(now.plus(delay));
    }

    /** What those parts need of the store that need nothing of other parts. */
    private final class Lock implements StoreLock {

        @Override
        public <T> T locked(Supplier<T> call) {
            return InMemoryStore.this.locked(call);
        }

        @Override
        public Instant now() {
            return InMemoryStore.this.now();
        }

        @Override
        public void changed(ChangeTopic topic, Object key) {
            InMemoryStore.this.changed(topic, key);
        }
    }
}
