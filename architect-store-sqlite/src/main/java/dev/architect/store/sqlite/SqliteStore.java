package dev.architect.store.sqlite;

import dev.architect.access.AccessStore;
import dev.architect.audit.AuditStore;
import dev.architect.budget.BudgetStore;
import dev.architect.change.ChangeStore;
import dev.architect.creation.CreationStore;
import dev.architect.error.StoreException;
import dev.architect.export.ExportStore;
import dev.architect.lane.LaneStore;
import dev.architect.node.ClusterStore;
import dev.architect.node.StoreDescription;
import dev.architect.project.store.ProjectStore;
import dev.architect.quota.QuotaStore;
import dev.architect.record.RecordStore;
import dev.architect.recurring.ScheduleStore;
import dev.architect.review.ReviewStore;
import dev.architect.shard.ShardStore;
import dev.architect.spi.ActivityStore;
import dev.architect.spi.LedgerStore;
import dev.architect.spi.NodeStore;
import dev.architect.spi.Store;
import dev.architect.spi.TaskStore;
import dev.architect.step.StepStore;
import dev.architect.store.jdbi.CloseSequence;
import dev.architect.store.jdbi.JdbiActivityStore;
import dev.architect.store.jdbi.JdbiBudgetStore;
import dev.architect.store.jdbi.JdbiChangeStore;
import dev.architect.store.jdbi.JdbiClusterStore;
import dev.architect.store.jdbi.JdbiNodeStore;
import dev.architect.store.jdbi.JdbiQuotaStore;
import dev.architect.store.jdbi.JdbiRecordStore;
import dev.architect.store.jdbi.JdbiScheduleStore;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.SqlDialect;
import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.store.jdbi.access.JdbiAccessStore;
import dev.architect.store.jdbi.access.JdbiAuditStore;
import dev.architect.store.jdbi.creation.JdbiCreationStore;
import dev.architect.store.jdbi.export.JdbiExportStore;
import dev.architect.store.jdbi.ledger.JdbiLedgerStore;
import dev.architect.store.jdbi.ledger.LedgerLoop;
import dev.architect.store.jdbi.project.JdbiProjectStore;
import dev.architect.store.jdbi.review.JdbiReviewStore;
import dev.architect.store.jdbi.step.JdbiStepStore;
import dev.architect.store.jdbi.task.JdbiShardStore;
import dev.architect.store.jdbi.task.JdbiTaskStore;
import dev.architect.store.jdbi.task.RowTaskStatements;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.thread.ThreadRunner;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The store in one SQLite file, for one process or several on the same machine.
 *
 * <p>One thread writes: it takes the changes of all callers into one transaction, commits, and only then returns to them. Readers
 * have connections of their own and never wait for it. Other processes wait for each other inside the store; callers see that
 * only as {@code BUSY} when it takes longer than the busy timeout. The file must be on a local disk.
 *
 * <p>An interrupted caller gets its answer if the change has begun or begins within a second; else {@code BUSY}, and nothing
 * is changed.
 *
 * <p>Safe for use by several threads.
 */
public final class SqliteStore implements Store {

    /** Takes the lock to write and changes no row. */
    private static final String WRITE_NOTHING = "DELETE FROM task_input WHERE 0";

    private static final StoreDescription DESCRIPTION = new StoreDescription(
            "SQLite", StoreDescription.Reach.MACHINE, OptionalInt.of(0), "a file on the disk of one machine");

    /** The task engine's own. */
    private static final int ENGINE_READERS = 2;

    /** So many reports run at a time: each may take a processor for seconds. */
    private static final int REPORT_READERS = 2;

    private final CloseSequence opened = new CloseSequence();
    private final SqliteFile file;
    private final GroupCommit writer;
    private final SqliteReadPool readers;
    private final SqliteReadPool reports;
    private final NodeLocks locks;
    private final JdbiTaskStore tasks;
    private final NodeStore nodes;
    private final ClusterStore cluster;
    private final NotedLedger ledger;
    private final ActivityStore activity;
    private final AccessStore access;
    private final AuditStore audit;
    private final CreationStore creations;
    private final ExportStore exports;
    private final BudgetStore budgets;
    private final LaneStore lanes;
    private final StepStore steps;
    private final QuotaStore quotas;
    private final RecordStore records;
    private final ShardStore shards;
    private final ScheduleStore schedules;
    private final ProjectStore projects;
    private final ReviewStore reviews;
    private final ChangeStore changes;

