package dev.architect.cluster.shard;

import dev.architect.access.AccessStore;
import dev.architect.audit.AuditStore;
import dev.architect.budget.BudgetStore;
import dev.architect.change.ChangeStore;
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
import dev.architect.spi.ActivityStore;
import dev.architect.spi.LedgerStore;
import dev.architect.spi.NodeStore;
import dev.architect.spi.Store;
import dev.architect.spi.TaskStore;
import dev.architect.spi.TimeSource;
import dev.architect.step.StepStore;
import dev.architect.task.TaskQuery;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Several stores as one. Each task lives in the store that has the shard of its project; claims take from all stores in turn, and what is
 * read or summed up is read from all. The first store has what cannot be divided: the map of the shards, roles, shared documents,
 * messages, shared limits, schedules, projects, the activity log and the records of decisions.
 *
 * <p>A store that cannot be reached keeps the others from nothing: only calls for its own shards fail, and those that read all of them, with a
 * {@link StoreException} that names it. Without the first store nothing can be moved, and what only it has fails.
 *
 * <p>A submission of several projects in one call is atomic in each store and not over all of them: when one store fails after another one has
 * accepted its part, the call fails with {@code OUTCOME_UNKNOWN}. While a shard moves, submissions of its projects wait for a time and
 * then fail with a {@link dev.architect.shard.ShardNotServedException}; nothing of them is accepted then.
 *
 * <p>Safe for use by several threads.
 */
public final class ShardedStore implements Store {

    private static final int MOST_OF_KIND = 200;

    private final StoreGroup group;
    private final ThreadRunner runner;
    private final ShardedTasks tasks;
    private final ShardedLanes lanes;
    private final ShardedSteps steps;
    private final ShardedNodes nodes;
    private final ShardedCluster cluster;
    private final ShardedLedger ledger;
    private final ShardMover mover;

    private ShardedStore(StoreGroup group, ThreadRunner runner) {
        this.group = group;
        this.runner = runner;
        this.nodes = new ShardedNodes(group);
        this.tasks = new ShardedTasks(group, nodes);
        this.lanes = new ShardedLanes(group, nodes);
        this.steps = new ShardedSteps(tasks);
        this.cluster = new ShardedCluster(group.first(), nodes);
        this.ledger = new ShardedLedger(group);
        this.mover = new ShardMover(group);
    }

    /**
     * Returns a builder of a group that begins with {@code first}, which has everything in the beginning.
     *
     * @param name of the store in the group, for people and for {@link ShardMover#move}; it never changes
     */
    public static Builder builder(String name, Store first) {
        return new Builder(name, first);
    }

    /** Moves shards from one store to another. */
    public ShardMover mover() {
        return mover;
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
        return group.first().store().activity();
    }

    @Override
    public RecordStore records() {
        return group.first().store().records();
    }

    @Override
    public Optional<AccessStore> access() {
        return group.first().store().access();
    }

    /** Those of the first store: what is created in another one is written there by itself. */
    @Override
    public Optional<ExportStore> exports() {
        return group.first().store().exports();
    }

    @Override
    public Optional<CreationStore> creations() {
        return group.first().store().creations();
    }

    @Override
    public Optional<AuditStore> audit() {
        return group.first().store().audit();
    }

    @Override
    public Optional<BudgetStore> budgets() {
        return group.first().store().budgets();
    }

    @Override
    public Optional<QuotaStore> quotas() {
        return group.first().store().quotas();
    }

    @Override
    public void changesAreHinted(boolean areHinted) {
        group.members().forEach(member -> member.store().changesAreHinted(areHinted));
    }

    @Override
    public Optional<ProjectStore> projects() {
        return group.first().store().projects();
    }

    @Override
    public Optional<ScheduleStore> schedules() {
        return group.first().store().schedules().map(first -> new ShardedSchedules(group, tasks, first));
    }

    /** None: the numbers of several stores have no order among each other. */
    @Override
    public Optional<ChangeStore> changes() {
        return Optional.empty();
    }

    @Override
    public Optional<ReviewStore> reviews() {
        return group.first().store().reviews();
    }

    /** What holds for all stores: the fewest processes can share them, and so many servers have the data of the one that has the fewest. */
    @Override
    public StoreDescription description() {
        List<StoreDescription> all = group.askAll(member -> member.store().description());
        StoreDescription weakest = all.get(0);
        for (StoreDescription each : all) {
            boolean isWeaker = each.standbys().isEmpty()
                    || (weakest.standbys().isPresent()
                            && each.standbys().getAsInt() < weakest.standbys().getAsInt());
            weakest = isWeaker ? each : weakest;
        }
        StoreDescription.Reach reach = all.stream()
                .map(StoreDescription::reach)
                .min(Comparator.comparingInt(ShardedStore::rank))
                .orElseThrow();
        return new StoreDescription(
                all.size() + " stores, the first of them "
                        + shortened(all.get(0).kind()),
                reach,
                weakest.standbys(),
                weakest.detail());
    }

    private static String shortened(String kind) {
        return kind.substring(0, Math.min(kind.length(), MOST_OF_KIND));
    }

    private static int rank(StoreDescription.Reach reach) {
        return switch (reach) {
            case UNKNOWN -> 0;
            case PROCESS -> 1;
            case MACHINE -> 2;
            case NETWORK -> 3;
        };
    }

    /** Changes in all stores. */
    @Override
    public Subscription subscribe(ChangeListener listener) {
        List<Subscription> subscriptions = new ArrayList<>();
        try {
            group.members().forEach(member -> subscriptions.add(member.store().subscribe(listener)));
        } catch (RuntimeException failure) {
            subscriptions.forEach(Subscription::close);
            throw failure;
        }
        return () -> subscriptions.forEach(Subscription::close);
    }

