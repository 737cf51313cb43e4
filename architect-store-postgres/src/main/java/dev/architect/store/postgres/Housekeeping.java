package dev.architect.store.postgres;

import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.store.postgres.connection.PostgresErrorReader;
import dev.architect.thread.ThreadRunner;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to be done from time to time in the background: the changes of the numbers of tasks are added up, so that few rows remain to be
 * read, what was changed gets its number when nobody reads it, the ledger gets its next partitions, and its calls take less place when no earlier
 * version needs them whole. All processes do it, each with what no other one has locked.
 */
final class Housekeeping implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

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

    private static final Duration PARTITIONS_INTERVAL = Duration.ofHours(6);

    private static final Duration COMPACT_INTERVAL = Duration.ofMinutes(1);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final TransactionalWrites writes;
    private final TimeSource time = TimeSource.system();
    private final WakeUp wakeUp = time.newWakeUp();
    private final Runnable numbers;
    private final boolean makesPartitions;
    private volatile boolean closed;
    private volatile boolean isCompact;
    private boolean hasFailed;
    private long from = Long.MIN_VALUE;
    private long fullAt = time.nanoTime();

    private record Folded(int rows, long last) {}

    /**
     * Creates the background work.
     *
     * @param numbers gives numbers to what was changed
     * @param makesPartitions whether the role may create tables
     */
    Housekeeping(TransactionalWrites writes, Runnable numbers, boolean makesPartitions) {
        this.writes = writes;
        this.numbers = numbers;
        this.makesPartitions = makesPartitions;
    }

    void start(ThreadRunner runner) {
        runner.startPlatform("counts", this::loop);
    }

    private void loop() {
        try {
            long partitionsAt = time.nanoTime() + PARTITIONS_INTERVAL.toNanos();
            long compactAt = time.nanoTime() + COMPACT_INTERVAL.toNanos();
            while (!closed) {
                wakeUp.await(PAUSE);
                if (!closed && time.nanoTime() - partitionsAt >= 0) {
                    makePartitions();
                    partitionsAt = time.nanoTime() + PARTITIONS_INTERVAL.toNanos();
                }
                if (!closed && !isCompact && time.nanoTime() - compactAt >= 0) {
                    compactCalls();
                    compactAt = time.nanoTime() + COMPACT_INTERVAL.toNanos();
                }
                if (!closed) {
                    foldQuietly();
                }
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /** Makes the ledger's next partitions, where the role may create tables. Never fails. */
    void makePartitions() {
        if (makesPartitions) {
            LedgerPartitions.ensure(writes, time.wallTime());
        }
    }

    /** Lets calls of the ledger leave out what is usual, where that is possible and the role may change the schema. Never fails. */
    void compactCalls() {
        isCompact = !makesPartitions || CompactCalls.ensure(writes);
    }

    private void foldQuietly() {
        try {
            fold();
            numbers.run();
            hasFailed = false;
        } catch (RuntimeException failure) {
            // Once for each time in which it fails: the numbers are right all the same, only slower to read.
            if (!hasFailed && !closed) {
                LOG.warn("the numbers of tasks are not added up: {}", PostgresErrorReader.firstLine(failure));
            }
            hasFailed = true;
        }
    }

    /** Ends the thread soon. */
    @Override
    public void close() {
        closed = true;
        wakeUp.signal();
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
