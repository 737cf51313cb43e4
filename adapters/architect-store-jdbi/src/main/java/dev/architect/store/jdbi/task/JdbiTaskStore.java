package dev.architect.store.jdbi.task;

import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.graph.ParentOutcome;
import dev.architect.graph.TaskGraph;
import dev.architect.graph.TaskLink;
import dev.architect.lane.Lane.TypeInLane;
import dev.architect.lane.LaneStore;
import dev.architect.maintenance.PurgeCursor;
import dev.architect.maintenance.PurgedTasks;
import dev.architect.maintenance.TaskAction;
import dev.architect.maintenance.TaskEdit;
import dev.architect.maintenance.TaskFilter;
import dev.architect.maintenance.TaskRetention;
import dev.architect.project.ProjectId;
import dev.architect.shard.ShardNotServedException;
import dev.architect.spi.TaskStore;
import dev.architect.spi.TimeSource;
import dev.architect.store.jdbi.JdbiScheduleStore.TaskInserts;
import dev.architect.store.jdbi.LimitChecks;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.ReadConnections;
import dev.architect.store.jdbi.SqlDialect;
import dev.architect.store.jdbi.StoredText;
import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.store.jdbi.dependency.DependencyRows;
import dev.architect.store.jdbi.lane.JdbiLaneStore;
import dev.architect.store.jdbi.lane.LaneGate;
import dev.architect.store.jdbi.task.TaskIds.StoreNumber;
import dev.architect.store.jdbi.task.TaskWrites.NewTasks;
import dev.architect.submission.AcceptedTask;
import dev.architect.submission.TaskSubmission;
import dev.architect.submission.UniqueKeyTakenException;
import dev.architect.task.KeyLimit;
import dev.architect.task.ParentTask;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskPage;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;

/** Tasks and attempts in a database. Safe for use by several threads. */
public final class JdbiTaskStore implements TaskStore, TaskInserts {

    /** Rows of one transaction where a call may touch any number. */
    private static final int BATCH = 1_000;

    /** The most claims of one call. */
    private static final int MAX_CLAIMS = 3;

    /** Ids of one query for what has ended; databases bound the parameters of a statement. */
    private static final int MOST_ENDED = 8_192;

    /** Where a walk stands that has seen nothing yet and is not over. */
    private static final PurgeCursor BEFORE_ALL = new PurgeCursor(Instant.EPOCH, new TaskId(0));

    private final TransactionalWrites writes;
    private final ReadConnections reads;
    private final ReadConnections pageReads;
    private final TimeSource time;
    private final TaskIds ids;
    private final StoreNumber number;
    private final NumberedNames lanes;
    private final NumberedNames projects;
    private final TaskPages pages;
    private final SqlDialect dialect;
    private final LaneGate gate;
    private final TaskStatements statements;
    /** Without locks that others would wait for as long as the transaction of a host lasts. */
    private final TaskStatements hostStatements;

    private final TaskClaims claims;
    private final AtomicLong missedAfter = new AtomicLong(-1);

    /**
     * Creates the store over the connections of one database.
     *
     * @param writes for all changes
     * @param reads for what the task engine reads, which is short and must not wait for others
     * @param pageReads for lists, counts and the search for what is to be deleted
     * @param time the store's clock
     * @param dialect of the database
     * @param statements the changes that every task goes through
     */
    public JdbiTaskStore(
            TransactionalWrites writes,
            ReadConnections reads,
            ReadConnections pageReads,
            TimeSource time,
            SqlDialect dialect,
            TaskStatements statements) {
        this.writes = writes;
        this.reads = reads;
        this.pageReads = pageReads;
        this.time = time;
        this.ids = new TaskIds(writes);
        this.number = new StoreNumber(reads);
        this.lanes = NumberedNames.lanes(writes, reads);
        this.projects = NumberedNames.projects(writes, reads);
        this.pages = new TaskPages(projects, dialect);
        this.dialect = dialect;
        this.gate = new LaneGate(reads);
        this.statements = statements.bounded(gate, true);
        this.hostStatements = statements.bounded(gate, false);
        this.claims = new TaskClaims(statements, lanes, projects, gate);
    }

