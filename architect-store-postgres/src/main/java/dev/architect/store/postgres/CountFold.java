package dev.architect.store.postgres;

import dev.architect.spi.TimeSource;
import dev.architect.store.jdbi.TransactionalWrites;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;

/**
 * Adds up the changes of the numbers of tasks, so that few rows remain to be read. All processes do it, each with changes that no other one
 * has locked. Used by one thread.
 */
final class CountFold {

    /** Rows of one transaction. */
    static final int BATCH = 5_000;

    /** Sessions take their ids in blocks, so a row that is committed later may have an id that is lower by some blocks. */
    private static final long LATE = 10_000;

    private static final Duration FULL_INTERVAL = Duration.ofMinutes(1);

    static final String FOLD =
            "WITH gone AS (DELETE FROM task_count_change WHERE id = ANY (ARRAY(SELECT id FROM task_count_change"
                    + " WHERE id >= ? ORDER BY id LIMIT " + BATCH
                    + " FOR UPDATE SKIP LOCKED)) RETURNING id, lane, state, n),"
                    + " folded AS (INSERT INTO task_count (lane, state, n) SELECT lane, state, sum(n) FROM gone GROUP BY lane, state"
                    // In one order, so that two processes cannot lock each other.
                    + " ORDER BY lane, state ON CONFLICT (lane, state) DO UPDATE SET n = task_count.n + excluded.n)"
                    + " SELECT count(*), coalesce(max(id), 0) FROM gone";

    private final TransactionalWrites writes;
    private final TimeSource time = TimeSource.system();
    private long from = Long.MIN_VALUE;
    private long fullAt = time.nanoTime();

    private record Folded(int rows, long last) {}

    CountFold(TransactionalWrites writes) {
        this.writes = writes;
    }

    /** Folds what there is. */
    void fold() {
        if (time.nanoTime() - fullAt >= FULL_INTERVAL.toNanos()) {
            // The dead versions before the last row are walked once in a while, for rows that were committed very late.
            from = Long.MIN_VALUE;
            fullAt = time.nanoTime();
        }
        Folded folded;
        do {
            folded = foldBatch();
            from = Math.max(from, folded.last() - LATE);
        } while (folded.rows() == BATCH);
    }

    private Folded foldBatch() {
        long first = from;
        return writes.write(sql -> {
            PreparedStatement fold = sql.prepare(FOLD);
            fold.setLong(1, first);
            try (ResultSet row = fold.executeQuery()) {
                row.next();
                return new Folded(row.getInt(1), row.getLong(2));
            }
        });
    }
}
