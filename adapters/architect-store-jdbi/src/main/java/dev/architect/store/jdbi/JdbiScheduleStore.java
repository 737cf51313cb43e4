package dev.architect.store.jdbi;

import dev.architect.change.ChangeTopic;
import dev.architect.json.InvalidFieldException;
import dev.architect.recurring.Schedule;
import dev.architect.recurring.ScheduleCodec;
import dev.architect.recurring.ScheduleFiring;
import dev.architect.recurring.ScheduleRequest;
import dev.architect.recurring.ScheduleRun;
import dev.architect.recurring.ScheduleStore;
import dev.architect.spi.TimeSource;
import dev.architect.submission.AcceptedTask;
import dev.architect.submission.TaskSubmission;
import dev.architect.task.TaskId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Schedules in a database. A firing is one transaction: the row of the schedule is changed first, if it still has its version and its next
 * instant, so that a node that fires it at the same time waits and then finds another version. Safe for use by several threads.
 */
public final class JdbiScheduleStore implements ScheduleStore {

    private static final Logger LOG = LoggerFactory.getLogger(JdbiScheduleStore.class);

    private static final String COLUMNS =
            "SELECT id, name, spec, paused, next_at, last_at, created_at, version FROM recurring ";
    static final String FIND = COLUMNS + "WHERE name = ?";
    static final String FIRST = COLUMNS + "ORDER BY name LIMIT ?";
    static final String AFTER = COLUMNS + "WHERE name > ? ORDER BY name LIMIT ?";
    static final String DUE = COLUMNS + "WHERE next_at <= ? ORDER BY next_at, id LIMIT ?";
    static final String NEXT = "SELECT next_at FROM recurring WHERE next_at IS NOT NULL ORDER BY next_at LIMIT 1";
    static final String INSERT =
            "INSERT INTO recurring (id, name, spec, paused, next_at, last_at, created_at, version, runs)"
                    + " VALUES (?, ?, ?, 0, ?, NULL, ?, 1, 0) ON CONFLICT (name) DO NOTHING";
    static final String UPDATE = "UPDATE recurring SET spec = ?, paused = ?, next_at = ?, version = version + 1"
            + " WHERE id = ? AND version = ? RETURNING last_at, created_at, version";
    static final String FIRE = "UPDATE recurring SET next_at = ?, last_at = ?, runs = runs + ?, version = version + 1"
            + " WHERE id = ? AND version = ? AND COALESCE(next_at, -1) = ? RETURNING runs";
    static final String DELETE = "DELETE FROM recurring WHERE id = ?";
    static final String DELETE_RUNS = "DELETE FROM recurring_run WHERE schedule = ?";
    static final String ADD_RUN =
            "INSERT INTO recurring_run (schedule, number, instant_at, fired_at, task_id, note) VALUES (?, ?, ?, ?, ?, ?)";
    static final String FORGET_RUNS = "DELETE FROM recurring_run WHERE schedule = ? AND number <= ?";
    static final String RUNS = "SELECT instant_at, fired_at, task_id, note FROM recurring_run WHERE schedule = ?"
            + " ORDER BY number DESC LIMIT ?";
    private static final long NEVER = -1;

    private final TransactionalWrites writes;
    private final TaskInserts tasks;
    private final ReadConnections reads;
    private final TimeSource time;
    private final Runnable onTasks;

    /** Submits tasks in the same transaction as another change. Safe for use by several threads. */
    @FunctionalInterface
    public interface TaskInserts {

        /**
         * Makes a change, which may submit tasks, and returns once it is durable. Blocks.
         *
         * @param submissions the tasks that it may submit; each may have a key
         * @throws dev.architect.error.StoreException when it was not made
         */
        <T> T write(List<TaskSubmission> submissions, Body<T> body);

        /**
         * A change that happens as a whole. It may be run again from its beginning, so it changes nothing else.
         *
         * @param <T> what it returns
         */
        @FunctionalInterface
        interface Body<T> {

            /** Makes the change in the transaction that {@code sql} is in. */
            T run(WriteConnection sql, Insert tasks) throws SQLException;
        }

        /** Submits the tasks. */
        @FunctionalInterface
        interface Insert {

            /** Submits them in the transaction, all or none, and returns one for each, in order. Called once. */
            List<AcceptedTask> insert() throws SQLException;
        }
    }