    /** Closes all stores, also when one of them fails; its failure is thrown in the end. */
    @Override
    public void close() {
        runner.close();
        RuntimeException failure = null;
        for (GroupMember member : group.members()) {
            try {
                member.store().close();
            } catch (RuntimeException failed) {
                if (failure == null) {
                    failure = failed;
                } else {
                    failure.addSuppressed(failed);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Forms a group. Used by one thread. */
    public static final class Builder {

        private static final int MAX_NAME_LENGTH = 100;

        private final Map<String, Store> stores = new LinkedHashMap<>();
        private TimeSource time = TimeSource.system();
        private Duration patience = Duration.ofSeconds(5);

        private Builder(String name, Store first) {
            add(name, first);
        }

        /**
         * Adds a store. One that is new to the group must be empty, gets the next number and has no shard until one is moved to it.
         *
         * @param name as in {@link ShardedStore#builder}
         */
        public Builder add(String name, Store store) {
            if (name == null || name.isBlank() || name.length() > MAX_NAME_LENGTH) {
                throw new IllegalArgumentException(
                        "name is '" + name + "', expected 1 to " + MAX_NAME_LENGTH + " characters");
            }
            if (store == null) {
                throw new IllegalArgumentException("store is null, expected a value");
            }
            if (store.shards().isEmpty()) {
                throw new IllegalArgumentException(
                        "store '" + name + "' has no shards, expected one that may be divided");
            }
            if (stores.putIfAbsent(name, store) != null) {
                throw new IllegalArgumentException("name '" + name + "' stands twice, expected once");
            }
            return this;
        }

        /** The clock for waits and leases; the system's by default. */
        public Builder time(TimeSource source) {
            if (source == null) {
                throw new IllegalArgumentException("time is null, expected a value");
            }
            this.time = source;
            return this;
        }

        /**
         * How long a submission, or another change of a task, waits while the shard of its project moves. Zero does not wait; five seconds by
         * default.
         */
        public Builder patience(Duration longest) {
            if (longest == null || longest.isNegative()) {
                throw new IllegalArgumentException("patience is " + longest + ", expected zero or more");
            }
            this.patience = longest;
            return this;
        }

        /**
         * Opens the group: makes new stores a part of it, and checks that the others are the ones that they were. The group closes the stores
         * in the end; when this fails, none is closed.
         *
         * @throws IllegalStateException when a store of the group is missing here, when a name stands for another database than
         *     before, or when a new store has tasks
         * @throws StoreException when a store fails
         */
        public ShardedStore open() {
            Map<String, String> identities = new LinkedHashMap<>();
            stores.forEach((name, store) -> identities.put(name, store.cluster().storeId()));
            String firstName = stores.keySet().iterator().next();
            Store first = stores.values().iterator().next();
            ShardMaps maps = new ShardMaps(first.cluster(), time);
            Map<String, String> known = maps.read().stores();
            stores.forEach((name, store) -> requireEmpty(name, store, known));
            ShardMap map = maps.change(before -> formed(
                    before.version() == 0 ? ShardMap.of(firstName, String.valueOf(identities.get(firstName))) : before,
                    identities));
            List<GroupMember> members = new ArrayList<>();
            for (String name : map.stores().keySet()) {
                Store store = stores.get(name);
                if (store == null) {
                    throw new IllegalStateException("store '" + name + "' is a part of the group, expected it here");
                }
                int number = map.number(name);
                store.shards().orElseThrow().join(number, number == 0);
                members.add(new GroupMember(number, name, store, store.shards().orElseThrow()));
            }
            ThreadRunner runner = new ThreadRunner("architect-shards");
            return new ShardedStore(new StoreGroup(members, maps, time, runner, patience), runner);
        }

        /** Before the map names it: a store that cannot join would keep the others from being opened. */
        private void requireEmpty(String name, Store store, Map<String, String> known) {
            boolean isFirst = name.equals(stores.keySet().iterator().next());
            if (!isFirst
                    && !known.containsKey(name)
                    && !store.tasks().list(TaskQuery.newest(1)).isEmpty()) {
                throw new IllegalStateException("store '" + name + "' has tasks, expected none before it joins others");
            }
        }

        private static ShardMap formed(ShardMap before, Map<String, String> identities) {
            ShardMap map = before;
            if (!map.stores()
                    .keySet()
                    .iterator()
                    .next()
                    .equals(identities.keySet().iterator().next())) {
                throw new IllegalStateException("the first store is '"
                        + identities.keySet().iterator().next() + "', expected '"
                        + map.stores().keySet().iterator().next() + "'");
            }
            for (Map.Entry<String, String> store : identities.entrySet()) {
                String known = map.stores().get(store.getKey());
                if (known == null) {
                    requireNew(map, store.getKey(), store.getValue());
                    map = map.withStore(store.getKey(), store.getValue());
                } else if (!known.equals(store.getValue())) {
                    throw new IllegalStateException("store '" + store.getKey() + "' is another database ("
                            + store.getValue() + ") than before (" + known + "), expected the same");
                }
            }
            return map;
        }

        private static void requireNew(ShardMap map, String name, String identity) {
            map.stores().forEach((other, known) -> {
                if (known.equals(identity)) {
                    throw new IllegalStateException(
                            "store '" + name + "' is the database of store '" + other + "', expected another one");
                }
            });
        }
    }
}