    SqliteStore(SqliteStoreBuilder options) {
        this.file = SqliteFile.inspect(options);
        try {
            // Closed in the reverse order. Queued changes are written first; the connection that writes is the last one
            // to close, because only that one can move the log into the file and mark it; and the node locks fall at
            // the end, when nothing of ours is written any more.
            this.locks = opened.add(new NodeLocks(file.path(), this::recoverCalls));
            CallJournal calls = opened.add(new CallJournal(file.path()));
            ThreadRunner runner = opened.add(new ThreadRunner("architect-sqlite"));
            // Twice in the sequence: here for a failure in between, and below for its place in the order.
            opened.add(file.check());
            file.checkPages(runner);
            file.migrate();
            Checkpoints checkpoints = opened.add(file.openCheckpoints());
            this.writer = opened.add(file.openWriter(checkpoints::committed));
            SqliteReadPool engine = opened.add(file.openReaders(ENGINE_READERS));
            this.readers = opened.add(file.openReaders(options.readers));
            this.reports = opened.add(file.openReaders(REPORT_READERS));
            opened.add(file.check());
            writer.start(runner);
            checkpoints.start(runner, writer);
            // Before the writer is: twice in the sequence, as the check.
            opened.add(checkpoints);
            opened.add((AutoCloseable) writer::stop);
            JdbiCreationStore answers = new JdbiCreationStore(writer, readers, options.time::wallTime);
            this.creations = answers;
            // What a person or a program creates through the server goes through these.
            TransactionalWrites writes = answers.recording(writer);
            this.tasks = new JdbiTaskStore(
                    writes, engine, readers, options.time, SqlDialect.SQLITE, new RowTaskStatements());
            this.lanes = tasks.lanes();
            this.steps = new JdbiStepStore(writer, engine, options.time);
            this.nodes = new JdbiNodeStore(writer, engine, options.time, locks);
            this.cluster = new JdbiClusterStore(
                    writes, engine, SqlDialect.SQLITE, sql -> Micros.of(options.time.wallTime()), kinds -> {});
            this.ledger = new NotedLedger(new JdbiLedgerStore(writer, reports, readers, SqlDialect.SQLITE), calls);
            this.activity = new JdbiActivityStore(writer, readers);
            this.access = new JdbiAccessStore(writes, readers);
            this.audit = new JdbiAuditStore(writer, readers);
            this.exports = new JdbiExportStore(writer, readers);
            this.budgets = new JdbiBudgetStore(writer, sql -> Micros.of(options.time.wallTime()));
            this.quotas = new JdbiQuotaStore(writer, sql -> Micros.of(options.time.wallTime()));
            this.records = new JdbiRecordStore(writer, readers, SqlDialect.SQLITE);
            this.schedules = new JdbiScheduleStore(writes, tasks, readers, options.time, () -> {});
            this.projects = new JdbiProjectStore(writes, readers, SqlDialect.SQLITE, options.time::wallTime);
            this.reviews = new JdbiReviewStore(writes, readers, options.time);
            this.changes = new JdbiChangeStore(writer, readers, () -> {});
            this.shards = new JdbiShardStore(writer, readers, options.time, SqlDialect.SQLITE, () -> {});
            recoverCalls();
            opened.add(new LedgerLoop(ledger, options.time::wallTime)).start(runner);
        } catch (Throwable failure) {
            opened.closeBecauseOf(failure);
            throw failure;
        }
    }

    /** When a node has died, and at the start, for processes that are no node. */
    private void recoverCalls() {
        ledger.recover();
    }

    /**
     * Opens the store in {@code file} with every default, and creates it when there is no such file. Its directory must exist.
     *
     * <p>A file that this creates is for its owner only ({@code rw-------}), with its log and its locks, whatever the umask is. One
     * that exists keeps its permissions; a warning is logged when others have access to it.
     *
     * <p>A file that was closed in order opens at once. Otherwise opening waits a little for a check of all its pages. In both cases the
     * check goes on while the store serves; when it finds damage, every further call fails with {@code CORRUPT}.
     *
     * @throws StoreException when the file cannot be opened, is damaged, or is of a newer version that this one cannot use; it is
     *     left untouched
     */
    public static SqliteStore at(Path file) {
        return builder(file).open();
    }

    /** Returns a builder of the store in {@code file}. */
    public static SqliteStoreBuilder builder(Path file) {
        return new SqliteStoreBuilder(file);
    }

    @Override
    public TaskStore tasks() {
        return tasks;
    }

    @Override
    public LaneStore lanes() {
        return lanes;
    }

    @Override
    public StepStore steps() {
        return steps;
    }

