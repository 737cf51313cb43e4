package dev.architect.store.postgres;

import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.store.jdbi.WriteConnection;
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
 * Makes the changes of several callers in one transaction: a commit to disk costs milliseconds, whether it holds one change or hundreds.
 *
 * <ol>
 *   <li>A caller that finds less than two transactions under way leads one, with all changes that wait. There is no thread beside
 *       the callers.
 *   <li>A caller that is alone waits for nobody. A leader that has company waits up to a millisecond for as many as there were in the last
 *       group: they come back at about the same time.
 *   <li>When a transaction fails, each of its callers makes its own change again alone, so that one that cannot be made is the only one
 *       that fails. When the database is not there at all, or it is unknown what was kept, all of them fail.
 * </ol>
 *
 * <p>Safe for use by several threads. A body must not depend on the thread that it runs on.
 */
final class GroupedWrites implements TransactionalWrites {

    private static final int MAX_LEADERS = 2;

    /** The largest number of changes in one transaction. */
    private static final int MAX_CHANGES_PER_COMMIT = 500;

    private static final Duration LONGEST_GATHERING = Duration.ofMillis(1);

    private final TransactionalWrites writes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    // What follows is guarded by the lock.
    private final Deque<Change<?>> waiting = new ArrayDeque<>();
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

    /** A caller's change. Guarded by the lock, except for the result, which its leader writes before the stage changes. */
    private static final class Change<T extends @Nullable Object> {

        private final Body<T> body;
        private final Condition changed;
        private Stage stage = Stage.WAITING;
        private @Nullable T result;
        private @Nullable StoreException failure;

        Change(Body<T> body, Condition changed) {
            this.body = body;
            this.changed = changed;
        }

        void run(WriteConnection sql) throws SQLException {
            result = body.run(sql);
        }

        void become(Stage next) {
            stage = next;
            changed.signal();
        }

        @SuppressWarnings("NullAway") // T says whether it may be null.
        T result() {
            return result;
        }
    }

    GroupedWrites(TransactionalWrites writes) {
        this.writes = writes;
    }

    @Override
    public <T extends @Nullable Object> T write(Body<T> body) {
        Change<T> own = new Change<>(body, lock.newCondition());
        if (awaitTurn(own) == Stage.LEADS) {
            lead(own);
        }
        return switch (own.stage) {
            case DONE -> own.result();
            case FAILED -> throw failureOf(own);
            case ALONE -> writes.write(body);
            case WAITING, LEADS, TAKEN -> throw new IllegalStateException("the change is " + own.stage);
        };
    }

    private static StoreException failureOf(Change<?> change) {
        StoreException known = change.failure;
        // A new exception for each caller, with the stack trace of the caller.
        return known == null
                ? new StoreException(Kind.FAILED, "the change was not made", null)
                : new StoreException(known.kind(), String.valueOf(known.getMessage()), known);
    }

    /** Waits until the change was made or is to be led by its own caller. An interruption is kept. */
    private Stage awaitTurn(Change<?> own) {
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

    /** Makes the caller's own change with those that wait, and passes the lead on. */
    private void lead(Change<?> own) {
        List<Change<?>> group = gather(own);
        Stage end = Stage.ALONE;
        StoreException failure = null;
        try {
            writes.write(sql -> {
                for (Change<?> change : group) {
                    change.run(sql);
                }
                return group.size();
            });
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

    private List<Change<?>> gather(Change<?> own) {
        lock.lock();
        try {
            awaitOthers();
            List<Change<?>> group = new ArrayList<>();
            group.add(own);
            while (!waiting.isEmpty() && group.size() < MAX_CHANGES_PER_COMMIT) {
                Change<?> change = waiting.remove();
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

    private void finish(List<Change<?>> group, Stage end, @Nullable StoreException failure) {
        lock.lock();
        try {
            for (Change<?> change : group) {
                change.failure = failure;
                change.become(end);
            }
            Change<?> next = waiting.poll();
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
