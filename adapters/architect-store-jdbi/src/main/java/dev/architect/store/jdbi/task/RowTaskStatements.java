package dev.architect.store.jdbi.task;

import dev.architect.attempt.AttemptBasis;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.FencingToken;
import dev.architect.change.ChangeTopic;
import dev.architect.project.Attribution;
import dev.architect.store.jdbi.Columns;
import dev.architect.store.jdbi.GroupedInsert;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.StoredText;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The changes row by row, for a database in the process: a statement costs no more than its work there. Where several transactions write
 * at a time, they are not enough.
 */
public final class RowTaskStatements implements TaskStatements {

    private static final GroupedInsert INSERT_TASKS = new GroupedInsert(
            "task (sort_key, due_at, created_at, state, level, flags, max_attempts, lane, project, id, epoch, attempt,"
                    + " crashes, snoozes)",
            9,
            1,
            ", 0, 0, 0, 0");

    private static final GroupedInsert INSERT_BODIES =
            new GroupedInsert("task_body (attributes, user_id, tags, timeout, delay, options, id, payload)", 6, 2, "");

    private static final GroupedInsert INSERT_ATTEMPTS = new GroupedInsert(
            "task_attempt (incarnation, session, outcome, error, basis, task_id, epoch, started_at, ended_at)",
            5,
            4,
            "");

    private static final GroupedInsert INSERT_RESULTS =
            new GroupedInsert("task_result (error, stop_reason, id, epoch, output)", 2, 3, "");

    /** Creates the statements. */
    public RowTaskStatements() {}

    /** The place of a ready task in the order of service. */
    private record Place(long sortKey, long id, long lane) {}

    @Override
    public void insert(WriteConnection sql, List<NewTask> tasks, Instant now) throws SQLException {
        ShardGate.requireServed(sql, tasks);
        StateCounts counts = new StateCounts();
        for (NewTask task : tasks) {
            counts.add(task.lane(), task.state().number(), 1);
            sql.changed(ChangeTopic.TASK, task.id().value());
        }
        INSERT_TASKS.insert(
                sql,
                tasks,
                CommonTask::of,
                (statement, first, task) -> bindCommon(statement, first, task, now),
                (statement, first, task) -> statement.setLong(first, task.id().value()));
        INSERT_BODIES.insert(
                sql, tasks, CommonBody::of, RowTaskStatements::bindCommonBody, (statement, first, task) -> {
                    statement.setLong(first, task.id().value());
                    statement.setString(
                            first + 1, StoredText.encode(task.request().payload()));
                });
        counts.save(sql);
    }

    /** What tasks that are submitted together often have in common. */
    private record CommonTask(
            Duration delay, TaskState state, int level, int maxAttempts, int flags, long lane, long project) {

        static CommonTask of(NewTask task) {
            TaskRequest request = task.request();
            return new CommonTask(
                    request.delay(),
                    task.state(),
                    request.priority().level(),
                    request.maxAttempts(),
                    task.flags(),
                    task.lane(),
                    task.project());
        }
    }

    private static void bindCommon(PreparedStatement task, int first, NewTask row, Instant now) throws SQLException {
        task.setLong(first, row.sortKey(now));
        Columns.setLong(task, first + 1, row.dueAt(now));
        task.setLong(first + 2, Micros.of(now));
        task.setInt(first + 3, row.state().number());
        task.setInt(first + 4, row.request().priority().level());
        task.setInt(first + 5, row.flags());
        task.setInt(first + 6, row.request().maxAttempts());
        task.setLong(first + 7, row.lane());
        task.setLong(first + 8, row.project());
    }

    private record CommonBody(
            Map<String, String> attributes,
            Attribution attribution,
            Duration timeout,
            Duration delay,
            TaskOptions options) {

        static CommonBody of(NewTask task) {
            TaskRequest request = task.request();
            return new CommonBody(
                    request.attributes(), request.attribution(), request.timeout(), request.delay(), request.options());
        }
    }

