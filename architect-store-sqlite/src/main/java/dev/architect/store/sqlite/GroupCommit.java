package dev.architect.store.sqlite;

import dev.architect.error.ArchitectException;
import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import dev.architect.store.jdbi.SqlDialect;
import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.store.sqlite.BusyRetry.SqlCall;
import dev.architect.thread.ThreadRunner;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only connection that writes, and the writing thread, which makes the changes that wait in one transaction: a commit
 * to disk costs milliseconds, whether it holds one change or hundreds. While it commits, the next changes queue up. A caller that finds
 * nothing else being written makes its change itself: the hand-over to another thread and back costs as much as the change.
 *
 * <ol>
 *   <li>Each change runs under a savepoint of its own. One that fails is taken back alone; its caller gets its failure, and
 *       the others go on.
 *   <li>Callers return only after the commit.
 *   <li>Some failures (a full disk) end the whole transaction. Then nothing of it was kept, and each change that was not at
 *       fault is made again in a transaction of its own, so that those that still fit are not lost with those that do not.
 *   <li>When the disk itself fails during a commit, it is unknown what was kept, and the callers get {@code OUTCOME_UNKNOWN}.
 * </ol>
 */
final class GroupCommit implements TransactionalWrites, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

    /** The largest number of changes in one transaction. */
    private static final int MAX_CHANGES_PER_COMMIT = 500;

    private final WriteConnection writeConnection;
    private final Statement control;
    private final SqliteErrorReader failures;
    private final StoreGuard guard;
    private final ChangeWatch changes;
    private final Runnable committed;
    private final LastStep lastStep;
    private final Duration busyTimeout;
    private final BlockingQueue<WriteRequest<?>> queue;
    // Tells the writing thread of what is in the queue. It takes nothing out before it has the connection: what waits
    // stays counted.
    private final Semaphore news = new Semaphore(0);
    /** Held by the thread that uses the connection. */
    private final ReentrantLock turn = new ReentrantLock();
    /** Whether several callers write at a time: then their changes are gathered. */
    private volatile boolean isShared;
    // Its body never runs: it travels through the queue so that everything enqueued before it is still written.
    private final WriteRequest<Boolean> poisonPill = new WriteRequest<>(connection -> true);
    private volatile boolean closed;
    private volatile boolean started;
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

    /** What is done on the connection before it is closed. */
    @FunctionalInterface
    interface LastStep {
        void run(Statement control) throws SQLException;
    }

    GroupCommit(
            Connection connection,
            SqliteErrorReader failures,
            StoreGuard guard,
            ChangeWatch changes,
            Runnable committed,
            LastStep lastStep,
            Duration busyTimeout,
            int capacity) {
        this.writeConnection = new WriteConnection(connection, SqlDialect.SQLITE);
        this.failures = failures;
        this.guard = guard;
        this.changes = changes;
        this.committed = committed;
        this.lastStep = lastStep;
        this.busyTimeout = busyTimeout;
        this.queue = new ArrayBlockingQueue<>(capacity);
        try {
            this.control = connection.createStatement();
        } catch (SQLException failure) {
            throw failures.toStoreException(failure);
        }
    }

    void start(ThreadRunner runner) {
        runner.startPlatform("writer", this::loop);
        started = true;
    }

    /** Other connections' commits, which the writing thread looks for. */
    ChangeWatch changes() {
        return changes;
    }

    /** How many changes wait to be taken. */
    int waitingCount() {
        return queue.size();
    }

    @Override
    public <T extends @Nullable Object> T write(TransactionalWrites.Body<T> body) {
        WriteRequest<T> request = new WriteRequest<>(body);
        if (!writesHere(request)) {
            enqueue(request);
        }
        return request.await();
    }

    /** Makes the change on the thread that calls, when nothing else waits or is being written; false when it did not. */
    private boolean writesHere(WriteRequest<?> request) {
        // A virtual thread would keep others from its carrier while the disk works.
        if (isShared || !started || ThreadRunner.isCurrentVirtual() || !turn.tryLock()) {
            return false;
        }
        try {
            // Looked at again with the lock, which the last step of a close takes.
            if (closed || !queue.isEmpty()) {
                return false;
            }
            request.take();
            commit(List.of(request));
            if (changes.hasNews()) {
                // Listeners run on the writing thread.
                news.release();
            }
            return true;
        } finally {
            turn.unlock();
        }
    }

    /** Runs {@code action} on the thread that calls while no change of this store is made. */
    void pauseFor(SqlCall<?> action) throws SQLException {
        turn.lock();
        try {
            action.run();
        } finally {
            turn.unlock();
        }
    }

    /** Lets the writing thread look for changes of others now. */
    void wake() {
        news.release();
    }

    private void enqueue(WriteRequest<?> request) {
        if (closed) {
            throw closedFailure();
        }
        guard.requireServing();
        // The plain offer comes first: a timed one throws for an interrupted caller even when the queue has room.
        if (!queue.offer(request) && !offerWithinTimeout(request)) {
            throw new StoreException(
                    Kind.BUSY, queue.size() + " changes wait to be written, expected fewer: try again later", null);
        }
        // The writer may have drained the queue between the check above and the offer: then nothing would ever answer
        // us. When the request is not in the queue any more, the writer has it and answers it.
        if (closed && queue.remove(request)) {
            throw closedFailure();
        }
        news.release();
    }

    private boolean offerWithinTimeout(WriteRequest<?> request) {
        try {
            return queue.offer(request, busyTimeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            // The caller gets BUSY, and sees at its next blocking call that it was interrupted.
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void loop() {
        List<WriteRequest<?>> waiting = new ArrayList<>();
        try {
            boolean goesOn = true;
            while (goesOn) {
                awaitNews();
                turn.lock();
                try {
                    goesOn = writeWaiting(waiting);
                } finally {
                    turn.unlock();
                }
            }
        } catch (InterruptedException interrupted) {
            LOG.warn("the writing thread was interrupted; the store closes");
        } finally {
            // Before the queue is drained: a thread that enqueues later reads it and takes its request back.
            closed = true;
            queue.drainTo(waiting);
            waiting.forEach(request -> request.fail(closedFailure()));
            ended.complete(true);
        }
    }

    /** Waits for a change, or until it is time to look for those of other processes. */
    private void awaitNews() throws InterruptedException {
        if (!queue.isEmpty()) {
            return;
        }
        if (changes.hasListeners()) {
            news.tryAcquire(changes.pauseMillis(), TimeUnit.MILLISECONDS);
        } else {
            news.acquire();
        }
        // Whatever the others announced is in the queue already.
        news.drainPermits();
    }

    /** Makes the changes that wait, or looks for those of other processes when none does; false when it was the last time. */
    private boolean writeWaiting(List<WriteRequest<?>> waiting) {
        // Bounded, because the caller of the first change waits until the last one of its transaction is made.
        queue.drainTo(waiting, MAX_CHANGES_PER_COMMIT);
        if (waiting.isEmpty()) {
            changes.lookWhileIdle();
            return true;
        }
        boolean goesOn = !waiting.remove(poisonPill);
        // Callers that were interrupted may have given up while they waited; their changes must not be made.
        waiting.removeIf(request -> !request.take());
        isShared = waiting.size() > 1;
        commit(waiting);
        waiting.clear();
        changes.deliver();
        return goesOn;
    }

    /** Makes the changes in one transaction and completes every request. */
    private void commit(List<WriteRequest<?>> group) {
        if (group.isEmpty()) {
            return;
        }
        // The list is a copy: a request that fails alone leaves it, and is not made again when the group is repeated.
        List<WriteRequest<?>> open = new ArrayList<>(group);
        try {
            // IMMEDIATE, because a deferred transaction gets the write
            // lock only at its first change and may then fail as busy.
            guard.requireServing();
            BusyRetry.beginImmediate(control, busyTimeout, failures);
        } catch (Throwable failure) {
            // Throwable, here and below: the thread must live on, and
            // every caller waits without a timeout for its answer.
            open.forEach(request -> request.fail(failures.toStoreException(failure)));
            return;
        }
        boolean committing = false;
        try {
            writeConnection.changes().cutTo(0);
            // Nothing is written into a schema that a newer program has made unusable for this one.
            changes.look();
            for (WriteRequest<?> request : group) {
                apply(request, open);
            }
            // A node that is there says so every second, which is no sign that more follows.
            if (!writeConnection.changes().isEmpty()) {
                changes.touch();
            }
            writeConnection.logChanges();
            // From here on a failure no longer proves that nothing was kept.
            committing = true;
            control.execute("COMMIT");
            committed.run();
        } catch (Throwable failure) {
            rollBack();
            // A commit of unknown outcome must not be repeated: its changes could be made twice.
            if (group.size() > 1 && !(committing && failures.isOutcomeUnknown(failure))) {
                // At most one level deep: a group of one is not divided again.
                open.forEach(request -> commit(List.of(request)));
            } else {
                StoreException mapped =
                        committing ? failures.commitFailure(failure) : failures.toStoreException(failure);
                open.forEach(request -> request.fail(mapped));
            }
            return;
        }
        open.forEach(WriteRequest::complete);
    }

    /** Makes one change, or rolls it back alone and fails its request. Throws when the transaction is lost. */
    private void apply(WriteRequest<?> request, List<WriteRequest<?>> open) throws SQLException {
        writeConnection.execute("SAVEPOINT one_change");
        int noted = writeConnection.changes().size();
        try {
            request.run(writeConnection);
        } catch (Throwable failure) {
            if (failure instanceof ArchitectException && !(failure instanceof StoreException)) {
                // It may name what an earlier change of the group has written, and that may still be lost.
                request.refuse(failure);
            } else {
                open.remove(request);
                request.fail(failure instanceof SQLException ? failures.toStoreException(failure) : failure);
            }
            writeConnection.closeStatements();
            writeConnection.changes().cutTo(noted);
            writeConnection.execute("ROLLBACK TO one_change");
        }
        // ROLLBACK TO leaves the savepoint open, so it is released in both cases.
        writeConnection.execute("RELEASE one_change");
    }

    private void rollBack() {
        try {
            try {
                writeConnection.closeStatements();
            } finally {
                control.execute("ROLLBACK");
            }
        } catch (SQLException alreadyDone) {
            // A full disk and some other failures make SQLite roll back by
            // itself; then this ROLLBACK finds no transaction.
            LOG.debug("there was no transaction left to roll back: {}", alreadyDone.getMessage());
        }
    }

    private static StoreException closedFailure() {
        return new StoreException(Kind.CLOSED, "the store is closed, expected open", null);
    }

    /** Writes the queued changes and takes no more. Returns when the writing thread has ended. */
    synchronized void stop() {
        closed = true;
        if (started) {
            // An interrupt may have ended the thread already, or end it now: it does not take the pill then.
            if (!ended.isDone()) {
                putPoisonPill();
            }
            ended.join();
        }
    }

    /**
     * Writes the queued changes, does the last step and closes the connection. When it is the last one to the file, SQLite deletes
     * the log.
     *
     * @throws StoreException when the connection does not close; every acknowledged change was committed before
     */
    @Override
    public synchronized void close() {
        stop();
        // A caller may still be writing its change here.
        turn.lock();
        try (writeConnection;
                control) {
            if (!control.isClosed()) {
                lastStep.run(control);
            }
        } catch (SQLException failure) {
            throw failures.toStoreException(failure);
        } finally {
            turn.unlock();
        }
    }

    private void putPoisonPill() {
        boolean interrupted = false;
        // Also when interrupted: the changes before it are acknowledged only if the writer gets to them.
        // If the writer takes the pill before it is looked for, a second one is put, which the writer only drains.
        while (!ended.isDone() && !queue.contains(poisonPill)) {
            try {
                queue.put(poisonPill);
                news.release();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
