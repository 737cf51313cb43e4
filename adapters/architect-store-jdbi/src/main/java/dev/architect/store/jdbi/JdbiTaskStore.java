package dev.architect.store.jdbi;

import dev.architect.spi.TaskStore;
import dev.architect.spi.TimeSource;
import dev.architect.task.Attempt;
import dev.architect.task.AttemptEnd;
import dev.architect.task.ClaimRequest;
import dev.architect.task.ClaimedTask;
import dev.architect.task.FencingToken;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Tasks and attempts in a database. Safe for use by several threads. */
public final class JdbiTaskStore implements TaskStore {

    /** Rows of one transaction where a call may touch any number. */
    private static final int BATCH = 1_000;

    private final TransactionalWrites writes;
    private final ReadConnections reads;
    private final TimeSource time;

    /** Creates the store over the connections of one database; {@code time} is its clock. */
    public JdbiTaskStore(TransactionalWrites writes, ReadConnections reads, TimeSource time) {
        this.writes = writes;
        this.reads = reads;
        this.time = time;
    }

    @Override
    public List<TaskId> submit(List<TaskRequest> requests) {
        // Copied on the caller's thread, since the change runs on another thread and may run twice.
        List<TaskRequest> copy = List.copyOf(requests);
        return copy.isEmpty() ? List.of() : writes.write(sql -> TaskWrites.submit(sql, copy, time.wallTime()));
    }

    @Override
    public int promoteDue(int limit) {
        LimitChecks.checkPageLimit(limit, Integer.MAX_VALUE);
        return writes.write(sql -> TaskWrites.promote(sql, time.wallTime(), limit));
    }

    @Override
    public Optional<Duration> untilNextDue() {
        Optional<Long> due = reads.read(
                handle -> handle.createQuery(TaskSql.NEXT_DUE).mapTo(Long.class).findOne());
        return due.map(micros -> {
            Duration left = Duration.between(time.wallTime(), Micros.instant(micros));
            return left.isNegative() ? Duration.ZERO : left;
        });
    }

    @Override
    public List<ClaimedTask> claim(ClaimRequest request) {
        return request.isEmpty() ? List.of() : writes.write(sql -> TaskClaims.claim(sql, request, time.wallTime()));
    }

    @Override
    public Set<FencingToken> finish(List<AttemptEnd> ends) {
        List<AttemptEnd> copy = List.copyOf(ends);
        return copy.isEmpty() ? Set.of() : writes.write(sql -> TaskWrites.finish(sql, copy, time.wallTime()));
    }

    @Override
    public Optional<Task> cancel(TaskId id) {
        writes.write(sql -> {
            TaskWrites.cancel(sql, id, time.wallTime());
            return null;
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
        return inBatches(sql -> TaskWrites.reap(sql, deadIncarnation, time.wallTime(), BATCH));
    }

    @Override
    public Set<FencingToken> runningOf(long incarnation) {
        return Set.copyOf(fencingTokens(TaskSql.RUNNING_OF, incarnation));
    }

    @Override
    public Optional<Task> find(TaskId id) {
        return reads.read(handle -> handle.createQuery(TaskRow.SELECT + "WHERE t.id = ?")
                .bind(0, id.value())
                .map((row, context) -> TaskRow.task(row))
                .findOne());
    }

    @Override
    public List<Task> list(TaskQuery query) {
        return reads.read(handle -> handle.createQuery(TaskListSql.select(query.states()))
                .bind("before", query.before().map(TaskId::value).orElse(Long.MAX_VALUE))
                .bind("limit", query.limit())
                .map((row, context) -> TaskRow.task(row))
                .list());
    }

    @Override
    public Optional<TaskResult> result(TaskId id) {
        return reads.read(handle -> handle.createQuery(TaskSql.RESULT)
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
        return reads.read(handle -> {
            Query query = handle.createQuery(TaskSql.ended(numbers.size()));
            for (int i = 0; i < numbers.size(); i++) {
                query.bind(i, numbers.get(i));
            }
            return Set.copyOf(
                    query.map((row, context) -> new TaskId(row.getLong("id"))).list());
        });
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
        return reads.read(JdbiTaskStore::counts);
    }

    private static Map<TaskState, Long> counts(Handle handle) {
        Map<TaskState, Long> counts = new EnumMap<>(TaskState.class);
        handle.createQuery(TaskSql.COUNTS)
                .map((row, context) -> Map.entry(TaskState.of(row.getInt("state")), row.getLong("n")))
                .forEach(count -> counts.put(count.getKey(), count.getValue()));
        // The branches of COUNTS without GROUP BY return a row even when the state has no tasks.
        counts.values().removeIf(count -> count == 0);
        return counts;
    }

    private List<FencingToken> fencingTokens(String sql, long owner) {
        return reads.read(handle -> handle.createQuery(sql)
                .bind(0, owner)
                .map((row, context) -> new FencingToken(new TaskId(row.getLong("id")), row.getLong("epoch"), owner))
                .list());
    }

    /** Repeats until a batch is not full, so that others get their turn in between. */
    private int inBatches(TransactionBody<Integer> batch) {
        int total = 0;
        int changed;
        do {
            // All writers share one connection, so one large transaction would make every other caller wait.
            changed = writes.write(batch);
            total += changed;
        } while (changed == BATCH);
        return total;
    }

    @Override
    public List<dev.architect.submission.AcceptedTask> submitOnce(List<dev.architect.submission.TaskSubmission> submissions) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<FencingToken> forceCancel(TaskId id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean hold(TaskId id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean resume(TaskId id, Optional<String> input) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Set<TaskId> redrive(Collection<TaskId> ids) {
        throw new UnsupportedOperationException();
    }

    @Override
    public dev.architect.maintenance.PurgedTasks purge(dev.architect.maintenance.TaskRetention retention, Optional<dev.architect.maintenance.PurgeCursor> after, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<TaskId> ids(dev.architect.maintenance.TaskFilter filter, Optional<TaskId> after, int limit) {
        throw new UnsupportedOperationException();
    }
}