    /**
     * Creates the store over the connections of one database.
     *
     * @param tasks submits what is fired
     * @param time the store's clock
     * @param onTasks is called when tasks were submitted
     */
    public JdbiScheduleStore(
            TransactionalWrites writes, TaskInserts tasks, ReadConnections reads, TimeSource time, Runnable onTasks) {
        this.writes = writes;
        this.tasks = tasks;
        this.reads = reads;
        this.time = time;
        this.onTasks = onTasks;
    }

    @Override
    public Instant now() {
        return Micros.instant(Micros.of(time.wallTime()));
    }

    @Override
    public Optional<Schedule> create(ScheduleRequest request, Instant now, Optional<Instant> next) {
        String spec = StoredText.encode(ScheduleCodec.write(request));
        Optional<Schedule> created = writes.write(sql -> {
            long id = sql.dialect().takeNumber(sql, "recurring");
            PreparedStatement insert = sql.prepare(INSERT);
            insert.setLong(1, id);
            insert.setString(2, request.name());
            insert.setString(3, spec);
            setInstant(insert, 4, next);
            insert.setLong(5, Micros.of(now));
            if (insert.executeUpdate() == 0) {
                return Optional.empty();
            }
            sql.changed(ChangeTopic.SCHEDULE, id);
            return Optional.of(new Schedule(
                    id,
                    request,
                    false,
                    next.map(instant -> Micros.instant(Micros.of(instant))),
                    Optional.empty(),
                    Micros.instant(Micros.of(now)),
                    1));
        });
        return created.flatMap(schedule -> find(schedule.name()));
    }

    private static void setInstant(PreparedStatement statement, int index, Optional<Instant> instant)
            throws SQLException {
        if (instant.isPresent()) {
            statement.setLong(index, Micros.of(instant.get()));
        } else {
            statement.setNull(index, Types.BIGINT);
        }
    }

