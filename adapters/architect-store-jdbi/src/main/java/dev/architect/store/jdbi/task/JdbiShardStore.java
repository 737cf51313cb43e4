package dev.architect.store.jdbi.task;

import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.FencingToken;
import dev.architect.change.ChangeTopic;
import dev.architect.lane.Lane.TypeInLane;
import dev.architect.project.ProjectId;
import dev.architect.shard.MovedKey;
import dev.architect.shard.MovedTask;
import dev.architect.shard.ShardBatch;
import dev.architect.shard.ShardPhase;
import dev.architect.shard.ShardPlace;
import dev.architect.shard.ShardStore;
import dev.architect.shard.TakenTasks;
import dev.architect.spi.TimeSource;
import dev.architect.store.jdbi.LimitChecks;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.ReadConnections;
import dev.architect.store.jdbi.SqlDialect;
import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.store.jdbi.dependency.DependencyRows;
import dev.architect.store.jdbi.step.StepRows;
import dev.architect.submission.IdempotencyKey;
import dev.architect.task.TaskId;
import dev.architect.task.TaskState;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/** Shards in a database. Safe for use by several threads. */
public final class JdbiShardStore implements ShardStore {

    /** So many ids are walked over in one transaction to find those of a shard. */
    private static final int WALKED = 10_000;

    private final TransactionalWrites writes;
    private final ReadConnections reads;
    private final TimeSource time;
    private final SqlDialect dialect;
    private final Runnable onReady;
    private final NumberedNames lanes;
    private final NumberedNames projects;

    /**
     * Creates the store over the connections of one database.
     *
     * @param time the store's clock
     * @param onReady is called when tasks may have become ready
     */
    public JdbiShardStore(
            TransactionalWrites writes, ReadConnections reads, TimeSource time, SqlDialect dialect, Runnable onReady) {
        this.writes = writes;
        this.reads = reads;
        this.time = time;
        this.dialect = dialect;
        this.onReady = onReady;
        this.lanes = NumberedNames.lanes(writes, reads);
        this.projects = NumberedNames.projects(writes, reads);
    }

    /** A part of a shard, and where the next one begins. */
    private record Part(List<Long> ids, Optional<TaskId> next) {}

    /** The number of a project in this database, and its name. */
    private record Project(long number, String name) {}

    @Override
    public OptionalInt number() {
        Optional<Integer> number = reads.read(handle -> handle.createQuery(ShardSql.NUMBER)
                .map((row, context) -> number(row))
                .one());
        return number.map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    private static Optional<Integer> number(ResultSet row) throws SQLException {
        int number = row.getInt(1);
        return row.wasNull() ? Optional.empty() : Optional.of(number);
    }

    @Override
    public List<ShardPlace> places() {
        return reads.read(handle -> handle.createQuery(ShardSql.PLACES)
                .map((row, context) ->
                        new ShardPlace(row.getInt("shard"), row.getLong("epoch"), ShardPhase.of(row.getInt("phase"))))
                .list());
    }

    @Override
    public void join(int number, boolean servesAll) {
        if (number < 0 || number >= MAX_STORES) {
            throw new IllegalArgumentException("number is " + number + ", expected 0.." + (MAX_STORES - 1));
        }
        int joined = writes.write(sql -> join(sql, number, servesAll ? ShardPhase.SERVED : ShardPhase.GONE));
        if (joined != number) {
            throw new IllegalStateException("the store has number " + joined + ", expected " + number);
        }
    }

    private static int join(WriteConnection sql, int number, ShardPhase phase) throws SQLException {
        Optional<Integer> before = storedNumber(sql);
        if (before.isPresent()) {
            return before.get();
        }
        if (number > 0) {
            try (ResultSet row = sql.prepare(ShardSql.ANY_TASK).executeQuery()) {
                if (row.next()) {
                    throw new IllegalStateException("the store has tasks, expected none before it joins others");
                }
            }
        }
        PreparedStatement add = sql.prepare(ShardSql.JOIN);
        for (int shard = 0; shard < SHARDS; shard++) {
            add.setInt(1, shard);
            add.setInt(2, phase.number());
            add.setInt(3, number);
            add.addBatch();
        }
        add.executeBatch();
        // Read again: another process may have been first.
        return storedNumber(sql).orElse(number);
    }

    private static Optional<Integer> storedNumber(WriteConnection sql) throws SQLException {
        try (ResultSet row = sql.prepare(ShardSql.NUMBER).executeQuery()) {
            row.next();
            return number(row);
        }
    }

    @Override
    public ShardPlace set(int shard, long epoch, ShardPhase phase) {
        ShardStore.requireShard(shard);
        ShardPlace set = writes.write(sql -> {
            ShardPlace place = place(sql, shard, dialect.forUpdate());
            ShardPlace next = place.next(epoch, phase);
            if (!next.equals(place)) {
                PreparedStatement change = sql.prepare(ShardSql.SET_PLACE);
                change.setLong(1, epoch);
                change.setInt(2, phase.number());
                change.setInt(3, shard);
                change.executeUpdate();
            }
            return next;
        });
        if (phase == ShardPhase.SERVED) {
            onReady.run();
        }
        return set;
    }

    private static ShardPlace place(WriteConnection sql, int shard, String lock) throws SQLException {
        PreparedStatement select = sql.prepare(ShardSql.PLACE + lock);
        select.setInt(1, shard);
        try (ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                throw new IllegalStateException("the store is in no group, expected it to have joined one");
            }
            return new ShardPlace(shard, row.getLong("epoch"), ShardPhase.of(row.getInt("phase")));
        }
    }