    private static void bindCommonBody(PreparedStatement body, int first, NewTask row) throws SQLException {
        TaskRequest request = row.request();
        body.setString(first, Columns.write(request.attributes()));
        Columns.bindAttribution(body, first + 1, request.attribution());
        body.setLong(first + 3, Micros.of(request.timeout()));
        body.setLong(first + 4, Micros.of(request.delay()));
        body.setString(first + 5, Columns.write(request.options()));
    }

    @Override
    public Optional<List<ClaimedRow>> claim(WriteConnection sql, ClaimLanes lanes, Instant now) throws SQLException {
        try (ResultSet row = sql.prepare(TaskSql.LANE_VERSION).executeQuery()) {
            if (!row.next() || row.getLong(1) != lanes.version()) {
                return Optional.empty();
            }
        }
        List<ClaimedRow> claimed = new ArrayList<>();
        ClaimLanes left = lanes.takesSuspect() ? claimSuspect(sql, lanes, now, claimed) : lanes;
        for (Map.Entry<Long, Integer> share : shares(sql, left, now).entrySet()) {
            claim(sql, false, left, share.getKey(), share.getValue(), now, claimed);
        }
        StateCounts counts = new StateCounts();
        for (ClaimedRow row : claimed) {
            counts.move(row.lane(), TaskState.READY.number(), TaskState.RUNNING.number());
            sql.changed(ChangeTopic.TASK, row.fencingToken().id().value());
        }
        counts.save(sql);
        return Optional.of(ClaimedRow.withBodies(sql, claimed));
    }

    /** Claims one suspect, if there is any, and returns what is left for others. */
    private static ClaimLanes claimSuspect(WriteConnection sql, ClaimLanes lanes, Instant now, List<ClaimedRow> into)
            throws SQLException {
        for (long lane : lanes.quotas().keySet()) {
            claim(sql, true, lanes, lane, 1, now, into);
            if (!into.isEmpty()) {
                return lanes.without(lane);
            }
        }
        return lanes;
    }

    /** How many tasks of each lane are next in the order over all requested lanes. */
    private static Map<Long, Integer> shares(WriteConnection sql, ClaimLanes lanes, Instant now) throws SQLException {
        // With one lane its own order is the whole order; and where each has a limit of its own, none comes in
        // another's way.
        if (lanes.quotas().size() < 2 || areAlone(lanes)) {
            return shareOfOne(lanes);
        }
        List<Place> next = new ArrayList<>();
        for (Map.Entry<Long, Integer> quota : lanes.quotas().entrySet()) {
            int limit = Math.min(quota.getValue(), lanes.limitOf(quota.getKey()));
            readNext(sql, quota.getKey(), limit, lanes.withheld().get(quota.getKey()), now, next);
        }
        next.sort(Comparator.comparingLong(Place::sortKey).thenComparingLong(Place::id));
        Map<Long, Integer> shares = new TreeMap<>();
        int[] left = lanes.shareLimits().stream().mapToInt(Integer::intValue).toArray();
        int all = lanes.limit();
        for (Place place : next) {
            int share = lanes.shares().getOrDefault(place.lane(), 0);
            if (all > 0 && left[share] > 0) {
                left[share]--;
                all--;
                shares.merge(place.lane(), 1, Integer::sum);
            }
        }
        return shares;
    }

    private static Map<Long, Integer> shareOfOne(ClaimLanes lanes) {
        Map<Long, Integer> share = new TreeMap<>();
        lanes.quotas()
                .forEach((lane, quota) ->
                        share.put(lane, Math.min(Math.min(quota, lanes.limitOf(lane)), lanes.limit())));
        share.values().removeIf(limit -> limit < 1);
        return share;
    }

    private static boolean areAlone(ClaimLanes lanes) {
        return lanes.quotas().size() == lanes.shareLimits().size()
                && lanes.shareLimits().stream().mapToInt(Integer::intValue).sum() <= lanes.limit();
    }