    @Override
    public List<TaskId> submit(List<TaskRequest> requests) {
        // Copied on the caller's thread, since the change runs on another thread and may run twice.
        List<TaskRequest> copy = List.copyOf(requests);
        if (copy.isEmpty()) {
            return List.of();
        }
        gate.keepFresh();
        if (copy.stream().anyMatch(UniqueKeys::concerns)) {
            List<TaskId> answered = number.with(store -> {
                List<NewTask> tasks = newTasks(copy, store).all();
                return limited((sql, keys) -> UniqueKeys.insert(sql, statements, tasks, time.wallTime(), keys));
            });
            statements.becameReady();
            return answered;
        }
        return number.with(store -> {
            List<NewTask> tasks = newTasks(copy, store).all();
            statements.submit(writes, tasks, time);
            return idsOf(tasks);
        });
    }

    /**
     * Forgets what was read of the database, because another server has it now.
     *
     * @param connection in a transaction of the caller
     * @param isLossy whether that server may not have all that was committed; names get their numbers back, since tasks that are on their
     *     way have them
     */
    public void forgetNumbers(Connection connection, boolean isLossy) throws SQLException {
        ids.forget();
        lanes.forget(connection, isLossy);
        projects.forget(connection, isLossy);
        statements.becameReady();
    }

    @Override
    public List<TaskId> submitGraph(TaskGraph graph) {
        List<TaskRequest> alone = graph.requests();
        List<TaskId> accepted = number.with(store -> {
            NewTasks numbered = newTasks(alone, store);
            List<NewTask> tasks = numbered.with(graph.requests(numbered.ids())).all();
            return limited((sql, keys) -> UniqueKeys.insert(sql, statements, tasks, time.wallTime(), keys));
        });
        statements.becameReady();
        return accepted;
    }

    @Override
    public List<TaskLink> parents(TaskId id) {
        return reads.read(handle -> DependencyRows.parents(handle, id));
    }

    @Override
    public List<TaskLink> children(TaskId id, Optional<TaskId> after, int limit) {
        LimitChecks.checkPageLimit(limit, MAX_BATCH);
        return reads.read(handle -> DependencyRows.children(handle, id, after, limit));
    }

    @Override
    public List<ParentOutcome> parentOutcomes(TaskId id) {
        return reads.read(handle -> DependencyRows.outcomes(handle, dialect, id));
    }

    @Override
    public List<TaskId> cancelledBy(Collection<TaskId> ended) {
        List<TaskId> copy = List.copyOf(ended);
        LimitChecks.checkPageLimit(Math.max(1, copy.size()), MAX_BATCH);
        return reads.read(handle -> cancelledBy(handle, copy));
    }

    private List<TaskId> cancelledBy(Handle handle, List<TaskId> ended) {
        try {
            return DependencyRows.cancelledBy(handle, dialect, ended);
        } catch (SQLException failure) {
            // As Jdbi does, so that the caller finds one kind of failure.
            throw new ConnectionException(failure);
        }
    }

    private static List<TaskId> idsOf(List<NewTask> tasks) {
        return tasks.stream().map(NewTask::id).toList();
    }

    private NewTasks newTasks(List<TaskRequest> requests, int store) {
        return new NewTasks(
                requests,
                store,
                ids.take(requests.size()),
                lanes.numbersOf(lanesOf(requests)),
                projects.numbersOf(projectNames(requests)));
    }

    /**
     * Stores tasks in a transaction of the caller: they exist when the caller commits, and never when it rolls back. Neither commits
     * nor closes anything.
     *
     * @param connection to the same database, in a transaction
     * @return the ids, in the same order; where a unique key is taken, that of the task that has it
     * @throws UniqueKeyTakenException when a unique key is taken and is to be refused then; the caller rolls back
     * @throws IllegalArgumentException when the connection commits after every statement
     * @throws ShardNotServedException when the store is one of several and does not serve a shard of the tasks
     * @throws SQLException when a statement fails; the caller rolls back
     */
    public List<TaskId> submit(Connection connection, List<TaskRequest> requests) throws SQLException {
        if (connection.getAutoCommit()) {
            throw new IllegalArgumentException("connection is in auto-commit mode, expected a transaction");
        }
        List<TaskRequest> copy = List.copyOf(requests);
        if (copy.isEmpty()) {
            return List.of();
        }
        WriteConnection sql = new WriteConnection(connection, dialect);
        try {
            List<NewTask> tasks = new NewTasks(
                            copy,
                            StoreNumber.read(sql),
                            ids.take(sql, copy.size()),
                            lanes.numbersOf(sql, lanesOf(copy)),
                            projects.numbersOf(sql, projectNames(copy)))
                    .all();
            gate.refresh(sql);
            // Permits are given out after the commit of the caller, whom no other may have to wait for.
            LimitKeys keys = new LimitKeys();
            List<TaskId> answered = UniqueKeys.insert(sql, hostStatements, tasks, time.wallTime(), keys);
            keys.settleChildren(sql, time.wallTime());
            sql.logChanges();
            return answered;
        } finally {
            sql.closeStatements();
        }
    }

