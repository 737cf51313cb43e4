package dev.architect.store.postgres;

import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.store.jdbi.task.NewTask;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Inserts the tasks of several callers by one statement in one transaction: a commit to disk costs milliseconds, whether it holds one task or
 * hundreds.
 *
 * <ol>
 *   <li>A caller that finds less than two transactions under way leads one, with all changes that wait. There is no thread beside
 *       the callers.
 *   <li>A single caller does not wait. A leader with other changes in the queue waits up to a millisecond for as many as there were in the last
 *       group: they come back at about the same time.
 *   <li>When a transaction fails, each of its callers inserts its own tasks again alone, so that one whose tasks cannot be stored is the only one
 *       that fails. When the database is not there at all, or it is unknown what was kept, all of them fail.
 * </ol>
 *
 * <p>Safe for use by several threads.
 */
final class GroupedSubmits {

    private static final int MAX_LEADERS = 2;

    /** The largest number of callers in one transaction. */
    private static final int MAX_CALLERS_PER_COMMIT = 100;

    /** A caller with more tasks has a transaction of its own. */
    private static final int MOST_GROUPED = 20;

    private static final Duration LONGEST_GATHERING = Duration.ofMillis(1);

    private final Insert insert;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    // What follows is guarded by the lock.
    private final Deque<Change> waiting = new ArrayDeque<>();
    private int leaders;
    private int lastSize;

    private enum Stage {
        WAITING,
        LEADS,
        TAKEN,
        DONE,
        FAILED,
        ALONE
    }

    /** A statement that inserts tasks. */
    @FunctionalInterface
    interface Insert {
        void insert(WriteConnection sql, List<NewTask> tasks) throws SQLException;
    }

    /** A caller's tasks. Guarded by the lock. */
    private static final class Change {

        private final List<NewTask> tasks;
        private final Condition changed;
        private Stage stage = Stage.WAITING;
        private @Nullable StoreException failure;

        Change(List<NewTask> tasks, Condition changed) {
            this.tasks = tasks;
            this.changed = changed;
        }

        void become(Stage next) {
            stage = next;
            changed.signal();
        }
    }

    GroupedSubmits(Insert insert) {
        this.insert = insert;
    }

    /** Inserts the tasks, and returns when they are durable. */
    void submit(TransactionalWrites writes, List<NewTask> tasks) {
        if (tasks.size() > MOST_GROUPED) {
            insertAlone(writes, tasks);
            return;
        }
        Change own = new Change(tasks, lock.newCondition());
        if (awaitTurn(own) == Stage.LEADS) {
            lead(own, writes);
        }
        switch (own.stage) {
            case DONE -> {}
            case FAILED -> throw failureOf(own);
            case ALONE -> insertAlone(writes, tasks);
            case WAITING, LEADS, TAKEN -> throw new IllegalStateException("the change is " + own.stage);
        }
    }

    /** How many callers wait to be taken. */
    int waitingCount() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    private void insertAlone(TransactionalWrites writes, List<NewTask> tasks) {
        writes.write(sql -> {
            insert.insert(sql, tasks);
            return tasks.size();
        });
    }

    private static StoreException failureOf(Change change) {
        StoreException known = change.failure;
        // A new exception for each caller, with the stack trace of the caller.
        return known == null
                ? new StoreException(Kind.FAILED, "the change was not made", null)
                : new StoreException(known.kind(), String.valueOf(known.getMessage()), known);
    }

    /** Waits until the change was made or is to be led by its own caller. An interruption is kept. */
    private Stage awaitTurn(Change own) {
        boolean interrupted = false;
        lock.lock();
        try {
            if (leaders < MAX_LEADERS) {
                leaders++;
                own.stage = Stage.LEADS;
            } else {
                waiting.add(own);
                arrived.signal();
            }
            while (own.stage == Stage.WAITING || own.stage == Stage.TAKEN) {
                try {
                    own.changed.await();
                } catch (InterruptedException stop) {
                    interrupted = true;
                    // What a leader has taken may be committed, so its outcome is awaited.
                    if (own.stage == Stage.WAITING) {
                        waiting.remove(own);
                        throw new StoreException(Kind.BUSY, "interrupted before the change was begun", stop);
                    }
                }
            }
            return own.stage;
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Inserts the caller's own tasks with those that wait, and passes the lead on. */
    private void lead(Change own, TransactionalWrites writes) {
        List<Change> group = gather(own);
        Stage end = Stage.ALONE;
        StoreException failure = null;
        try {
            insertAlone(
                    writes,
                    group.stream().flatMap(change -> change.tasks.stream()).toList());
            end = Stage.DONE;
        } catch (StoreException failed) {
            if (group.size() == 1) {
                throw failed;
            }
            if (concernsAll(failed.kind())) {
                end = Stage.FAILED;
                failure = failed;
            }
        } catch (RuntimeException | Error wrong) {
            // Of one of them, which meets it again alone.
            if (group.size() == 1) {
                throw wrong;
            }
        } finally {
            finish(group, end, failure);
        }
    }

    private static boolean concernsAll(Kind kind) {
        return switch (kind) {
            case BUSY, OUTCOME_UNKNOWN, CLOSED, INACCESSIBLE, CORRUPT, TOO_NEW -> true;
            // One that is too large for the disk, or cannot be stored at all, must not fail those that can.
            case FULL, FAILED -> false;
        };
    }

    private List<Change> gather(Change own) {
        lock.lock();
        try {
            awaitOthers();
            List<Change> group = new ArrayList<>();
            group.add(own);
            while (!waiting.isEmpty() && group.size() < MAX_CALLERS_PER_COMMIT) {
                Change change = waiting.remove();
                change.stage = Stage.TAKEN;
                group.add(change);
            }
            lastSize = group.size();
            return group;
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock, which the wait gives up. */
    private void awaitOthers() {
        long left = LONGEST_GATHERING.toNanos();
        try {
            while (left > 0 && !waiting.isEmpty() && waiting.size() + 1 < lastSize) {
                left = arrived.awaitNanos(left);
            }
        } catch (InterruptedException stop) {
            // The changes are made at once; the caller sees its interruption afterwards.
            Thread.currentThread().interrupt();
        }
    }

    private void finish(List<Change> group, Stage end, @Nullable StoreException failure) {
        lock.lock();
        try {
            for (Change change : group) {
                change.failure = failure;
                change.become(end);
            }
            Change next = waiting.poll();
            if (next == null) {
                leaders--;
            } else {
                next.become(Stage.LEADS);
            }
        } finally {
            lock.unlock();
        }
    }
}