    private static void readNext(
            WriteConnection sql, long lane, int limit, @Nullable Long withheld, Instant now, List<Place> into)
            throws SQLException {
        PreparedStatement select =
                sql.prepare(withheld == null ? TaskSql.NEXT_OF_LANE : TaskSql.NEXT_OF_LANE_NOT_WITHHELD);
        select.setLong(1, lane);
        select.setInt(bindWithheld(select, 2, withheld, now), limit);
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                into.add(new Place(row.getLong("sort_key"), row.getLong("id"), lane));
            }
        }
    }

    private static void claim(
            WriteConnection sql,
            boolean isSuspect,
            ClaimLanes lanes,
            long lane,
            int limit,
            Instant now,
            List<ClaimedRow> into)
            throws SQLException {
        Long withheld = lanes.withheld().get(lane);
        PreparedStatement claim = sql.prepare(
                withheld == null
                        ? isSuspect ? TaskSql.CLAIM_SUSPECT : TaskSql.CLAIM
                        : isSuspect ? TaskSql.CLAIM_SUSPECT_NOT_WITHHELD : TaskSql.CLAIM_NOT_WITHHELD);
        claim.setLong(1, lanes.incarnation());
        claim.setLong(2, Micros.of(now));
        claim.setLong(3, lane);
        claim.setLong(4, Micros.of(now));
        int next = bindWithheld(claim, 5, withheld, now);
        claim.setInt(next, limit);
        // Bound again for the EXISTS condition: a node that was declared dead must not get new tasks.
        claim.setLong(next + 1, lanes.incarnation());
        try (ResultSet row = claim.executeQuery()) {
            while (row.next()) {
                into.add(ClaimedRow.read(row, lanes.incarnation(), now));
            }
        }
    }

    /** Binds what a statement for withheld tasks has more than another one, and returns the next parameter. */
    private static int bindWithheld(PreparedStatement statement, int first, @Nullable Long withheld, Instant now)
            throws SQLException {
        if (withheld == null) {
            return first;
        }
        statement.setLong(first, withheld);
        statement.setLong(first + 1, ClaimLanes.readySince(now));
        return first + 2;
    }

    @Override
    public Set<FencingToken> finish(WriteConnection sql, List<EndRow> ends, Instant now, LimitKeys keys)
            throws SQLException {
        List<EndRow> matched = new ArrayList<>(ends.size());
        StateCounts counts = new StateCounts();
        for (List<EndRow> alike : GroupedInsert.groups(ends, CommonEnd::of)) {
            for (int from = 0; from < alike.size(); from += WriteConnection.MAX_IDS) {
                List<EndRow> part = alike.subList(from, Math.min(alike.size(), from + WriteConnection.MAX_IDS));
                // When a task was taken back, its attempt was recorded as lost, so nothing may be written for it here.
                finishAlike(sql, part, counts, keys, matched);
            }
        }
        insertEnds(sql, matched);
        counts.save(sql);
        Set<FencingToken> tokens = new LinkedHashSet<>();
        matched.forEach(end -> tokens.add(end.fencingToken()));
        return tokens;
    }

    /** What ends of attempts that are recorded together often have in common. */
    private record CommonEnd(
            TaskState state,
            @Nullable Long dueAt,
            @Nullable Long doneAt,
            int triesBack,
            int snoozes,
            EndRow.FirstSnooze firstSnooze,
            Instant now,
            long epoch,
            long owner) {

        static CommonEnd of(EndRow end) {
            return new CommonEnd(
                    end.state(),
                    end.dueAt(),
                    end.doneAt(),
                    end.triesBack(),
                    end.snoozes(),
                    end.firstSnooze(),
                    end.now(),
                    end.fencingToken().epoch(),
                    end.fencingToken().owner());
        }
    }

    private static void finishAlike(
            WriteConnection sql, List<EndRow> ends, StateCounts counts, LimitKeys keys, List<EndRow> matched)
            throws SQLException {
        Map<Long, EndRow> byId = new HashMap<>();
        for (EndRow end : ends) {
            byId.putIfAbsent(end.fencingToken().id().value(), end);
        }
        CommonEnd common = CommonEnd.of(ends.get(0));
        PreparedStatement tasks = sql.prepare(
                common.state() == TaskState.HELD
                        ? TaskSql.finishHeld(sql.dialect(), byId.size())
                        : TaskSql.finish(sql.dialect(), byId.size()));
        tasks.setInt(1, common.state().number());
        Columns.setLong(tasks, 2, common.dueAt());
        Columns.setLong(tasks, 3, common.doneAt());
        tasks.setInt(4, common.triesBack());
        tasks.setInt(5, common.snoozes());
        tasks.setInt(6, common.firstSnooze().ordinal());
        tasks.setLong(7, Micros.of(common.now()));
        tasks.setInt(8, common.firstSnooze().ordinal());
        tasks.setLong(9, common.epoch());
        tasks.setLong(10, common.owner());
        sql.dialect().bindIds(tasks, 11, List.copyOf(byId.keySet()));
        try (ResultSet row = tasks.executeQuery()) {
            while (row.next()) {
                long id = row.getLong("id");
                int state = row.getInt("state");
                matched.add(Objects.requireNonNull(byId.get(id)));
                counts.move(row.getLong("lane"), TaskState.RUNNING.number(), state);
                keys.add(row);
                keys.ended(id, state, row.getInt("flags"));
                sql.changed(ChangeTopic.TASK, id);
            }
        }
    }

    private static void insertEnds(WriteConnection sql, List<EndRow> ends) throws SQLException {
        // Nearly all share a few, which are written once.
        Map<AttemptBasis, String> texts = new HashMap<>();
        INSERT_ATTEMPTS.insert(
                sql,
                ends,
                CommonAttempt::of,
                (attempt, first, row) -> bindCommonAttempt(attempt, first, row, texts),
                (attempt, first, row) -> {
                    attempt.setLong(first, row.fencingToken().id().value());
                    attempt.setLong(first + 1, row.fencingToken().epoch());
                    attempt.setLong(first + 2, Micros.of(row.end().startedAt()));
                    attempt.setLong(first + 3, Micros.of(row.end().endedAt()));
                });
        INSERT_RESULTS.insert(
                sql,
                ends.stream().filter(EndRow::hasResult).toList(),
                CommonResult::of,
                RowTaskStatements::bindCommonResult,
                (result, first, row) -> {
                    result.setLong(first, row.fencingToken().id().value());
                    result.setLong(first + 1, row.fencingToken().epoch());
                    result.setString(first + 2, row.output());
                });
    }

    /** What ends that are recorded together often have in common. */
    private record CommonAttempt(
            long owner,
            String session,
            AttemptOutcome outcome,
            @Nullable String error,
            Optional<AttemptBasis> basis) {

        static CommonAttempt of(EndRow row) {
            return new CommonAttempt(
                    row.fencingToken().owner(),
                    row.end().session(),
                    row.end().outcome(),
                    row.error(),
                    row.end().basis());
        }
    }

    private static void bindCommonAttempt(
            PreparedStatement attempt, int first, EndRow row, Map<AttemptBasis, String> texts) throws SQLException {
        attempt.setLong(first, row.fencingToken().owner());
        attempt.setString(first + 1, row.end().session());
        attempt.setInt(first + 2, row.end().outcome().number());
        attempt.setString(first + 3, row.error());
        AttemptBasis basis = row.end().basis().orElse(null);
        attempt.setString(
                first + 4,
                basis == null ? null : texts.computeIfAbsent(basis, each -> Objects.requireNonNull(row.basis())));
    }

    private record CommonResult(
            @Nullable String error, @Nullable String stopReason) {

        static CommonResult of(EndRow row) {
            return new CommonResult(row.resultError(), row.stopReason());
        }
    }

    private static void bindCommonResult(PreparedStatement result, int first, EndRow row) throws SQLException {
        result.setString(first, row.resultError());
        result.setString(first + 1, row.stopReason());
    }
}
