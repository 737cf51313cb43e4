package dev.architect.store.jdbi;

import dev.architect.model.StopReason;
import dev.architect.spi.TaskStore;
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
        List<TaskId> ids = new ArrayList<>(tasks.requests().size());
        StateCounts counts = new StateCounts();
        for (TaskRequest request : tasks.requests()) {
            TaskId id = TaskId.of(
                    tasks.firstNumber() + ids.size(),
                    0,
                    request.attribution().project().shard());
            insert(sql, id, request, tasks, now, counts, 0);
            ids.add(id);
        }
        counts.save(sql);
        return ids;
    }

    /** As {@link #submit}; {@code submissions} are those of the tasks, {@code hashes} of their requests where they have a key. */
    static List<AcceptedTask> submitOnce(
            WriteConnection sql, NewTasks tasks, List<TaskSubmission> submissions, List<String> hashes, Instant now)
            throws SQLException {
        List<AcceptedTask> accepted = new ArrayList<>(submissions.size());
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
                insert(sql, id, request, tasks, now, counts, submission.key().isPresent() ? TaskRow.HAS_KEY : 0);
            }
            accepted.add(new AcceptedTask(earlier.orElse(id), earlier.isEmpty()));
        }
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

    private static void insert(
            WriteConnection sql,
            TaskId id,
            TaskRequest request,
            NewTasks tasks,
            Instant now,
            StateCounts counts,
            int flags)
            throws SQLException {
        int level = request.priority().level();
        boolean isDelayed = !request.delay().isZero();
        long lane = Objects.requireNonNull(tasks.lanes().get(request.type()));
        TaskState state = isDelayed ? TaskState.SCHEDULED : TaskState.READY;
        PreparedStatement task = sql.prepare(TaskSql.INSERT_TASK);
        task.setLong(1, id.value());
        // Each level costs one step of aging, so a task of low priority overtakes younger ones and never starves.
        task.setLong(2, Micros.of(now) + level * AGING);
        NullableColumns.setLong(task, 3, isDelayed ? Micros.after(now, request.delay()) : null);
        task.setLong(4, Micros.of(now));
        task.setInt(5, state.number());
        task.setInt(6, level);
        task.setInt(7, flags);
        task.setInt(8, request.maxAttempts());
        task.setLong(9, lane);
        task.setLong(10, tasks.project(request));
        task.executeUpdate();
        PreparedStatement body = sql.prepare(TaskSql.INSERT_BODY);
        body.setLong(1, id.value());
        body.setString(2, request.payload());
        body.setString(3, JsonColumns.write(request.attributes()));
        JsonColumns.bindAttribution(body, 4, request.attribution());
        body.setLong(6, Micros.of(request.timeout()));
        body.setLong(7, Micros.of(request.delay()));
        body.executeUpdate();
        counts.add(lane, state.number(), 1);
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
        Set<FencingToken> matched = new LinkedHashSet<>();
        StateCounts counts = new StateCounts();
        for (AttemptEnd end : ends) {
            if (finish(sql, end, now, counts)) {
                matched.add(end.fencingToken());
            }
        }
        counts.save(sql);
        return matched;
    }

    private static boolean finish(WriteConnection sql, AttemptEnd end, Instant now, StateCounts counts)
            throws SQLException {
        FencingToken fencingToken = end.fencingToken();
        TaskState next = end.next();
        PreparedStatement task = sql.prepare(next == TaskState.HELD ? TaskSql.FINISH_HELD : TaskSql.FINISH);
        task.setInt(1, next.number());
        NullableColumns.setLong(task, 2, next == TaskState.SCHEDULED ? Micros.after(now, end.retryAfter()) : null);
        NullableColumns.setLong(task, 3, next.isTerminal() ? Micros.of(now) : null);
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
        try (ResultSet row = task.executeQuery()) {
            // Whoever took the task back has recorded this attempt as lost, so nothing may be written for it here.
            if (!row.next()) {
                return false;
            }
            counts.move(row.getLong("lane"), TaskState.RUNNING.number(), row.getInt("state"));
        }
        insertAttempt(
                sql,
                fencingToken,
                end.session(),
                end.startedAt(),
                end.endedAt(),
                end.outcome(),
                end.result().error().orElse(null));
        // A cancelled task has no result. What is retried is kept with its attempt only.
        if (next == TaskState.DONE || next == TaskState.DEAD) {
            insertResult(
                    sql,
                    fencingToken,
                    end.result().output().orElse(null),
                    next == TaskState.DEAD ? end.result().error().orElse(null) : null,
                    end.result().stopReason().map(StopReason::name).orElse(null));
        }
        return true;
    }

    static void insertAttempt(
            WriteConnection sql,
            FencingToken fencingToken,
            String session,
            Instant startedAt,
            Instant endedAt,
            AttemptOutcome outcome,
            @Nullable String error)
            throws SQLException {
        PreparedStatement attempt = sql.prepare(TaskSql.INSERT_ATTEMPT);
        attempt.setLong(1, fencingToken.id().value());
        attempt.setLong(2, fencingToken.epoch());
        attempt.setLong(3, fencingToken.owner());
        attempt.setString(4, session);
        attempt.setLong(5, Micros.of(startedAt));
        attempt.setLong(6, Micros.of(endedAt));
        attempt.setInt(7, outcome.number());
        attempt.setString(8, error);
        attempt.executeUpdate();
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

    private static void insertResult(
            WriteConnection sql,
            FencingToken fencingToken,
            @Nullable String output,
            @Nullable String error,
            @Nullable String stopReason)
            throws SQLException {
        PreparedStatement result = sql.prepare(TaskSql.INSERT_RESULT);
        result.setLong(1, fencingToken.id().value());
        result.setLong(2, fencingToken.epoch());
        result.setString(3, output);
        result.setString(4, error);
        result.setString(5, stopReason);
        result.executeUpdate();
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
        for (Lost task : lost) {
            // The session is unknown: only the dead node knew which one ran the task.
            insertAttempt(sql, task.fencingToken(), "", task.claimedAt(), now, AttemptOutcome.LOST, "the node died");
            if (task.isDead()) {
                String error = "its node died " + TaskStore.MAX_CRASHES + " times, expected fewer than "
                        + TaskStore.MAX_CRASHES;
                insertResult(sql, task.fencingToken(), null, error, null);
            }
        }
        return lost.size();
    }
}
