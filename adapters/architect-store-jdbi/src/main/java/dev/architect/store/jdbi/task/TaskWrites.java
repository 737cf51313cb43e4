package dev.architect.store.jdbi.task;

import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.AttemptResult;
import dev.architect.attempt.FencingToken;
import dev.architect.change.ChangeTopic;
import dev.architect.lane.Lane.TypeInLane;
import dev.architect.spi.TaskStore;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.submission.AcceptedTask;
import dev.architect.submission.IdempotencyKey;
import dev.architect.submission.IdempotencyKeyReusedException;
import dev.architect.submission.TaskSubmission;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Changes to tasks, in plain JDBC. Each runs in a transaction of its caller. */
final class TaskWrites {

    private static final String DIED_TOO_OFTEN =
            "its node died " + TaskStore.MAX_CRASHES + " times, expected fewer than " + TaskStore.MAX_CRASHES;

    private TaskWrites() {}

    /**
     * Tasks to store.
     *
     * @param store the number of the store in its group
     * @param numbers the number of each
     * @param lanes the number of each of their types within its lane, by its text
     * @param projects the number of each of their projects
     */
    record NewTasks(
            List<TaskRequest> requests,
            int store,
            long[] numbers,
            Map<String, Long> lanes,
            Map<String, Long> projects) {

        private long project(TaskRequest request) {
            return Objects.requireNonNull(
                    projects.get(request.attribution().project().name()));
        }

        /** The same with other requests of the same projects. */
        NewTasks with(List<TaskRequest> changed) {
            return new NewTasks(changed, store, numbers, lanes, projects);
        }

        /** The id that each gets. */
        List<TaskId> ids() {
            return IntStream.range(0, requests.size()).mapToObj(this::id).toList();
        }

        private TaskId id(int index) {
            return TaskId.of(
                    numbers[index],
                    store,
                    requests.get(index).attribution().project().shard());
        }

        private NewTask task(int index, int flags) {
            TaskRequest request = requests.get(index);
            long lane = Objects.requireNonNull(lanes.get(TypeInLane.of(request).text()));
            return new NewTask(id(index), request, flags | TaskRow.affinityFlags(request), lane, project(request));
        }

        /** All of them, without flags. */
        List<NewTask> all() {
            List<NewTask> all = new ArrayList<>(requests.size());
            for (int i = 0; i < requests.size(); i++) {
                all.add(task(i, 0));
            }
            return all;
        }
    }

    /** {@code submissions} are those of the tasks, {@code hashes} of their requests where they have a key. */
    static List<AcceptedTask> submitOnce(
            WriteConnection sql,
            TaskStatements statements,
            NewTasks tasks,
            List<TaskSubmission> submissions,
            List<String> hashes,
            Instant now,
            LimitKeys keys)
            throws SQLException {
        // Before any key is taken: one that is used again answers a task of this store.
        ShardGate.requireServed(sql, tasks.all());
        List<AcceptedTask> accepted = new ArrayList<>(submissions.size());
        List<NewTask> rows = new ArrayList<>(submissions.size());
        for (int i = 0; i < submissions.size(); i++) {
            TaskSubmission submission = submissions.get(i);
            TaskId id = tasks.id(i);
            Optional<TaskId> earlier = Optional.empty();
            if (submission.key().isPresent()) {
                long project = tasks.project(submission.request());
                earlier = takeKey(sql, project, submission.key().get(), hashes.get(i), id, now);
            }
            if (earlier.isEmpty()) {
                rows.add(tasks.task(i, submission.key().isPresent() ? TaskRow.HAS_KEY : 0));
            }
            accepted.add(new AcceptedTask(earlier.orElse(id), earlier.isEmpty()));
        }
        if (rows.isEmpty()) {
            return accepted;
        }
        Map<TaskId, TaskId> answers = new HashMap<>();
        List<TaskId> answered = UniqueKeys.insert(sql, statements, rows, now, keys);
        for (int i = 0; i < rows.size(); i++) {
            answers.put(rows.get(i).id(), answered.get(i));
        }
        for (int i = 0; i < accepted.size(); i++) {
            TaskId taken = accepted.get(i).id();
            TaskId holder = answers.getOrDefault(taken, taken);
            if (!holder.equals(taken)) {
                accepted.set(i, new AcceptedTask(holder, false));
                useKeyFor(sql, tasks, submissions.get(i), taken, holder);
            }
        }
        return accepted;
    }

