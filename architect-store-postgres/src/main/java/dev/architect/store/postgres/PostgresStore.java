package dev.architect.store.postgres;

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
import dev.architect.spi.TimeSource;
import dev.architect.step.StepStore;
import dev.architect.store.jdbi.CloseSequence;
import dev.architect.store.jdbi.JdbiActivityStore;
import dev.architect.store.jdbi.JdbiBudgetStore;
import dev.architect.store.jdbi.JdbiChangeStore;
import dev.architect.store.jdbi.JdbiClusterStore;
import dev.architect.store.jdbi.JdbiQuotaStore;
import dev.architect.store.jdbi.JdbiRecordStore;
import dev.architect.store.jdbi.JdbiScheduleStore;
import dev.architect.store.jdbi.ReadConnections;
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
import dev.architect.store.postgres.connection.ConnectionUse;
import dev.architect.store.postgres.connection.PostgresAddress;
import dev.architect.store.postgres.connection.PostgresConnections;
import dev.architect.store.postgres.connection.PostgresErrorReader;
import dev.architect.store.postgres.connection.PostgresReads;
import dev.architect.store.postgres.connection.PostgresWrites;
import dev.architect.store.postgres.connection.PrimaryHistory;
import dev.architect.store.postgres.connection.SessionSettings;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.thread.ThreadRunner;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;

/**
 * The store in a PostgreSQL database of version 14 or later, which many processes on many machines share.
 *
 * <p>Every change is one transaction, which is repeated when another one was in its way or when the connection is lost before the commit. A
 * call returns when the change is on disk. While the database cannot be reached, calls wait for it up to the busy timeout and then
 * fail with {@code BUSY}. When the connection is lost during a commit, it is unknown whether the change was kept: {@code OUTCOME_UNKNOWN}.
 *
 * <p>The clock of the database decides which nodes are alive. Other processes hear of changes within milliseconds through notifications; when
 * these fail, everything goes on, and only later.
 *
 * <p>An interrupted caller gets {@code BUSY} if it waits for a connection, else its answer. Safe for use by several threads.
 */
public final class PostgresStore implements Store {

    static final SqlDialect DIALECT = new PostgresDialect();

    private final CloseSequence opened = new CloseSequence();
    private final PostgresErrorReader failures;
    private final SessionSettings settings;
    private final String database;
    private final PostgresChanges changes;
    private final JdbiTaskStore hostTasks;
    private final TaskStore tasks;
    private final PostgresNodeStore nodes;
    private final ClusterStore cluster;
    private final LedgerStore ledger;
    private final ActivityStore activity;
    private final AccessStore access;
    private final AuditStore audit;
    private final CreationStore creations;
    private final ExportStore exports;
    private final BudgetStore budgets;
    private final QuotaStore quotas;
    private final LaneStore lanes;
    private final StepStore steps;
    private final RecordStore records;
    private final ReadConnections facts;
    private final ShardStore shards;
    private final ScheduleStore schedules;
    private final ProjectStore projects;
    private final ReviewStore reviews;
    private final ChangeStore changeLog;