    private static Set<String> lanesOf(List<TaskRequest> requests) {
        return requests.stream().map(request -> TypeInLane.of(request).text()).collect(Collectors.toSet());
    }

    private static Set<String> projectNames(List<TaskRequest> requests) {
        return requests.stream()
                .map(request -> request.attribution().project().name())
                .collect(Collectors.toSet());
    }

    @Override
    public int promoteDue(int limit) {
        LimitChecks.checkPageLimit(limit, Integer.MAX_VALUE);
        int promoted = limited((sql, keys) -> TaskWrites.promote(sql, time.wallTime(), limit, keys));
        if (promoted > 0) {
            statements.becameReady();
        }
        return promoted;
    }

    @Override
    public boolean edit(TaskId id, TaskEdit edit) {
        boolean isEdited = limited((sql, keys) -> TaskChanges.edit(sql, id, edit, time.wallTime(), keys));
        statements.becameReady();
        return isEdited;
    }

    @Override
    public boolean replaceParents(TaskId id, List<ParentTask> parents, Optional<Long> version) {
        List<ParentTask> copy = List.copyOf(parents);
        boolean isReplaced =
                limited((sql, keys) -> TaskChanges.replaceParents(sql, id, copy, version, time.wallTime(), keys));
        statements.becameReady();
        return isReplaced;
    }

    @Override
    public boolean runNow(TaskId id) {
        boolean isNow = limited((sql, keys) -> TaskChanges.runNow(sql, id, keys));
        statements.becameReady();
        return isNow;
    }

    @Override
    public Map<TaskId, TaskState> change(Collection<TaskId> ids, TaskAction action) {
        List<TaskId> copy = List.copyOf(ids);
        LimitChecks.checkPageLimit(Math.max(1, copy.size()), MAX_BATCH);
        if (copy.isEmpty()) {
            return Map.of();
        }
        Map<TaskId, TaskState> changed =
                limited((sql, keys) -> TaskChanges.change(sql, copy, action, time.wallTime(), keys));
        statements.becameReady();
        return changed;
    }

    @Override
    public List<TaskId> expire(int limit) {
        LimitChecks.checkPageLimit(limit, MAX_BATCH);
        return limited((sql, keys) -> TaskChanges.expire(sql, time.wallTime(), limit, keys));
    }

    @Override
    public Optional<Duration> untilNextExpiry() {
        return until(TaskChanges.NEXT_EXPIRY);
    }

    @Override
    public Optional<TaskId> holderOf(ProjectId project, String uniqueKey) {
        Optional<Long> numbered = projects.numberOf(project.name());
        return numbered.flatMap(of -> reads.read(handle -> handle.createQuery(UniqueKeys.HOLDER_ID)
                .bind(0, of)
                .bind(1, StoredText.encode(uniqueKey))
                .mapTo(Long.class)
                .findOne()
                .map(TaskId::new)));
    }

    @Override
    public Optional<Duration> untilNextDue() {
        return until(TaskSql.NEXT_DUE);
    }

    private Optional<Duration> until(String next) {
        Optional<Long> due =
                reads.read(handle -> handle.createQuery(next).mapTo(Long.class).findOne());
        return due.map(micros -> {
            Duration left = Duration.between(time.wallTime(), Micros.instant(micros));
            return left.isNegative() ? Duration.ZERO : left;
        });
    }

    @Override
    public List<ClaimedTask> claim(ClaimRequest request) {
        if (request.isEmpty()) {
            return List.of();
        }
        Map<TypeInLane, Long> numbers = claims.numbersOf(request);
        if (numbers.isEmpty()) {
            return List.of();
        }
        // More than once only while the settings of lanes change.
        for (int i = 0; i < MAX_CLAIMS; i++) {
            Optional<TaskClaims.Claimed> claimed =
                    writes.write(sql -> claims.claim(sql, request, numbers, time.wallTime()));
            if (claimed.isPresent()) {
                statements.claimed(claimed.get().rows());
                return claimed.get().tasks();
            }
            gate.reload();
        }
        return List.of();
    }