    @Override
    public ShardBatch take(int shard, long epoch, TakenTasks which, Optional<TaskId> after, int limit) {
        ShardStore.requireShard(shard);
        LimitChecks.checkPageLimit(limit, MAX_BATCH);
        return writes.write(sql -> {
            ShardPlace place = place(sql, shard, dialect.forShare());
            if (which == TakenTasks.ENDED) {
                place.require(epoch, ShardPhase.SERVED, ShardPhase.LEAVING);
            } else {
                place.require(epoch, ShardPhase.LEAVING);
            }
            return take(sql, part(sql, shard, after, limit), which);
        });
    }

    private ShardBatch take(WriteConnection sql, Part part, TakenTasks which) throws SQLException {
        List<Long> ids = part.ids();
        if (ids.isEmpty()) {
            return new ShardBatch(List.of(), 0, part.next());
        }
        Instant now = time.wallTime();
        query(sql, ShardSql.lock(dialect, ids.size()), ids).close();
        StateCounts counts = new StateCounts();
        int running = 0;
        List<Long> idle = new ArrayList<>();
        List<Running> owned = new ArrayList<>();
        try (ResultSet row = query(sql, ShardSql.tasks(dialect, ids.size()), ids)) {
            while (row.next()) {
                TaskState state = TaskRow.state(row);
                if (state == TaskState.RUNNING) {
                    owned.add(Running.read(row));
                } else if (which != TakenTasks.ENDED || state.isTerminal()) {
                    idle.add(row.getLong("id"));
                }
            }
        }
        if (which == TakenTasks.ALL) {
            for (Running attempt : owned) {
                handBack(sql, attempt, now, counts);
                idle.add(attempt.token().id().value());
            }
        } else {
            running = owned.size();
        }
        if (idle.isEmpty()) {
            return new ShardBatch(List.of(), running, part.next());
        }
        LimitKeys keys = new LimitKeys();
        keys.count(sql, keys.endedParents().cut(sql, idle));
        // Read first: the result of a task is found by its state.
        List<MovedTask> tasks = new MovedTaskReader(sql, now).read(idle);
        try (ResultSet row = query(sql, ShardSql.take(dialect, idle.size()), idle)) {
            while (row.next()) {
                counts.add(row.getLong("lane"), row.getInt("state"), -1);
            }
        }
        counts.save(sql);
        idle.forEach(id -> sql.changed(ChangeTopic.TASK, id));
        return new ShardBatch(tasks, running, part.next());
    }

    /** A running attempt that loses its task. */
    private record Running(FencingToken token, Instant claimedAt) {

        static Running read(ResultSet row) throws SQLException {
            return new Running(
                    new FencingToken(new TaskId(row.getLong("id")), row.getLong("epoch"), row.getLong("owner")),
                    Micros.instant(row.getLong("claimed_at")));
        }
    }

    private static void handBack(WriteConnection sql, Running attempt, Instant now, StateCounts counts)
            throws SQLException {
        PreparedStatement handBack = sql.prepare(ShardSql.HAND_BACK);
        handBack.setLong(1, attempt.token().id().value());
        try (ResultSet row = handBack.executeQuery()) {
            if (row.next()) {
                counts.move(row.getLong("lane"), TaskState.RUNNING.number(), TaskState.READY.number());
            }
        }
        TaskWrites.insertAttempt(
                sql,
                new TaskWrites.AttemptRow(
                        attempt.token(),
                        "",
                        attempt.claimedAt(),
                        now,
                        AttemptOutcome.HANDED_BACK,
                        "its shard moved to another store"));
    }