    PostgresStore(PostgresStoreBuilder options) {
        try (PostgresSetUp setUp = PostgresSetUp.begin(options)) {
            this.failures = setUp.failures();
            this.settings = setUp.settings();
            this.database = setUp.database();
            StoreClock clock = new StoreClock(TimeSource.system(), options.time);
            setUp.readClock(clock);
            ThreadRunner runner = opened.add(new ThreadRunner("architect-postgres"));
            PostgresConnections connections = opened.add(setUp.openConnections(runner));
            this.changes = opened.add(new PostgresChanges(setUp.listenSource(), connections, options.canaryInterval));
            changes.start(runner);
            // Last of what may be refused: nothing has been changed before.
            setUp.migrate();
            PrimaryHistory history = setUp.history();
            TransactionalWrites plain = new PostgresWrites(connections, ConnectionUse.ENGINE, DIALECT);
            ReadConnections engine = new PostgresReads(connections, ConnectionUse.ENGINE);
            ReadConnections pages = new PostgresReads(connections, ConnectionUse.PAGES);
            JdbiCreationStore answers = new JdbiCreationStore(plain, pages, clock::wallTime);
            this.creations = answers;
            // What a person or a program creates through the server goes through these.
            TransactionalWrites writes = answers.recording(plain);
            this.nodes = new PostgresNodeStore(
                    new PostgresWrites(connections, ConnectionUse.NODE, DIALECT),
                    new PostgresReads(connections, ConnectionUse.NODE),
                    clock,
                    options.leaseTime,
                    () -> changes.changed(Set.of(ChangeKind.NODE)),
                    history);
            this.cluster = new JdbiClusterStore(
                    answers.recording(new PostgresWrites(connections, ConnectionUse.NODE, DIALECT)),
                    new PostgresReads(connections, ConnectionUse.NODE),
                    DIALECT,
                    clock::micros,
                    changes::changed);
            PostgresTaskStatements statements = new PostgresTaskStatements(clock, nodes::isAlone);
            this.hostTasks = new JdbiTaskStore(writes, engine, pages, clock, DIALECT, statements);
            changes.subscribe(change -> {
                if (change.kinds().contains(ChangeKind.TASK_READY)) {
                    statements.hint();
                }
            });
            this.lanes = hostTasks.lanes();
            this.steps = new JdbiStepStore(plain, engine, clock);
            TransactionalWrites pageWrites = new PostgresWrites(connections, ConnectionUse.PAGES, DIALECT);
            ChangeNumbers numbers = new ChangeNumbers(pageWrites, pages);
            this.changeLog = new JdbiChangeStore(pageWrites, pages, numbers::give);
            Housekeeping housekeeping = opened.add(new Housekeeping(pageWrites, numbers::give, options.migrates));
            // At once, so that a host that only migrates leaves a ledger with partitions.
            housekeeping.makePartitions();
            housekeeping.compactCalls();
            housekeeping.start(runner);
            RecentTasks recent = new RecentTasks(TimeSource.system());
            // Those that an end has released are known here alone.
            statements.announceTo(() -> changes.changed(Set.of(ChangeKind.TASK_READY)));
            this.tasks = new NotifyingTaskStore(hostTasks, changes::changed, recent, history::lost);
            this.ledger = new JdbiLedgerStore(plain, new PostgresReads(connections, ConnectionUse.REPORTS), DIALECT);
            opened.add(new LedgerLoop(ledger, clock::wallTime)).start(runner);
            this.activity = new JdbiActivityStore(plain, pages);
            this.access = new JdbiAccessStore(writes, pages);
            this.audit = new JdbiAuditStore(plain, pages);
            this.exports = new JdbiExportStore(pageWrites, pages);
            this.budgets = new JdbiBudgetStore(plain, clock::micros);
            this.quotas = new JdbiQuotaStore(plain, clock::micros);
            this.records = new JdbiRecordStore(plain, pages, DIALECT);
            this.facts = pages;
            this.schedules = new JdbiScheduleStore(
                    writes, hostTasks, engine, clock, () -> changes.changed(Set.of(ChangeKind.TASK_READY)));
            this.projects = new JdbiProjectStore(
                    answers.recording(new PostgresWrites(connections, ConnectionUse.PAGES, DIALECT)),
                    pages,
                    DIALECT,
                    clock::wallTime);
            this.reviews = new JdbiReviewStore(writes, pages, clock);
            this.shards = new JdbiShardStore(
                    new PostgresWrites(connections, ConnectionUse.PAGES, DIALECT), pages, clock, DIALECT, () -> {
                        statements.becameReady();
                        changes.changed(Set.of(ChangeKind.TASK_READY));
                    });
            setUp.begin(new StoreGeneration(settings, hostTasks, recent, activity, clock, runner));
            setUp.watch().ifPresent(watch -> opened.add(watch).start(runner));
        } catch (SQLException failure) {
            StoreException thrown = new PostgresErrorReader("PostgreSQL").openFailure(failure);
            opened.closeBecauseOf(thrown);
            throw thrown;
        } catch (Throwable failure) {
            opened.closeBecauseOf(failure);
            throw failure;
        }
    }