    @Override
    public Optional<Schedule> update(Schedule changed) {
        String spec = StoredText.encode(ScheduleCodec.write(changed.request()));
        return writes.write(sql -> {
            PreparedStatement update = sql.prepare(UPDATE);
            update.setString(1, spec);
            update.setInt(2, changed.isPaused() ? 1 : 0);
            setInstant(update, 3, changed.next());
            update.setLong(4, changed.id());
            update.setLong(5, changed.version());
            sql.changed(ChangeTopic.SCHEDULE, changed.id());
            try (ResultSet row = update.executeQuery()) {
                return row.next()
                        ? Optional.of(new Schedule(
                                changed.id(),
                                changed.request(),
                                changed.isPaused(),
                                changed.next().map(next -> Micros.instant(Micros.of(next))),
                                instant(row, "last_at"),
                                Micros.instant(row.getLong("created_at")),
                                row.getLong("version")))
                        : Optional.empty();
            }
        });
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Micros.instant(micros));
    }

    @Override
    public boolean delete(long id) {
        return writes.write(sql -> {
            PreparedStatement delete = sql.prepare(DELETE);
            delete.setLong(1, id);
            sql.changed(ChangeTopic.SCHEDULE, id);
            boolean isDeleted = delete.executeUpdate() > 0;
            PreparedStatement deleteRuns = sql.prepare(DELETE_RUNS);
            deleteRuns.setLong(1, id);
            deleteRuns.executeUpdate();
            return isDeleted;
        });
    }

    @Override
    public Optional<Schedule> find(String name) {
        return reads.read(handle ->
                schedules(handle.createQuery(FIND).bind(0, name)).stream().findFirst());
    }

    @Override
    public List<Schedule> list(Optional<String> after, int limit) {
        LimitChecks.checkPageLimit(limit, MAX_PAGE);
        return reads.read(handle -> schedules(
                after.isPresent()
                        ? handle.createQuery(AFTER).bind(0, after.get()).bind(1, limit)
                        : handle.createQuery(FIRST).bind(0, limit)));
    }

    @Override
    public List<Schedule> due(int limit) {
        LimitChecks.checkPageLimit(limit, MAX_PAGE);
        long now = Micros.of(time.wallTime());
        return reads.read(
                handle -> schedules(handle.createQuery(DUE).bind(0, now).bind(1, limit)));
    }

    private static List<Schedule> schedules(Query query) {
        return query.map((row, context) -> schedule(row)).list().stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /** Empty for one that this version, or the time zones of this machine, cannot read; another node may. */
    private static Optional<Schedule> schedule(ResultSet row) throws SQLException {
        String name = row.getString("name");
        try {
            return Optional.of(new Schedule(
                    row.getLong("id"),
                    ScheduleCodec.read(name, String.valueOf(StoredText.decode(row.getString("spec")))),
                    row.getInt("paused") != 0,
                    instant(row, "next_at"),
                    instant(row, "last_at"),
                    Micros.instant(row.getLong("created_at")),
                    row.getLong("version")));
        } catch (InvalidFieldException unreadable) {
            LOG.warn("schedule {} is left to other nodes: {}", name, unreadable.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public Optional<Duration> untilNext() {
        Optional<Long> next =
                reads.read(handle -> handle.createQuery(NEXT).mapTo(Long.class).findOne());
        return next.map(micros -> {
            Duration left = Duration.between(time.wallTime(), Micros.instant(micros));
            return left.isNegative() ? Duration.ZERO : left;
        });
    }

    @Override
    public Optional<List<ScheduleRun>> fire(ScheduleFiring firing) {
        boolean hasTasks = !firing.submissions().isEmpty();
        Optional<List<ScheduleRun>> fired = hasTasks
                ? tasks.write(firing.submissions(), (sql, insert) -> fire(sql, firing, insert))
                : writes.write(sql -> fire(sql, firing, List::of));
        if (hasTasks && fired.isPresent()) {
            onTasks.run();
        }
        return fired;
    }

    private Optional<List<ScheduleRun>> fire(WriteConnection sql, ScheduleFiring firing, TaskInserts.Insert insert)
            throws SQLException {
        Schedule schedule = firing.schedule();
        PreparedStatement fire = sql.prepare(FIRE);
        setInstant(fire, 1, firing.next());
        setInstant(fire, 2, firing.last());
        fire.setInt(3, firing.items().size());
        fire.setLong(4, schedule.id());
        fire.setLong(5, schedule.version());
        fire.setLong(6, schedule.next().map(Micros::of).orElse(NEVER));
        long runs;
        try (ResultSet row = fire.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            runs = row.getLong(1);
        }
        sql.changed(ChangeTopic.SCHEDULE, schedule.id());
        List<TaskId> ids = insert.insert().stream().map(AcceptedTask::id).toList();
        List<ScheduleRun> added = firing.runs(now(), ids);
        long number = runs - added.size();
        for (ScheduleRun run : added) {
            number++;
            if (number > runs - KEPT_RUNS) {
                add(sql, schedule.id(), number, run);
            }
        }
        PreparedStatement forget = sql.prepare(FORGET_RUNS);
        forget.setLong(1, schedule.id());
        forget.setLong(2, runs - KEPT_RUNS);
        forget.executeUpdate();
        return Optional.of(added);
    }

    private static void add(WriteConnection sql, long schedule, long number, ScheduleRun run) throws SQLException {
        PreparedStatement add = sql.prepare(ADD_RUN);
        add.setLong(1, schedule);
        add.setLong(2, number);
        add.setLong(3, Micros.of(run.instant()));
        add.setLong(4, Micros.of(run.firedAt()));
        if (run.task().isPresent()) {
            add.setLong(5, run.task().get().value());
        } else {
            add.setNull(5, Types.BIGINT);
        }
        add.setString(6, StoredText.encode(run.note()));
        add.executeUpdate();
    }

    @Override
    public List<ScheduleRun> runs(long id, int limit) {
        LimitChecks.checkPageLimit(limit, MAX_PAGE);
        return reads.read(handle -> handle.createQuery(RUNS)
                .bind(0, id)
                .bind(1, limit)
                .map((row, context) -> run(row))
                .list());
    }

    private static ScheduleRun run(ResultSet row) throws SQLException {
        long task = row.getLong("task_id");
        Optional<TaskId> id = row.wasNull() ? Optional.empty() : Optional.of(new TaskId(task));
        return new ScheduleRun(
                Micros.instant(row.getLong("instant_at")),
                Micros.instant(row.getLong("fired_at")),
                id,
                String.valueOf(StoredText.decode(row.getString("note"))));
    }
}