    private static Part part(WriteConnection sql, int shard, Optional<TaskId> after, int limit) throws SQLException {
        long from = after.map(TaskId::value).orElse(-1L);
        PreparedStatement select = sql.prepare(ShardSql.PART);
        select.setLong(1, from);
        select.setInt(2, WALKED);
        select.setInt(3, shard);
        select.setInt(4, limit);
        List<Long> ids = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                ids.add(row.getLong(1));
            }
        }
        if (ids.size() == limit) {
            return new Part(ids, Optional.of(new TaskId(ids.get(limit - 1))));
        }
        PreparedStatement walked = sql.prepare(ShardSql.WALKED);
        walked.setLong(1, from);
        walked.setInt(2, WALKED);
        try (ResultSet row = walked.executeQuery()) {
            row.next();
            return new Part(
                    ids, row.getInt("n") < WALKED ? Optional.empty() : Optional.of(new TaskId(row.getLong("last"))));
        }
    }

    private ResultSet query(WriteConnection sql, String statement, List<Long> ids) throws SQLException {
        PreparedStatement select = sql.prepare(statement);
        dialect.bindIds(select, 1, ids);
        return select.executeQuery();
    }

    private void execute(WriteConnection sql, String statement, List<Long> ids) throws SQLException {
        PreparedStatement change = sql.prepare(statement);
        dialect.bindIds(change, 1, ids);
        change.executeUpdate();
    }

    @Override
    public void add(int shard, long epoch, List<MovedTask> tasks) {
        ShardStore.requireShard(shard);
        List<MovedTask> copy = List.copyOf(tasks);
        requireOfShard(shard, copy, task -> task.task().id().shard());
        Map<String, Long> laneNumbers = lanes.numbersOf(
                names(copy, task -> TypeInLane.of(task.task().request()).text()));
        Map<String, Long> projectNumbers = projects.numbersOf(names(
                copy, task -> task.task().request().attribution().project().name()));
        writes.write(sql -> {
            // Locked against others who add the same tasks.
            place(sql, shard, dialect.forUpdate()).require(epoch, ShardPhase.ARRIVING);
            if (!copy.isEmpty()) {
                new MovedTaskWriter(sql, laneNumbers, projectNumbers).insert(copy);
                lookAgain(
                        sql, copy.stream().map(task -> task.task().id().value()).toList());
            }
            return copy.size();
        });
    }

    /** Parents may have ended while their children were on their way. */
    private void lookAgain(WriteConnection sql, List<Long> ids) throws SQLException {
        LimitKeys keys = new LimitKeys();
        keys.endedParents().lookAgain(sql, ids);
        keys.promote(sql, time.wallTime());
    }

    private static <T> void requireOfShard(int shard, List<T> moved, Function<T, Integer> shardOf) {
        LimitChecks.checkPageLimit(Math.max(1, moved.size()), MAX_BATCH);
        moved.stream().map(shardOf).filter(other -> other != shard).findFirst().ifPresent(other -> {
            throw new IllegalArgumentException("shard of an element is " + other + ", expected " + shard);
        });
    }

    private static <T> List<String> names(List<T> rows, Function<T, String> name) {
        return rows.stream().map(name).distinct().toList();
    }

    @Override
    public List<MovedKey> keys(int shard, Optional<MovedKey> after, int limit) {
        ShardStore.requireShard(shard);
        LimitChecks.checkPageLimit(limit, MAX_BATCH);
        return reads.read(handle -> {
            List<MovedKey> keys = new ArrayList<>();
            for (Project project : projectsOf(handle, shard)) {
                int place = after.map(
                                last -> project.name().compareTo(last.project().name()))
                        .orElse(1);
                if (place >= 0 && keys.size() < limit) {
                    String from = place == 0 ? after.orElseThrow().key().value() : "";
                    keys.addAll(keys(handle, project, from, limit - keys.size()));
                }
            }
            return keys;
        });
    }

    private static List<Project> projectsOf(Handle handle, int shard) {
        return handle
                .createQuery(ShardSql.PROJECTS)
                .map((row, context) -> new Project(row.getLong("id"), row.getString("name")))
                .stream()
                .filter(project -> new ProjectId(project.name()).shard() == shard)
                .sorted(Comparator.comparing(Project::name))
                .toList();
    }

    private List<MovedKey> keys(Handle handle, Project project, String after, int limit) {
        return handle.createQuery(ShardSql.KEYS)
                .bind("project", project.number())
                .bind("after", after)
                .bind("now", Micros.of(time.wallTime()))
                .bind("limit", limit)
                .map((row, context) -> new MovedKey(
                        new ProjectId(project.name()),
                        new IdempotencyKey(row.getString("name")),
                        row.getString("request_hash"),
                        new TaskId(row.getLong("task_id")),
                        Micros.instant(row.getLong("expires_at"))))
                .list();
    }

    @Override
    public void addKeys(int shard, long epoch, List<MovedKey> keys) {
        ShardStore.requireShard(shard);
        List<MovedKey> copy = List.copyOf(keys);
        requireOfShard(shard, copy, key -> key.project().shard());
        Map<String, Long> numbers =
                projects.numbersOf(names(copy, key -> key.project().name()));
        writes.write(sql -> {
            place(sql, shard, dialect.forUpdate()).require(epoch, ShardPhase.ARRIVING);
            PreparedStatement add = sql.prepare(ShardSql.ADD_KEY);
            for (MovedKey key : copy) {
                add.setLong(1, Objects.requireNonNull(numbers.get(key.project().name())));
                add.setString(2, key.key().value());
                add.setString(3, key.requestHash());
                add.setLong(4, key.task().value());
                add.setLong(5, Micros.of(key.expiresAt()));
                add.addBatch();
            }
            add.executeBatch();
            return copy.size();
        });
    }

    @Override
    public Optional<TaskId> giveBack(int shard, long epoch, Optional<TaskId> after, int limit) {
        ShardStore.requireShard(shard);
        LimitChecks.checkPageLimit(limit, MAX_BATCH);
        return writes.write(sql -> {
            place(sql, shard, dialect.forShare()).require(epoch, ShardPhase.LEAVING);
            Part part = part(sql, shard, after, limit);
            if (!part.ids().isEmpty()) {
                StateCounts counts = new StateCounts();
                try (ResultSet row =
                        query(sql, ShardSql.giveBack(dialect, part.ids().size()), part.ids())) {
                    while (row.next()) {
                        counts.add(row.getLong("lane"), row.getInt("state"), 1);
                    }
                }
                counts.save(sql);
                part.ids().forEach(id -> sql.changed(ChangeTopic.TASK, id));
                lookAgain(sql, part.ids());
            }
            return part.next();
        });
    }

    @Override
    public Optional<TaskId> clear(int shard, long epoch, Optional<TaskId> after, int limit) {
        ShardStore.requireShard(shard);
        LimitChecks.checkPageLimit(limit, MAX_BATCH);
        List<Project> named = reads.read(handle -> projectsOf(handle, shard));
        return writes.write(sql -> {
            place(sql, shard, dialect.forShare()).require(epoch, ShardPhase.GONE);
            Part part = part(sql, shard, after, limit);
            if (!part.ids().isEmpty()) {
                delete(sql, part.ids());
            }
            if (part.next().isEmpty() && deleteKeys(sql, named, limit) == limit) {
                // The same part again, which is empty now, until the keys are deleted, too.
                return Optional.of(after.orElse(new TaskId(0)));
            }
            return part.next();
        });
    }

    private void delete(WriteConnection sql, List<Long> ids) throws SQLException {
        StateCounts counts = new StateCounts();
        try (ResultSet row = query(sql, ShardSql.deleteTasks(dialect, ids.size()), ids)) {
            while (row.next()) {
                if (row.getInt("state") >= 0) {
                    counts.add(row.getLong("lane"), row.getInt("state"), -1);
                }
            }
        }
        counts.save(sql);
        execute(sql, ShardSql.deleteFrom("task_body", dialect, ids.size()), ids);
        execute(sql, ShardSql.deleteFrom("task_input", dialect, ids.size()), ids);
        StepRows.delete(sql, ids);
        DependencyRows.deleteOf(sql, ids);
        execute(sql, ShardSql.deleteAttemptsWithoutCalls(dialect, ids.size()), ids);
        execute(
                sql,
                dialect.hasResultRows()
                        ? ShardSql.deleteFrom("task_result", dialect, ids.size())
                        : ShardSql.dropOutputs(dialect, ids.size()),
                ids);
    }

    private static int deleteKeys(WriteConnection sql, List<Project> named, int limit) throws SQLException {
        int deleted = 0;
        for (Project project : named) {
            if (deleted < limit) {
                PreparedStatement delete = sql.prepare(ShardSql.DELETE_KEYS);
                delete.setLong(1, project.number());
                delete.setLong(2, project.number());
                delete.setInt(3, limit - deleted);
                deleted += delete.executeUpdate();
            }
        }
        return deleted;
    }
}