    /** The settings of lanes, and what waits in them. */
    public LaneStore lanes() {
        return new JdbiLaneStore(writes, reads, dialect, gate);
    }

    @Override
    public Set<FencingToken> finish(List<AttemptEnd> ends) {
        List<AttemptEnd> copy = List.copyOf(ends);
        if (copy.isEmpty()) {
            return Set.of();
        }
        Set<FencingToken> finished = limited((sql, keys) -> finish(sql, copy, time.wallTime(), keys));
        if (copy.stream().anyMatch(end -> end.next() == TaskState.READY || end.next() == TaskState.HELD)) {
            statements.becameReady();
        }
        return finished;
    }

    private Set<FencingToken> finish(WriteConnection sql, List<AttemptEnd> ends, Instant now, LimitKeys keys)
            throws SQLException {
        return statements.finish(
                sql, ends.stream().map(end -> new EndRow(end, now)).toList(), now, keys);
    }

    @Override
    public Optional<Task> cancel(TaskId id) {
        limited((sql, keys) -> {
            TaskWrites.cancel(sql, id, time.wallTime(), keys);
            return id;
        });
        // Outside the transaction: readers have connections of their own and see what was just committed.
        return find(id);
    }

    @Override
    public Set<FencingToken> cancelRequested(Collection<FencingToken> fencingTokens) {
        // One indexed read for each owner, usually the only one, instead of one for each task.
        Set<FencingToken> requested = Set.copyOf(fencingTokens);
        return requested.stream()
                .map(FencingToken::owner)
                .distinct()
                .flatMap(owner -> fencingTokens(TaskSql.CANCEL_ASKED, owner).stream())
                // An owner may have more attempts to cancel than the caller named.
                .filter(requested::contains)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public int reap(long deadIncarnation) {
        int reaped = inBatches((sql, keys) -> TaskWrites.reap(sql, deadIncarnation, time.wallTime(), BATCH, keys));
        if (reaped > 0) {
            statements.becameReady();
        }
        return reaped;
    }

    @Override
    public Set<FencingToken> runningOf(long incarnation) {
        return Set.copyOf(fencingTokens(TaskSql.RUNNING_OF, incarnation));
    }

    @Override
    public Optional<Task> find(TaskId id) {
        return reads.read(handle -> handle.createQuery(TaskRow.select(dialect) + "WHERE t.id = ?")
                .bind(0, id.value())
                .map((row, context) -> TaskRow.task(row))
                .findOne());
    }

    @Override
    public List<Task> list(TaskQuery query) {
        return pages.list(pageReads, query);
    }

    @Override
    public TaskPage browse(TaskQuery query) {
        return pages.browse(pageReads, query);
    }

    @Override
    public Optional<TaskResult> result(TaskId id) {
        return reads.read(handle -> handle.createQuery(TaskSql.result(dialect))
                .bind(0, id.value())
                .map((row, context) -> TaskRow.result(row))
                .findOne()
                .flatMap(ended -> ended));
    }

    @Override
    public Set<TaskId> ended(Collection<TaskId> ids) {
        List<Long> numbers = ids.stream().map(TaskId::value).distinct().toList();
        if (numbers.isEmpty()) {
            return Set.of();
        }
        Set<TaskId> ended = new HashSet<>();
        for (int from = 0; from < numbers.size(); from += MOST_ENDED) {
            List<Long> part = numbers.subList(from, Math.min(numbers.size(), from + MOST_ENDED));
            ended.addAll(reads.read(handle -> ended(handle.getConnection(), part)));
        }
        return ended;
    }

    /** In plain JDBC: thousands of callers may wait, and each look asks for all of their tasks. */
    private Set<TaskId> ended(Connection connection, List<Long> numbers) {
        try (PreparedStatement select = connection.prepareStatement(TaskSql.ended(dialect, numbers.size()))) {
            dialect.bindIds(select, 1, numbers);
            Set<TaskId> ended = new HashSet<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ended.add(new TaskId(row.getLong(1)));
                }
            }
            return ended;
        } catch (SQLException failure) {
            // As Jdbi does, so that the caller finds one kind of failure.
            throw new ConnectionException(failure);
        }
    }

    @Override
    public Optional<FencingToken> runningAttempt(TaskId id) {
        return reads.read(handle -> handle.createQuery(TaskSql.RUNNING_ATTEMPT)
                .bind(0, id.value())
                .map((row, context) -> new FencingToken(id, row.getLong("epoch"), row.getLong("owner")))
                .findOne());
    }

    @Override
    public List<Attempt> attempts(TaskId id) {
        return reads.read(handle -> handle.createQuery(TaskSql.ATTEMPTS)
                .bind(0, id.value())
                .map((row, context) -> TaskRow.attempt(row))
                .list());
    }

    @Override
    public Map<TaskState, Long> counts() {
        return pageReads.read(this::counts);
    }

    private Map<TaskState, Long> counts(Handle handle) {
        Map<TaskState, Long> counts = new EnumMap<>(TaskState.class);
        handle.createQuery(TaskSql.counts(dialect))
                .map((row, context) -> Map.entry(TaskState.of(row.getInt("state")), row.getLong("n")))
                .forEach(count -> counts.put(count.getKey(), count.getValue()));
        return counts;
    }

    private List<FencingToken> fencingTokens(String sql, long owner) {
        return reads.read(handle -> handle.createQuery(sql)
                .bind(0, owner)
                .map((row, context) -> new FencingToken(new TaskId(row.getLong("id")), row.getLong("epoch"), owner))
                .list());
    }

    /** A change of tasks, which names the limit keys that it has to do with. */
    @FunctionalInterface
    private interface LimitedBody<T> {
        T run(WriteConnection sql, LimitKeys keys) throws SQLException;
    }

    private record Limited<T>(T result, List<LimitKeys.Promoted> promoted) implements TransactionalWrites.Wrapped {}

    /** Makes a change, and gives out in the same transaction what permits it left free. */
    private <T> T limited(LimitedBody<T> body) {
        Limited<T> done = writes.write(sql -> {
            LimitKeys keys = new LimitKeys();
            T result = body.run(sql, keys);
            return new Limited<>(result, keys.promote(sql, time.wallTime()));
        });
        done.promoted().forEach(task -> statements.becameReady(task.lane(), task.sortKey()));
        return done.result();
    }

    @Override
    public int promoteLimited(int limit) {
        LimitChecks.checkPageLimit(limit, MAX_BATCH);
        int promoted = 0;
        Optional<Long> after = Optional.of(Long.MIN_VALUE);
        while (after.isPresent() && promoted < limit) {
            long from = after.get();
            LimitKeys.Waiting waiting = reads.read(handle -> waiting(handle, from));
            if (!waiting.free().isEmpty()) {
                promoted += promote(waiting.free());
            }
            after = waiting.last();
        }
        return promoted + releaseMissed();
    }

    /** Where programs of several versions write, one that knows of no children may have ended a parent. Looks at a part each time. */
    private int releaseMissed() {
        if (dialect.forUpdate().isEmpty()) {
            return 0;
        }
        long from = missedAfter.get();
        DependencyRows.OpenParents open = reads.read(handle -> DependencyRows.openParents(handle, from, MAX_BATCH));
        missedAfter.set(open.last().orElse(-1L));
        if (open.ended().isEmpty()) {
            return 0;
        }
        List<LimitKeys.Promoted> released = writes.write(sql -> {
            LimitKeys keys = new LimitKeys();
            keys.endedParents().addLate(open.ended());
            return keys.promote(sql, time.wallTime());
        });
        released.forEach(task -> statements.becameReady(task.lane(), task.sortKey()));
        return released.size();
    }

    private static LimitKeys.Waiting waiting(Handle handle, long after) {
        try {
            return LimitKeys.waiting(handle.getConnection(), after, MAX_BATCH);
        } catch (SQLException failure) {
            // As Jdbi does, so that the caller finds one kind of failure.
            throw new ConnectionException(failure);
        }
    }

    private int promote(List<Long> numbers) {
        List<LimitKeys.Promoted> promoted = writes.write(sql -> {
            LimitKeys keys = new LimitKeys();
            numbers.forEach(keys::add);
            return keys.promote(sql, time.wallTime());
        });
        promoted.forEach(task -> statements.becameReady(task.lane(), task.sortKey()));
        return promoted.size();
    }

    @Override
    public void setLimit(KeyLimit limit) {
        limited((sql, keys) -> {
            keys.set(sql, limit);
            return limit;
        });
    }

    @Override
    public boolean removeLimit(ProjectId project, String key) {
        return writes.write(sql -> LimitKeys.remove(sql, project, key));
    }

    @Override
    public List<KeyLimit> limits(Optional<KeyLimit> after, int limit) {
        LimitChecks.checkPageLimit(limit, MAX_BATCH);
        return pageReads.read(handle -> handle.createQuery(LimitKeys.RULES)
                .bind(0, after.map(last -> last.project().name()).orElse(""))
                .bind(1, after.map(last -> StoredText.encode(last.key())).orElse(""))
                .bind(2, limit)
                .map((row, context) -> LimitKeys.rule(row))
                .list());
    }

    /** Repeats until a batch is not full, so that others get their turn in between. */
    private int inBatches(LimitedBody<Integer> batch) {
        int total = 0;
        int changed;
        do {
            // All writers share one connection, so one large transaction would make every other caller wait.
            changed = limited(batch);
            total += changed;
        } while (changed == BATCH);
        return total;
    }

    @Override
    public List<AcceptedTask> submitOnce(List<TaskSubmission> submissions) {
        List<TaskSubmission> copy = List.copyOf(submissions);
        return copy.isEmpty() ? List.of() : write(copy, (sql, tasks) -> tasks.insert());
    }

    @Override
    public <T> T write(List<TaskSubmission> submissions, TaskInserts.Body<T> body) {
        List<TaskSubmission> copy = List.copyOf(submissions);
        // On the caller's thread, which has nothing else to do.
        List<String> hashes = copy.stream()
                .map(submission -> submission.key().isPresent() ? submission.requestHash() : "")
                .toList();
        List<TaskRequest> requests = copy.stream().map(TaskSubmission::request).toList();
        gate.keepFresh();
        T written = number.with(store -> {
            NewTasks tasks = newTasks(requests, store);
            return limited((sql, keys) -> body.run(
                    sql, () -> TaskWrites.submitOnce(sql, statements, tasks, copy, hashes, time.wallTime(), keys)));
        });
        statements.becameReady();
        return written;
    }

    @Override
    public Optional<FencingToken> forceCancel(TaskId id) {
        return limited((sql, keys) -> TaskOperations.forceCancel(sql, id, time.wallTime(), keys));
    }

    @Override
    public boolean hold(TaskId id) {
        return limited((sql, keys) -> TaskOperations.hold(sql, id, keys));
    }

    @Override
    public boolean resume(TaskId id, Optional<String> input) {
        boolean isResumed = limited((sql, keys) -> TaskOperations.resume(sql, id, input, time.wallTime(), keys));
        statements.becameReady();
        return isResumed;
    }

    @Override
    public Set<TaskId> redrive(Collection<TaskId> ids) {
        List<TaskId> copy = List.copyOf(ids);
        LimitChecks.checkPageLimit(Math.max(1, copy.size()), MAX_BATCH);
        if (copy.isEmpty()) {
            return Set.of();
        }
        Set<TaskId> redriven = limited((sql, keys) -> TaskOperations.redrive(sql, copy, time.wallTime(), keys));
        statements.becameReady();
        return redriven;
    }

    @Override
    public PurgedTasks purge(TaskRetention retention, Optional<PurgeCursor> after, int limit) {
        LimitChecks.checkPageLimit(limit, MAX_BATCH);
        Instant now = time.wallTime();
        List<TaskOperations.Old> seen = retention.shortest().equals(TaskRetention.FOREVER)
                ? List.of()
                : pageReads.read(handle -> TaskOperations.oldest(handle, dialect, retention, after, limit, now));
        boolean isAnyOld = seen.stream().anyMatch(task -> task.cutoff().isPresent());
        int deleted = isAnyOld ? writes.write(sql -> TaskOperations.delete(sql, seen)) : 0;
        int deletedKeys = pageReads.read(handle -> TaskOperations.hasExpiredKey(handle, now))
                ? writes.write(sql -> TaskOperations.deleteExpiredKeys(sql, now, limit))
                : 0;
        if (after.isEmpty() && pageReads.read(LimitKeys::hasNameless)) {
            writes.write(sql -> LimitKeys.deleteUnused(sql, limit));
        }
        Optional<PurgeCursor> last = seen.isEmpty()
                ? after
                : Optional.of(new PurgeCursor(
                        seen.get(seen.size() - 1).createdAt(),
                        seen.get(seen.size() - 1).id()));
        return new PurgedTasks(
                deleted,
                seen.size() == limit || deletedKeys == limit
                        ? last.or(() -> Optional.of(BEFORE_ALL))
                        : Optional.empty());
    }

    @Override
    public List<TaskId> ids(TaskFilter filter, Optional<TaskId> after, int limit) {
        LimitChecks.checkPageLimit(limit, MAX_IDS);
        return pages.ids(pageReads, filter, after, limit);
    }
}
