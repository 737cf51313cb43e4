package dev.architect.spi;

import dev.architect.access.AccessStore;
import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.FencingToken;
import dev.architect.audit.AuditStore;
import dev.architect.budget.BudgetStore;
import dev.architect.change.ChangeStore;
import dev.architect.check.Check;
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
import dev.architect.step.StepStore;
import dev.architect.task.TaskState;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What must outlive the process: tasks, nodes, ledger, activity and records. Correctness depends on it alone; every write of an attempt is
 * conditional on its fencing token.
 *
 * <p>Methods block until the change is durable, throw a {@link StoreException} when the store fails, and are safe for use by
 * several threads.
 */
public interface Store extends AutoCloseable {

    /** Tasks and attempts. */
    TaskStore tasks();

    /** Steps, progress and partial output of tasks. */
    StepStore steps();

    /** Settings of queues and tenants, and what waits in their lanes. */
    LaneStore lanes();

    /** Nodes and their sessions. */
    NodeStore nodes();

    /** Roles, shared documents and messages of the nodes. */
    ClusterStore cluster();

    /** Calls and their cost. */
    LedgerStore ledger();

    /** The activity log. */
    ActivityStore activity();

    /** Records of decisions, and feedback about answers. */
    RecordStore records();

    /**
     * Limits that several nodes share; empty, as by default, in a store that has none. Then each node keeps to the whole limit by itself,
     * and several of them exceed it.
     */
    default Optional<QuotaStore> quotas() {
        return Optional.empty();
    }

    /** Budgets that several nodes share; empty, as by default, in a store that has none. */
    default Optional<BudgetStore> budgets() {
        return Optional.empty();
    }

    /**
     * Schedules of tasks that come again and again; empty, as by default, in a store that keeps none. Then hosts cannot make any.
     */
    default Optional<ScheduleStore> schedules() {
        return Optional.empty();
    }

    /** Projects, boards and items; empty, as by default, in a store that keeps none. Then hosts cannot make any. */
    default Optional<ProjectStore> projects() {
        return Optional.empty();
    }

    /** Users, logins and tokens; empty, as by default, in a store that keeps none. Then the server knows its operator's token alone. */
    default Optional<AccessStore> access() {
        return Optional.empty();
    }

    /** What was done by whom; empty, as by default, in a store that keeps no such chain. */
    default Optional<AuditStore> audit() {
        return Optional.empty();
    }

    /** The answers of creations by their keys; empty, as by default, in a store that keeps none. Then repetitions create again. */
    default Optional<CreationStore> creations() {
        return Optional.empty();
    }

    /**
     * Reviews, approval rules and recorded decisions; empty, as by default, in a store that keeps none. Then nobody can be asked.
     */
    default Optional<ReviewStore> reviews() {
        return Optional.empty();
    }

    /** The parts of exports; empty, as by default, in a store that keeps none. Then nothing can be exported in the background. */
    default Optional<ExportStore> exports() {
        return Optional.empty();
    }

    /** The log of changes; empty, as by default, in a store that keeps none. Then pages read anew from time to time. */
    default Optional<ChangeStore> changes() {
        return Optional.empty();
    }

    /**
     * Returns what the store is, as it can tell now: which processes share it, and how many servers have its data. May ask the database.
     * {@link StoreDescription#UNKNOWN} by default.
     *
     * @throws StoreException when the store fails
     */
    default StoreDescription description() {
        return StoreDescription.UNKNOWN;
    }

    /**
     * The virtual shards, for a store that may be one of several; empty, as by default, in a store that cannot be.
     */
    default Optional<ShardStore> shards() {
        return Optional.empty();
    }

    /**
     * Calls {@code listener} soon after others have changed something, for example another process, until the subscription is
     * closed.
     *
     * <p>A call is a hint and never a fact. It may come late, twice, or for nothing, and it may be lost; whoever gets one reads the
     * store, and looks there from time to time without one. A store may or may not call for changes that were made through the same
     * object.
     *
     * @throws StoreException when the store fails or is closed
     */
    Subscription subscribe(ChangeListener listener);

    /**
     * States whether the changes that are made through this object reach other processes in another way as well, for example by the hints
     * of a cluster. While they do, a store may announce them less often. Does nothing by default.
     */
    default void changesAreHinted(boolean areHinted) {}

    /** Writes what is pending and closes. Calls in progress fail. */
    @Override
    void close();

    /** What may have happened. */
    enum ChangeKind {
        /** A task has become ready. */
        TASK_READY,
        /** A task has ended. */
        TASK_ENDED,
        /** The cancellation of a running task was requested. */
        CANCEL_REQUESTED,
        /** A message was posted, or a shared document was written. */
        CLUSTER,
        /** A node was given an order, a node has left, or a role was given up. */
        NODE
    }

    /**
     * What a store knows about changes. Further components will only be added at the end.
     *
     * @param kinds what may have happened; all kinds when the store knows only that something has, none when nothing has
     */
    record Change(Set<ChangeKind> kinds) {

        /** Something has changed. */
        public static final Change ANY = new Change(EnumSet.allOf(ChangeKind.class));

        /** Copies the set. */
        public Change {
            kinds = Set.copyOf(Check.noNulls("kinds", kinds));
        }

        /** A change of these kinds. */
        public static Change of(ChangeKind first, ChangeKind... others) {
            Set<ChangeKind> kinds =
                    new HashSet<>(Check.noNulls("others", Arrays.asList(Check.notNull("others", others))));
            kinds.add(Check.notNull("first", first));
            return new Change(kinds);
        }

        /**
         * What the recording of {@code ends} may have changed; of no kind when nothing has.
         *
         * @param recorded the tokens of those that were recorded, as {@link TaskStore#finish} returns them
         */
        public static Change ofEnds(Collection<AttemptEnd> ends, Set<FencingToken> recorded) {
            Check.noNulls("recorded", recorded);
            Set<ChangeKind> kinds = EnumSet.noneOf(ChangeKind.class);
            for (AttemptEnd end : Check.noNulls("ends", ends)) {
                if (recorded.contains(end.fencingToken())) {
                    switch (end.next()) {
                        // One that is to be held may become ready instead.
                        case READY, SCHEDULED, HELD -> kinds.add(ChangeKind.TASK_READY);
                        case DONE, DEAD, CANCELLED, EXPIRED -> kinds.add(ChangeKind.TASK_ENDED);
                        case RUNNING, BLOCKED, LIMITED -> {}
                    }
                }
            }
            return new Change(kinds);
        }

        /**
         * What {@link TaskStore#cancel} has changed; of no kind when nothing has.
         *
         * @param now the state of the task afterwards
         */
        public static Change ofCancel(TaskState now) {
            return switch (Check.notNull("now", now)) {
                case CANCELLED -> of(ChangeKind.TASK_ENDED);
                case RUNNING -> of(ChangeKind.CANCEL_REQUESTED);
                case READY, SCHEDULED, BLOCKED, LIMITED, HELD, DONE, DEAD, EXPIRED -> new Change(Set.of());
            };
        }
    }

    /** Receives changes. */
    @FunctionalInterface
    interface ChangeListener {

        /**
         * Something may have changed. Called by a thread of the store or by the one that made the change, several at a time, under no
         * lock. Must return at once and not call the store; what it throws is logged.
         */
        void onChange(Change change);
    }

    /** A listener that is being called. */
    interface Subscription extends AutoCloseable {

        /** Ends the calls; one that has begun may still be running. Never blocks. Calling it twice does nothing more. */
        @Override
        void close();
    }
}
