package dev.architect.store.jdbi.task;

import dev.architect.shard.ShardNotServedException;
import dev.architect.store.jdbi.ReadConnections;
import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.store.jdbi.WriteConnection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.IntFunction;
import org.jdbi.v3.core.Handle;

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

    /**
     * The number of this store in its group, which stands in the ids of its tasks; 0 in a store that is in none. It is read once, and again when
     * the database refuses ids with it: another process may have made the store a part of a group since. Safe for use by several threads.
     */
    static final class StoreNumber {

        private static final int UNKNOWN = -1;

        private final ReadConnections reads;
        private volatile int number = UNKNOWN;

        StoreNumber(ReadConnections reads) {
            this.reads = reads;
        }

        /** Makes a change with ids of this store. Blocks for the store when the number is not known. */
        <T> T with(IntFunction<T> change) {
            int used = get();
            try {
                return change.apply(used);
            } catch (ShardNotServedException refused) {
                number = UNKNOWN;
                if (get() == used) {
                    throw refused;
                }
                return change.apply(get());
            }
        }

        private int get() {
            int known = number;
            if (known == UNKNOWN) {
                known = reads.read(StoreNumber::read);
                number = known;
            }
            return known;
        }

        private static int read(Handle handle) {
            return handle.createQuery(ShardSql.NUMBER)
                    .map((row, context) -> row.getInt(1))
                    .one();
        }

        /** Reads it in a transaction of the caller. */
        static int read(WriteConnection sql) throws SQLException {
            try (ResultSet row = sql.prepare(ShardSql.NUMBER).executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }
}
