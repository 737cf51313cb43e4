package dev.architect.store.jdbi.task;

import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.store.jdbi.WriteConnection;
import java.sql.SQLException;

/**
 * Numbers for new tasks, taken in blocks from the database: a block saves a change of a shared row for each task. What is left of a block
 * when the store closes is never used, which leaves gaps. Safe for use by several threads.
 */
final class TaskIds {

    private static final int BLOCK_SIZE = 1_024;

    private final TransactionalWrites writes;
    private long next;
    private long end;

    TaskIds(TransactionalWrites writes) {
        this.writes = writes;
    }

    /** Returns {@code count} numbers, in ascending order. Blocks for the store when the block is used up, and then holds no lock. */
    long[] take(int count) {
        long[] numbers = new long[count];
        int taken = takeFromBlock(numbers);
        if (taken < count) {
            int missing = count - taken;
            // In a transaction of its own: a number stays taken, whatever becomes of the tasks.
            long[] starts = writes.write(sql -> sql.dialect().takeTaskNumbers(sql, blocks(missing), BLOCK_SIZE));
            for (int i = 0; i < missing; i++) {
                numbers[taken + i] = starts[i / BLOCK_SIZE] + i % BLOCK_SIZE;
            }
            keep(starts[starts.length - 1], missing - (starts.length - 1) * BLOCK_SIZE);
        }
        return numbers;
    }

    private synchronized int takeFromBlock(long[] numbers) {
        return fill(numbers, 0);
    }

    /** Keeps what is left of a block, unless another thread has brought one with more. */
    private synchronized void keep(long start, int used) {
        if (BLOCK_SIZE - used > end - next) {
            next = start + used;
            end = start + BLOCK_SIZE;
        }
    }

    /** Does the same in a transaction of the caller, and never blocks for the store: numbers that it takes may be rolled back with it. */
    long[] take(WriteConnection sql, int count) throws SQLException {
        synchronized (this) {
            if (end - next >= count) {
                long[] numbers = new long[count];
                fill(numbers, 0);
                return numbers;
            }
        }
        // Not the next block for all: another transaction must not use it before this one is committed.
        long[] starts = sql.dialect().takeTaskNumbers(sql, blocks(count), BLOCK_SIZE);
        long[] numbers = new long[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = starts[i / BLOCK_SIZE] + i % BLOCK_SIZE;
        }
        return numbers;
    }

    /** Gives up what is left of the block: the database may not know any more that it was taken. */
    synchronized void forget() {
        next = 0;
        end = 0;
    }

    private static int blocks(int count) {
        return (count + BLOCK_SIZE - 1) / BLOCK_SIZE;
    }

    /** Takes from the block what it has, and returns how many. */
    private int fill(long[] numbers, int from) {
        int count = (int) Math.min(numbers.length - from, end - next);
        for (int i = 0; i < count; i++) {
            numbers[from + i] = next++;
        }
        return count;
    }
}