    private static void useKeyFor(
            WriteConnection sql, NewTasks tasks, TaskSubmission submission, TaskId taken, TaskId holder)
            throws SQLException {
        if (submission.key().isPresent()) {
            UniqueKeys.useKeyFor(
                    sql,
                    tasks.project(submission.request()),
                    submission.key().get().value(),
                    taken,
                    holder);
        }
    }

    /** Takes the key for {@code id}, or returns the task that it was used for. */
    private static Optional<TaskId> takeKey(
            WriteConnection sql, long project, IdempotencyKey key, String hash, TaskId id, Instant now)
            throws SQLException {
        PreparedStatement take = sql.prepare(TaskSql.TAKE_KEY);
        take.setLong(1, project);
        take.setString(2, key.value());
        take.setString(3, hash);
        take.setLong(4, id.value());
        take.setLong(5, Micros.after(now, IdempotencyKey.RETENTION));
        take.setLong(6, Micros.of(now));
        if (take.executeUpdate() > 0) {
            return Optional.empty();
        }
        PreparedStatement find = sql.prepare(TaskSql.FIND_KEY);
        find.setLong(1, project);
        find.setString(2, key.value());
        try (ResultSet row = find.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("idempotency key is taken and has no row, expected one");
            }
            TaskId used = new TaskId(row.getLong("task_id"));
            if (!row.getString("request_hash").equals(hash)) {
                // Rolls the transaction back: nothing of the submission is accepted.
                throw new IdempotencyKeyReusedException(key, Optional.of(used));
            }
            return Optional.of(used);
        }
    }

    static int promote(WriteConnection sql, Instant now, int limit, LimitKeys keys) throws SQLException {
        PreparedStatement promote = sql.prepare(TaskSql.promote(sql.dialect()));
        long earliest = Micros.of(now.minus(TaskStore.AGING));
        promote.setLong(1, earliest);
        promote.setLong(2, earliest);
        promote.setLong(3, Micros.of(now));
        promote.setInt(4, limit);
        StateCounts counts = new StateCounts();
        int promoted = 0;
        try (ResultSet row = promote.executeQuery()) {
            while (row.next()) {
                counts.move(row.getLong("lane"), TaskState.SCHEDULED.number(), row.getInt("state"));
                keys.add(row);
                sql.changed(ChangeTopic.TASK, row.getLong("id"));
                promoted++;
            }
        }
        counts.save(sql);
        return promoted;
    }

    static void insertAttempt(WriteConnection sql, AttemptRow attempt) throws SQLException {
        TaskSql.INSERT_ATTEMPTS.insert(sql, List.of(attempt), TaskWrites::bindAttempt);
    }

    /** An ended attempt; the session is empty when only a dead node knew it. */
    record AttemptRow(
            FencingToken fencingToken,
            String session,
            Instant startedAt,
            Instant endedAt,
            AttemptOutcome outcome,
            @Nullable String error) {}

    private static void bindAttempt(PreparedStatement attempt, int first, AttemptRow row) throws SQLException {
        attempt.setLong(first, row.fencingToken().id().value());
        attempt.setLong(first + 1, row.fencingToken().epoch());
        attempt.setLong(first + 2, row.fencingToken().owner());
        attempt.setString(first + 3, row.session());
        attempt.setLong(first + 4, Micros.of(row.startedAt()));
        attempt.setLong(first + 5, Micros.of(row.endedAt()));
        attempt.setInt(first + 6, row.outcome().number());
        attempt.setString(first + 7, row.error());
    }

    /** How a task ended. */
    private record ResultRow(
            FencingToken fencingToken,
            @Nullable String output,
            @Nullable String error,
            @Nullable String stopReason) {}

    private static void bindResult(PreparedStatement result, int first, ResultRow row) throws SQLException {
        result.setLong(first, row.fencingToken().id().value());
        result.setLong(first + 1, row.fencingToken().epoch());
        result.setString(first + 2, row.output());
        result.setString(first + 3, row.error());
        result.setString(first + 4, row.stopReason());
    }

    /** The end of a claim whose task cannot be read: no worker can do anything with it. */
    static EndRow unreadable(FencingToken fencingToken, Instant now, String error) {
        return new EndRow(
                new AttemptEnd(
                        fencingToken,
                        "",
                        now,
                        now,
                        AttemptOutcome.FAILED,
                        TaskState.DEAD,
                        Duration.ZERO,
                        AttemptResult.error(error)),
                now);
    }

    static void cancel(WriteConnection sql, TaskId id, Instant now, LimitKeys keys) throws SQLException {
        // All of it runs in one transaction, so the task cannot be claimed in between.
        PreparedStatement select = sql.prepare(TaskSql.stateOf(sql.dialect()));
        select.setLong(1, id.value());
        TaskState state;
        long lane;
        int flags;
        try (ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                return;
            }
            if (row.getInt("state") < 0) {
                // On its way to another store.
                return;
            }
            state = TaskState.of(row.getInt("state"));
            lane = row.getLong("lane");
            flags = row.getInt("flags");
            if (state == TaskState.READY) {
                keys.add(row);
            }
        }
        if (state == TaskState.RUNNING) {
            PreparedStatement running = sql.prepare(TaskSql.CANCEL_RUNNING);
            running.setLong(1, id.value());
            running.executeUpdate();
            sql.changed(ChangeTopic.TASK, id.value());
        } else if (!state.isTerminal()) {
            PreparedStatement waiting = sql.prepare(TaskSql.CANCEL_WAITING);
            waiting.setLong(1, Micros.of(now));
            waiting.setLong(2, id.value());
            if (waiting.executeUpdate() > 0) {
                StateCounts counts = new StateCounts();
                counts.move(lane, state.number(), TaskState.CANCELLED.number());
                counts.save(sql);
                keys.ended(id.value(), TaskState.CANCELLED.number(), flags);
                sql.changed(ChangeTopic.TASK, id.value());
            }
        }
    }

    private record Lost(FencingToken fencingToken, boolean isDead, Instant claimedAt) {}

    static int reap(WriteConnection sql, long incarnation, Instant now, int limit, LimitKeys keys) throws SQLException {
        PreparedStatement reap = sql.prepare(TaskSql.reap(sql.dialect()));
        reap.setLong(1, Micros.of(now));
        reap.setLong(2, incarnation);
        reap.setInt(3, limit);
        reap.setLong(4, incarnation);
        List<Lost> lost = new ArrayList<>();
        StateCounts counts = new StateCounts();
        try (ResultSet row = reap.executeQuery()) {
            while (row.next()) {
                counts.move(row.getLong("lane"), TaskState.RUNNING.number(), row.getInt("state"));
                keys.add(row);
                keys.ended(row);
                sql.changed(ChangeTopic.TASK, row.getLong("id"));
                lost.add(new Lost(
                        new FencingToken(new TaskId(row.getLong("id")), row.getLong("epoch"), incarnation),
                        row.getInt("state") == TaskState.DEAD.number(),
                        Micros.instant(row.getLong("claimed_at"))));
            }
        }
        counts.save(sql);
        List<AttemptRow> attempts = new ArrayList<>();
        List<ResultRow> results = new ArrayList<>();
        boolean hasResultRows = sql.dialect().hasResultRows();
        for (Lost task : lost) {
            boolean isResult = task.isDead() && !hasResultRows;
            // The session is unknown: only the dead node knew which one ran the task.
            attempts.add(new AttemptRow(
                    task.fencingToken(),
                    "",
                    task.claimedAt(),
                    now,
                    AttemptOutcome.LOST,
                    isResult ? DIED_TOO_OFTEN : "the node died"));
            if (task.isDead() && hasResultRows) {
                results.add(new ResultRow(task.fencingToken(), null, DIED_TOO_OFTEN, null));
            }
        }
        TaskSql.INSERT_ATTEMPTS.insert(sql, attempts, TaskWrites::bindAttempt);
        TaskSql.INSERT_RESULTS.insert(sql, results, TaskWrites::bindResult);
        return lost.size();
    }
}
