package dev.architect.store.jdbi.task;

import dev.architect.model.StopReason;
import dev.architect.project.Attribution;
import dev.architect.spi.TaskStore;
import dev.architect.store.jdbi.Columns;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.submission.AcceptedTask;
import dev.architect.submission.IdempotencyKey;
import dev.architect.submission.IdempotencyKeyReusedException;
import dev.architect.submission.TaskSubmission;
import dev.architect.task.AttemptEnd;
import dev.architect.task.AttemptOutcome;
import dev.architect.task.AttemptResult;
import dev.architect.task.FencingToken;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Changes to tasks, in plain JDBC because they are hot. Each runs in a transaction of its caller. */
final class TaskWrites {

    private static final long AGING = Micros.of(TaskStore.AGING);

    private TaskWrites() {}

    /**
     * Tasks to store.
     *
     * @param firstNumber the number of the first one; the others follow
     * @param lanes the lane of each of their types
     * @param projects the number of each of their projects
     */
    record NewTasks(List<TaskRequest> requests, long firstNumber, Map<String, Long> lanes, Map<String, Long> projects) {

        private long project(TaskRequest request) {
            return Objects.requireNonNull(
                    projects.get(request.attribution().project().name()));
        }
    }

    static List<TaskId> submit(WriteConnection sql, NewTasks tasks, Instant now) throws SQLException {
        List<NewTask> rows = new ArrayList<>(tasks.requests().size());
        StateCounts counts = new StateCounts();
        for (TaskRequest request : tasks.requests()) {
            TaskId id = TaskId.of(
                    tasks.firstNumber() + rows.size(),
                    0,
                    request.attribution().project().shard());
            rows.add(newTask(id, request, tasks, counts, 0));
        }
        insert(sql, rows, now);
        counts.save(sql);
        return rows.stream().map(NewTask::id).toList();
    }