    /**
     * Returns a builder of the store in the database at {@code jdbcUrl}, with a pool of connections of its own. All parameters of the URL,
     * for TLS for example, are passed on to the driver.
     *
     * @param jdbcUrl as {@code jdbc:postgresql://host:5432/database}
     * @throws IllegalArgumentException when it is no URL of PostgreSQL; the message does not repeat it
     */
    public static PostgresStoreBuilder builder(String jdbcUrl) {
        return new PostgresStoreBuilder(Optional.empty(), Optional.of(PostgresAddress.checked("url", jdbcUrl)));
    }

    /**
     * Returns a builder of the store in the database that a host's {@code dataSource} connects to. Each connection is borrowed for one
     * transaction and given back as it was; settings are changed for the transaction only. One more is kept for notifications as long as the
     * store is open, unless another source is named for it. The store never closes the {@code DataSource}.
     */
    public static PostgresStoreBuilder builder(DataSource dataSource) {
        return new PostgresStoreBuilder(Optional.of(dataSource), Optional.empty());
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
        return Optional.of(changeLog);
    }

    @Override
    public Optional<ReviewStore> reviews() {
        return Optional.of(reviews);
    }

    @Override
    public RecordStore records() {
        return records;
    }

    /** Asks the server for its version and its standbys. */
    @Override
    public StoreDescription description() {
        return PostgresFacts.read(facts);
    }

    @Override
    public Optional<ShardStore> shards() {
        return Optional.of(shards);
    }

    /**
     * Changes by other processes, and by other stores in this one, on the same schema: usually within milliseconds of their commit. Tasks
     * that a host has submitted in its own transaction are not announced.
     */
    @Override
    public Subscription subscribe(ChangeListener listener) {
        return changes.subscribe(listener);
    }

    /** With hints, one notification every 100 milliseconds at most, else one every five. */
    @Override
    public void changesAreHinted(boolean areHinted) {
        changes.areHinted(areHinted);
    }

    /**
     * Stores tasks in a transaction of the host on this database, beside the host's own tables: they exist when the host commits, and
     * never when it rolls back. They start within a second after the commit. {@code Tasks.submitWith} checks the requests first.
     *
     * @param connection a connection of the host to the database of this store, not in auto-commit mode; it is neither committed nor closed,
     *     and its search path is as before when this returns
     * @return the ids, in the same order
     * @throws IllegalArgumentException when the connection is in auto-commit mode, or to a database of another name
     * @throws SQLException when a statement fails; the host rolls back
     */
    public List<TaskId> submit(Connection connection, List<TaskRequest> requests) throws SQLException {
        if (connection.getAutoCommit()) {
            throw new IllegalArgumentException("connection is in auto-commit mode, expected a transaction");
        }
        String path = hostPath(connection);
        if (path.equals(settings.searchPath())) {
            return hostTasks.submit(connection, requests);
        }
        SessionSettings.setSearchPath(connection, settings.searchPath(), true);
        List<TaskId> ids;
        try {
            ids = hostTasks.submit(connection, requests);
        } catch (SQLException | RuntimeException failure) {
            restore(connection, path, failure);
            throw failure;
        }
        SessionSettings.setSearchPath(connection, path, true);
        return ids;
    }

    private String hostPath(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_setting('search_path'), current_database()")) {
            if (!row.next() || !row.getString(2).equals(database)) {
                throw new IllegalArgumentException(
                        "connection is to another database than the store, expected " + database);
            }
            return row.getString(1);
        }
    }

    /** After a failed statement only where the driver has gone back to before it; else the path ends with the transaction. */
    private static void restore(Connection connection, String path, Exception failure) {
        try {
            SessionSettings.setSearchPath(connection, path, true);
        } catch (SQLException lost) {
            failure.addSuppressed(lost);
        }
    }

    /** For tests of what happens when a process dies. */
    PostgresNodeStore nodeStore() {
        return nodes;
    }

    /**
     * Waits for calls in progress a little, ends those that take longer, and closes the connections. Calling it twice does nothing more.
     *
     * @throws StoreException when a part did not close; the others were closed all the same, and their failures are suppressed in it
     */
    @Override
    public synchronized void close() {
        CloseSequence.rethrow(failures.subject(), opened.closeAll());
    }
}
