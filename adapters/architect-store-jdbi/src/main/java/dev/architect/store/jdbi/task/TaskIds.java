package dev.architect.store.jdbi.task;

import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.store.jdbi.WriteConnection;
import java.sql.SQLException;

/**
 * Numbers for new tasks, taken in blocks from the database: a block saves a change of a shared row for each task. What is left of a block
 * is never used, which leaves gaps. Safe for use by several threads.
 */
final class TaskIds {

    private static final int BLOCK_SIZE = 1_024;

    private final TransactionalWrites writes;
    private long next;
    private long end;

    TaskIds(TransactionalWrites writes) {
        this.writes = writes;
    }

    /** Returns the first of {@code count} numbers in a row. Blocks for the store when the block is used up. */
    synchronized long take(int count) {
        if (end - next < count) {
            int size = Math.max(BLOCK_SIZE, count);
            // In a transaction of its own: a number stays taken, whatever becomes of the tasks.
            next = writes.write(sql -> sql.allocateIds("task", size));
            end = next + size;
        }
        long first = next;
        next += count;
        return first;
    }

    /** Does the same in a transaction of the caller, and never blocks for the store: numbers that it allocates are rolled back with it. */
    long take(WriteConnection sql, int count) throws SQLException {
        synchronized (this) {
            if (end - next >= count) {
                long first = next;
                next += count;
                return first;
            }
        }
        // Not the next block for all: another transaction must not use it before this one is committed.
        return sql.allocateIds("task", count);
    }
}