    /** As {@link #submit}; {@code submissions} are those of the tasks, {@code hashes} of their requests where they have a key. */
    static List<AcceptedTask> submitOnce(
            WriteConnection sql, NewTasks tasks, List<TaskSubmission> submissions, List<String> hashes, Instant now)
            throws SQLException {
        List<AcceptedTask> accepted = new ArrayList<>(submissions.size());
        List<NewTask> rows = new ArrayList<>(submissions.size());
        StateCounts counts = new StateCounts();
        for (int i = 0; i < submissions.size(); i++) {
            TaskSubmission submission = submissions.get(i);
            TaskRequest request = submission.request();
            TaskId id = TaskId.of(
                    tasks.firstNumber() + i, 0, request.attribution().project().shard());
            Optional<TaskId> earlier = Optional.empty();
            if (submission.key().isPresent()) {
                long project = tasks.project(request);
                earlier = takeKey(sql, project, submission.key().get(), hashes.get(i), id, now);
            }
            if (earlier.isEmpty()) {
                rows.add(newTask(id, request, tasks, counts, submission.key().isPresent() ? TaskRow.HAS_KEY : 0));
            }
            accepted.add(new AcceptedTask(earlier.orElse(id), earlier.isEmpty()));
        }
        insert(sql, rows, now);
        counts.save(sql);
        return accepted;
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

    /** A row to insert. */
    private record NewTask(TaskId id, TaskRequest request, TaskState state, int flags, long lane, long project) {}

    private static NewTask newTask(TaskId id, TaskRequest request, NewTasks tasks, StateCounts counts, int flags) {
        long lane = Objects.requireNonNull(tasks.lanes().get(request.type()));
        TaskState state = request.delay().isZero() ? TaskState.READY : TaskState.SCHEDULED;
        counts.add(lane, state.number(), 1);
        return new NewTask(id, request, state, flags, lane, tasks.project(request));
    }

    private static void insert(WriteConnection sql, List<NewTask> rows, Instant now) throws SQLException {
        TaskSql.INSERT_TASKS.insert(
                sql,
                rows,
                CommonTask::of,
                (statement, first, common) -> common.bind(statement, first, now),
                (statement, first, row) -> statement.setLong(first, row.id().value()));
        TaskSql.INSERT_BODIES.insert(sql, rows, CommonBody::of, CommonBody::bind, (statement, first, row) -> {
            statement.setLong(first, row.id().value());
            statement.setString(first + 1, row.request().payload());
        });
    }

    /** What tasks that are submitted together often have in common. */
    private record CommonTask(
            Duration delay, TaskState state, int level, int flags, int maxAttempts, long lane, long project) {

        static CommonTask of(NewTask row) {
            TaskRequest request = row.request();
            return new CommonTask(
                    request.delay(),
                    row.state(),
                    request.priority().level(),
                    row.flags(),
                    request.maxAttempts(),
                    row.lane(),
                    row.project());
        }

        void bind(PreparedStatement task, int first, Instant now) throws SQLException {
            // Each level costs one step of aging, so a task of low priority overtakes younger ones and never starves.
            task.setLong(first, Micros.of(now) + level * AGING);
            Columns.setLong(task, first + 1, state == TaskState.SCHEDULED ? Micros.after(now, delay) : null);
            task.setLong(first + 2, Micros.of(now));
            task.setInt(first + 3, state.number());
            task.setInt(first + 4, level);
            task.setInt(first + 5, flags);
            task.setInt(first + 6, maxAttempts);
            task.setLong(first + 7, lane);
            task.setLong(first + 8, project);
        }
    }

    /** The same of their bodies. */
    private record CommonBody(
            Map<String, String> attributes, Attribution attribution, Duration timeout, Duration delay) {

        static CommonBody of(NewTask row) {
            TaskRequest request = row.request();
            return new CommonBody(request.attributes(), request.attribution(), request.timeout(), request.delay());
        }

        static void bind(PreparedStatement body, int first, CommonBody common) throws SQLException {
            body.setString(first, Columns.write(common.attributes()));
            Columns.bindAttribution(body, first + 1, common.attribution());
            body.setLong(first + 3, Micros.of(common.timeout()));
            body.setLong(first + 4, Micros.of(common.delay()));
        }
    }

    static int promote(WriteConnection sql, Instant now, int limit) throws SQLException {
        PreparedStatement promote = sql.prepare(TaskSql.PROMOTE);
        promote.setLong(1, Micros.of(now));
        promote.setInt(2, limit);
        StateCounts counts = new StateCounts();
        int promoted = 0;
        try (ResultSet row = promote.executeQuery()) {
            while (row.next()) {
                counts.move(row.getLong("lane"), TaskState.SCHEDULED.number(), TaskState.READY.number());
                promoted++;
            }
        }
        counts.save(sql);
        return promoted;
    }

    static Set<FencingToken> finish(WriteConnection sql, List<AttemptEnd> ends, Instant now) throws SQLException {
        Map<Long, Long> lanes = lanes(sql, ends);
        Set<FencingToken> matched = new LinkedHashSet<>();
        List<AttemptRow> attempts = new ArrayList<>(ends.size());
        List<ResultRow> results = new ArrayList<>(ends.size());
        StateCounts counts = new StateCounts();
        for (AttemptEnd end : ends) {
            // Whoever took the task back has recorded this attempt as lost, so nothing may be written for it here.
            TaskState next = finish(sql, end, now);
            if (next == null) {
                continue;
            }
            matched.add(end.fencingToken());
            long lane = Objects.requireNonNull(lanes.get(end.fencingToken().id().value()));
            counts.move(lane, TaskState.RUNNING.number(), next.number());
            attempts.add(AttemptRow.of(end));
            // A cancelled task has no result. What is retried is kept with its attempt only.
            if (end.next() == TaskState.DONE || end.next() == TaskState.DEAD) {
                results.add(ResultRow.of(end));
            }
        }
        insertAttempts(sql, attempts);
        insertResults(sql, results);
        counts.save(sql);
        return matched;
    }

    private static Map<Long, Long> lanes(WriteConnection sql, List<AttemptEnd> ends) throws SQLException {
        List<Long> ids =
                ends.stream().map(end -> end.fencingToken().id().value()).toList();
        Map<Long, Long> lanes = new HashMap<>();
        for (int from = 0; from < ids.size(); from += WriteConnection.MAX_IDS) {
            PreparedStatement select = sql.prepareForIds(
                    TaskSql::lanes, ids.subList(from, Math.min(ids.size(), from + WriteConnection.MAX_IDS)));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    lanes.put(row.getLong(1), row.getLong(2));
                }
            }
        }
        return lanes;
    }

    /** Returns the state that the task is in now, null when the token no longer matches. */
    private static @Nullable TaskState finish(WriteConnection sql, AttemptEnd end, Instant now) throws SQLException {
        FencingToken fencingToken = end.fencingToken();
        TaskState next = end.next();
        PreparedStatement task = sql.prepare(next == TaskState.HELD ? TaskSql.FINISH_HELD : TaskSql.FINISH);
        task.setInt(1, next.number());
        Columns.setLong(task, 2, next == TaskState.SCHEDULED ? Micros.after(now, end.retryAfter()) : null);
        Columns.setLong(task, 3, next.isTerminal() ? Micros.of(now) : null);
        boolean isSnoozed = end.outcome() == AttemptOutcome.SNOOZED;
        boolean isHandedBack = end.outcome() == AttemptOutcome.HANDED_BACK;
        // A task that was handed back or snoozed, or needs an input, was not at fault, so the attempt is not counted.
        int snoozes = isSnoozed || isHandedBack ? 1 : 0;
        task.setInt(4, end.outcome() == AttemptOutcome.NEEDS_INPUT ? 1 : snoozes);
        task.setInt(5, snoozes);
        task.setInt(6, isSnoozed ? 1 : isHandedBack ? 2 : 0);
        task.setLong(7, Micros.of(now));
        task.setLong(8, fencingToken.id().value());
        task.setLong(9, fencingToken.epoch());
        task.setLong(10, fencingToken.owner());
        if (next != TaskState.HELD) {
            return task.executeUpdate() > 0 ? next : null;
        }
        try (ResultSet row = task.executeQuery()) {
            return row.next() ? TaskState.of(row.getInt("state")) : null;
        }
    }

    static void insertAttempt(WriteConnection sql, AttemptRow attempt) throws SQLException {
        insertAttempts(sql, List.of(attempt));
    }

    /** An ended attempt; the session is empty when only a dead node knew it. */
    record AttemptRow(
            FencingToken fencingToken,
            String session,
            Instant startedAt,
            Instant endedAt,
            AttemptOutcome outcome,
            @Nullable String error) {

        static AttemptRow of(AttemptEnd end) {
            return new AttemptRow(
                    end.fencingToken(),
                    end.session(),
                    end.startedAt(),
                    end.endedAt(),
                    end.outcome(),
                    end.result().error().orElse(null));
        }
    }

    private record CommonAttempt(
            long incarnation,
            String session,
            AttemptOutcome outcome,
            @Nullable String error) {

        static CommonAttempt of(AttemptRow row) {
            return new CommonAttempt(row.fencingToken().owner(), row.session(), row.outcome(), row.error());
        }

        static void bind(PreparedStatement attempt, int first, CommonAttempt common) throws SQLException {
            attempt.setLong(first, common.incarnation());
            attempt.setString(first + 1, common.session());
            attempt.setInt(first + 2, common.outcome().number());
            attempt.setString(first + 3, common.error());
        }
    }

    private static void insertAttempts(WriteConnection sql, List<AttemptRow> attempts) throws SQLException {
        TaskSql.INSERT_ATTEMPTS.insert(sql, attempts, CommonAttempt::of, CommonAttempt::bind, (attempt, first, row) -> {
            attempt.setLong(first, row.fencingToken().id().value());
            attempt.setLong(first + 1, row.fencingToken().epoch());
            attempt.setLong(first + 2, Micros.of(row.startedAt()));
            attempt.setLong(first + 3, Micros.of(row.endedAt()));
        });
    }

    /** How a task ended. */
    private record ResultRow(
            FencingToken fencingToken, @Nullable String output, CommonResult common) {

        static ResultRow of(AttemptEnd end) {
            return new ResultRow(
                    end.fencingToken(),
                    end.result().output().orElse(null),
                    new CommonResult(
                            end.next() == TaskState.DEAD ? end.result().error().orElse(null) : null,
                            end.result().stopReason().map(StopReason::name).orElse(null)));
        }
    }

    private record CommonResult(
            @Nullable String error, @Nullable String stopReason) {

        static void bind(PreparedStatement result, int first, CommonResult common) throws SQLException {
            result.setString(first, common.error());
            result.setString(first + 1, common.stopReason());
        }
    }

    private static void insertResults(WriteConnection sql, List<ResultRow> results) throws SQLException {
        TaskSql.INSERT_RESULTS.insert(sql, results, ResultRow::common, CommonResult::bind, (result, first, row) -> {
            result.setLong(first, row.fencingToken().id().value());
            result.setLong(first + 1, row.fencingToken().epoch());
            result.setString(first + 2, row.output());
        });
    }

    /** Ends a claim whose task cannot be read: no worker can do anything with it. */
    static void endUnreadable(WriteConnection sql, FencingToken fencingToken, Instant now, String error)
            throws SQLException {
        AttemptEnd end = new AttemptEnd(
                fencingToken,
                "",
                now,
                now,
                AttemptOutcome.FAILED,
                TaskState.DEAD,
                Duration.ZERO,
                AttemptResult.error(error));
        finish(sql, List.of(end), now);
    }

    static void cancel(WriteConnection sql, TaskId id, Instant now) throws SQLException {
        // All of it runs in one transaction, so the task cannot be claimed in between.
        PreparedStatement select = sql.prepare(TaskSql.STATE_OF);
        select.setLong(1, id.value());
        TaskState state;
        long lane;
        try (ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                return;
            }
            state = TaskState.of(row.getInt("state"));
            lane = row.getLong("lane");
        }
        if (state == TaskState.RUNNING) {
            PreparedStatement running = sql.prepare(TaskSql.CANCEL_RUNNING);
            running.setLong(1, id.value());
            running.executeUpdate();
        } else if (!state.isTerminal()) {
            PreparedStatement waiting = sql.prepare(TaskSql.CANCEL_WAITING);
            waiting.setLong(1, Micros.of(now));
            waiting.setLong(2, id.value());
            if (waiting.executeUpdate() > 0) {
                StateCounts counts = new StateCounts();
                counts.move(lane, state.number(), TaskState.CANCELLED.number());
                counts.save(sql);
            }
        }
    }

    private record Lost(FencingToken fencingToken, boolean isDead, Instant claimedAt) {}

    static int reap(WriteConnection sql, long incarnation, Instant now, int limit) throws SQLException {
        PreparedStatement reap = sql.prepare(TaskSql.REAP);
        reap.setLong(1, Micros.of(now));
        reap.setLong(2, incarnation);
        reap.setInt(3, limit);
        reap.setLong(4, incarnation);
        List<Lost> lost = new ArrayList<>();
        StateCounts counts = new StateCounts();
        try (ResultSet row = reap.executeQuery()) {
            while (row.next()) {
                counts.move(row.getLong("lane"), TaskState.RUNNING.number(), row.getInt("state"));
                lost.add(new Lost(
                        new FencingToken(new TaskId(row.getLong("id")), row.getLong("epoch"), incarnation),
                        row.getInt("state") == TaskState.DEAD.number(),
                        Micros.instant(row.getLong("claimed_at"))));
            }
        }
        counts.save(sql);
        List<AttemptRow> attempts = new ArrayList<>();
        List<ResultRow> results = new ArrayList<>();
        for (Lost task : lost) {
            // The session is unknown: only the dead node knew which one ran the task.
            attempts.add(new AttemptRow(
                    task.fencingToken(), "", task.claimedAt(), now, AttemptOutcome.LOST, "the node died"));
            if (task.isDead()) {
                String error = "its node died " + TaskStore.MAX_CRASHES + " times, expected fewer than "
                        + TaskStore.MAX_CRASHES;
                results.add(new ResultRow(task.fencingToken(), null, new CommonResult(error, null)));
            }
        }
        insertAttempts(sql, attempts);
        insertResults(sql, results);
        return lost.size();
    }
}