    @Override
    public NodeStore nodes() {
        return nodes;
    }

    @Override
    public ClusterStore cluster() {
        return cluster;
    }

    @Override
    public LedgerStore ledger() {
        return ledger;
    }

    @Override
    public ActivityStore activity() {
        return activity;
    }

    @Override
    public Optional<AccessStore> access() {
        return Optional.of(access);
    }

    @Override
    public Optional<CreationStore> creations() {
        return Optional.of(creations);
    }

    @Override
    public Optional<AuditStore> audit() {
        return Optional.of(audit);
    }

    @Override
    public Optional<BudgetStore> budgets() {
        return Optional.of(budgets);
    }

    @Override
    public Optional<QuotaStore> quotas() {
        return Optional.of(quotas);
    }

    @Override
    public Optional<ScheduleStore> schedules() {
        return Optional.of(schedules);
    }

    @Override
    public Optional<ProjectStore> projects() {
        return Optional.of(projects);
    }

    @Override
    public Optional<ExportStore> exports() {
        return Optional.of(exports);
    }

    @Override
    public Optional<ChangeStore> changes() {
        return Optional.of(changes);
    }

    @Override
    public Optional<ReviewStore> reviews() {
        return Optional.of(reviews);
    }

    @Override
    public RecordStore records() {
        return records;
    }

    @Override
    public StoreDescription description() {
        return DESCRIPTION;
    }

    @Override
    public Optional<ShardStore> shards() {
        return Optional.of(shards);
    }

    /** Commits of other processes, and of other stores in this one, on the same file: noticed within ten milliseconds. */
    @Override
    public Subscription subscribe(ChangeListener listener) {
        ChangeWatch changes = writer.changes();
        changes.add(listener);
        try {
            // Takes the measure for what is new.
            writer.write(sql -> true);
            // The writing thread waits without a limit while there is no listener.
            writer.wake();
        } catch (Throwable failure) {
            changes.remove(listener);
            throw failure;
        }
        return () -> changes.remove(listener);
    }

    /**
     * Stores tasks in a transaction of the host on this database, beside the host's own tables: they exist when the host commits, and
     * never when it rolls back. They start soon after the commit. {@code Tasks.submitWith} checks the requests first.
     *
     * <p>While the host's transaction is open, every other change waits for it: keep it short. A transaction that has written or has
     * not read yet waits for others as long as its busy timeout. One that has only read fails at once while another one writes,
     * and when another one has written since: SQLite refuses to turn it into one that writes. Let it write first.
     *
     * @param connection a connection of the host to the file of this store, not in auto-commit mode, with a busy timeout; it is neither
     *     committed nor closed. Not in the driver's {@code transaction_mode=IMMEDIATE}: such a connection begins its next transaction with
     *     the commit of the last, and no other connection can write any more
     * @return the ids, in the same order
     * @throws IllegalArgumentException when the connection is in auto-commit mode
     * @throws SQLException when a statement fails; the host rolls back
     */
    public List<TaskId> submit(Connection connection, List<TaskRequest> requests) throws SQLException {
        if (!connection.getAutoCommit()) {
            // Before anything is read: a transaction that begins with a read cannot wait for a lock to write.
            try (Statement write = connection.createStatement()) {
                write.executeUpdate(WRITE_NOTHING);
            }
        }
        return tasks.submit(connection, requests);
    }

    /**
     * Returns how durable a commit is when the caller gets its result: not the configured mode, but the one that SQLite reports
     * on the connection that writes.
     */
    public Synchronous synchronous() {
        return Synchronous.ofPragma(writer.write(sql -> {
            try (ResultSet row = sql.prepare("PRAGMA synchronous").executeQuery()) {
                return row.getInt(1);
            }
        }));
    }

    /** For tests of queries that run while the store closes. */
    SqliteReadPool readers() {
        return readers;
    }

    /** For tests of what opening found and what the check finds. */
    SqliteFile file() {
        return file;
    }

    /** For tests of reports that take long. */
    SqliteReadPool reports() {
        return reports;
    }

    /** For tests of what happens when a process dies. */
    NodeLocks locks() {
        return locks;
    }

    /**
     * Writes what is queued, waits for queries that run, and leaves one complete database file, without a log, unless another
     * process has it open. Calling it twice does nothing more.
     *
     * @throws StoreException when a part did not close; the others were closed all the same, and their failures are suppressed in it
     */
    @Override
    public synchronized void close() {
        CloseSequence.rethrow(String.valueOf(file.path()), opened.closeAll());
    }
}
