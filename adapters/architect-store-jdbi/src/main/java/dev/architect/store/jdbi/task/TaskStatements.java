package dev.architect.store.jdbi.task;

import dev.architect.attempt.FencingToken;
import dev.architect.error.StoreException;
import dev.architect.spi.TimeSource;
import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.store.jdbi.lane.LaneGate;
import dev.architect.task.TaskRequest;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The changes that every task goes through, in the way that is fast on one database. Each runs in the transaction of its caller and keeps
 * the numbers of tasks by lane and state. Safe for use by several threads.
 */
public interface TaskStatements {

    /**
     * Inserts tasks in a transaction of {@code writes}, or together with those of other callers. Returns when they are durable.
     *
     * @throws StoreException when none of them was inserted, or it is unknown whether they were
     */
    default void submit(TransactionalWrites writes, List<NewTask> tasks, TimeSource time) {
        writes.write(sql -> {
            insert(sql, tasks, time.wallTime());
            return tasks.size();
        });
    }

    /** Inserts tasks, all of them or none. */
    void insert(WriteConnection sql, List<NewTask> tasks, Instant now) throws SQLException;

    /**
     * Claims ready tasks, in any order. At most one of them is a suspect. Empty, with nothing claimed, when the settings of lanes have another
     * version than that of {@code lanes}.
     */
    Optional<List<ClaimedRow>> claim(WriteConnection sql, ClaimLanes lanes, Instant now) throws SQLException;

    /** A claim is committed. */
    default void claimed(List<ClaimedRow> rows) {
        // What a store does with it is its own business.
    }

    /** Tasks became ready in another way than by being submitted, and that is committed. */
    default void becameReady() {
        // What a store does with it is its own business.
    }

    /** A task became ready in another way than by being submitted, and that is committed. */
    default void becameReady(long lane, long sortKey) {
        // What a store does with it is its own business.
    }

    /** Ends attempts whose fencing token still matches, and returns these; {@code keys} gets the limit keys of their tasks. */
    Set<FencingToken> finish(WriteConnection sql, List<EndRow> ends, Instant now, LimitKeys keys) throws SQLException;

    /**
     * The same, but that tasks for which a queue or a tenant has no room are refused.
     *
     * @param locks whether others that add tasks there wait for the end of the transaction
     */
    default TaskStatements bounded(LaneGate gate, boolean locks) {
        return new Bounded(this, gate, locks);
    }

    /** What {@link #bounded} returns. */
    final class Bounded implements TaskStatements {

        private final TaskStatements statements;
        private final LaneGate gate;
        private final boolean locks;

        private Bounded(TaskStatements statements, LaneGate gate, boolean locks) {
            this.statements = statements;
            this.gate = gate;
            this.locks = locks;
        }

        private static List<TaskRequest> requests(List<NewTask> tasks) {
            return tasks.stream().map(NewTask::request).toList();
        }

        @Override
        public void submit(TransactionalWrites writes, List<NewTask> tasks, TimeSource time) {
            if (!gate.hasBounds() || !gate.isBounded(requests(tasks))) {
                statements.submit(writes, tasks, time);
                return;
            }
            writes.write(sql -> {
                insert(sql, tasks, time.wallTime());
                return tasks.size();
            });
            tasks.forEach(task -> statements.becameReady(task.lane(), task.sortKey(time.wallTime())));
        }

        @Override
        public void insert(WriteConnection sql, List<NewTask> tasks, Instant now) throws SQLException {
            if (gate.hasBounds()) {
                gate.requireRoom(sql, requests(tasks), locks);
            }
            statements.insert(sql, tasks, now);
        }

        @Override
        public Optional<List<ClaimedRow>> claim(WriteConnection sql, ClaimLanes lanes, Instant now)
                throws SQLException {
            return statements.claim(sql, lanes, now);
        }

        @Override
        public void claimed(List<ClaimedRow> rows) {
            statements.claimed(rows);
        }

        @Override
        public void becameReady() {
            statements.becameReady();
        }

        @Override
        public void becameReady(long lane, long sortKey) {
            statements.becameReady(lane, sortKey);
        }

        @Override
        public Set<FencingToken> finish(WriteConnection sql, List<EndRow> ends, Instant now, LimitKeys keys)
                throws SQLException {
            return statements.finish(sql, ends, now, keys);
        }
    }

    /**
     * What stands behind a condition on a ready task that may be left to another node.
     *
     * @param buckets has a bit for each bucket of affinity keys that is left to others
     * @param readySince since when a task is ready that is left to them no more
     */
    static String isNotWithheld(String buckets, String readySince) {
        return TaskRow.isNotWithheld(buckets, readySince);
    }
}
