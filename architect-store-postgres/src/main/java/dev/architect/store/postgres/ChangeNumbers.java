package dev.architect.store.postgres;

import dev.architect.change.ChangeStore;
import dev.architect.change.ChangeTopic;
import dev.architect.spi.TimeSource;
import dev.architect.store.jdbi.ChangeNotes;
import dev.architect.store.jdbi.ReadConnections;
import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.store.jdbi.WriteConnection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Gives numbers to what was changed. Transactions commit in another order than they take numbers in, so none of them takes one: each leaves a
 * row, and after its commit a reader of the log moves such rows into it. One does so at a time, which holds the row of the last number until
 * its own commit. So numbers have no gap and become visible in their order, and a transaction that lasts long delays nothing but its own changes.
 * Safe for use by several threads.
 */
final class ChangeNumbers {

    /** Rows of one transaction. */
    static final int BATCH = 2_000;

    /** A row that is committed late may have a lower id than those that were moved before, by some transactions. */
    private static final long LATE = 10_000;

    private static final Duration FULL_INTERVAL = Duration.ofSeconds(10);

    static final String IS_ANY = "SELECT EXISTS (SELECT 1 FROM change_pending WHERE id >= ?)";

    /** Waits for the transaction that gives numbers now: it has begun before, so it may have missed the newest changes. */
    static final String LOCK = "SELECT last FROM change_era WHERE id = 1 FOR UPDATE";

    static final String TAKE =
            "WITH gone AS (DELETE FROM change_pending WHERE id = ANY (ARRAY(SELECT id FROM change_pending"
                    + " WHERE id >= ? ORDER BY id LIMIT " + BATCH + ")) RETURNING id, topic, keys)"
                    + " SELECT id, topic, keys FROM gone ORDER BY id";

    static final String ADD = "INSERT INTO change_log (sequence, topic, keys) VALUES (?, ?, ?)";
    static final String RAISE = "UPDATE change_era SET last = ? WHERE id = 1";
    static final String FORGET = "DELETE FROM change_log WHERE sequence <= ?";

    private final TransactionalWrites writes;
    private final ReadConnections reads;
    private final TimeSource time = TimeSource.system();
    private final ReentrantLock lock = new ReentrantLock();
    // What follows is guarded by the lock.
    private long from = Long.MIN_VALUE;
    private long fullAt = time.nanoTime();

    private record Moved(int rows, long last) {}

    ChangeNumbers(TransactionalWrites writes, ReadConnections reads) {
        this.writes = writes;
        this.reads = reads;
    }

    /** Gives a number to everything that was committed before the call. Blocks. */
    void give() {
        lock.lock();
        try {
            if (time.nanoTime() - fullAt >= FULL_INTERVAL.toNanos()) {
                // The dead versions before the last row are walked once in a while, for rows that were committed very
                // late.
                from = Long.MIN_VALUE;
                fullAt = time.nanoTime();
            }
            long first = from;
            boolean isAny = reads.read(handle -> handle.createQuery(IS_ANY)
                    .bind(0, first)
                    .mapTo(Boolean.class)
                    .one());
            while (isAny) {
                Moved moved = writes.write(this::move);
                from = Math.max(from, moved.last() - LATE);
                isAny = moved.rows() == BATCH;
            }
        } finally {
            lock.unlock();
        }
    }

    private Moved move(WriteConnection sql) throws SQLException {
        long sequence;
        try (ResultSet row = sql.prepare(LOCK).executeQuery()) {
            if (!row.next()) {
                throw new SQLException("change_era has no row, expected one");
            }
            sequence = row.getLong(1);
        }
        ChangeNotes notes = new ChangeNotes();
        int rows = 0;
        long last = Long.MIN_VALUE + LATE;
        PreparedStatement take = sql.prepare(TAKE);
        take.setLong(1, from);
        try (ResultSet row = take.executeQuery()) {
            while (row.next()) {
                rows++;
                last = row.getLong("id");
                Optional<ChangeTopic> topic = ChangeTopic.of(row.getInt("topic"));
                if (topic.isPresent()) {
                    ChangeNotes.keys(row.getString("keys")).forEach(key -> notes.add(topic.get(), key));
                }
            }
        }
        long newest = sequence;
        List<ChangeNotes.Row> added = notes.take();
        if (!added.isEmpty()) {
            PreparedStatement add = sql.prepare(ADD);
            for (ChangeNotes.Row row : added) {
                add.setLong(1, ++newest);
                add.setInt(2, row.topic());
                add.setString(3, row.keys());
                add.addBatch();
            }
            add.executeBatch();
            PreparedStatement raise = sql.prepare(RAISE);
            raise.setLong(1, newest);
            raise.executeUpdate();
            if (newest / 1_000 != sequence / 1_000) {
                PreparedStatement forget = sql.prepare(FORGET);
                forget.setLong(1, newest - ChangeStore.KEPT);
                forget.executeUpdate();
            }
        }
        return new Moved(rows, last);
    }
}
