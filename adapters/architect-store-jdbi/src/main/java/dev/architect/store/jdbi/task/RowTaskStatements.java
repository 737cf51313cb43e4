package dev.architect.store.jdbi.task;

import dev.architect.store.jdbi.Columns;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.StoredText;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.task.FencingToken;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The changes row by row, for a database in the process: a statement costs no more than its work there. Where several transactions write
 * at a time, they are not enough.
 */
public final class RowTaskStatements implements TaskStatements {

    /** Creates the statements. */
    public RowTaskStatements() {}

    /** The place of a ready task in the order of service. */
    private record Place(long sortKey, long id, long lane) {}

    @Override
    public void insert(WriteConnection sql, List<NewTask> tasks, Instant now) throws SQLException {
        StateCounts counts = new StateCounts();
        tasks.forEach(task -> counts.add(task.lane(), task.state().number(), 1));
        TaskSql.INSERT_TASKS.insert(sql, tasks, (statement, first, task) -> bindTask(statement, first, task, now));
        TaskSql.INSERT_BODIES.insert(sql, tasks, RowTaskStatements::bindBody);
        counts.save(sql);
    }

    private static void bindTask(PreparedStatement task, int first, NewTask row, Instant now) throws SQLException {
        task.setLong(first, row.id().value());
        task.setLong(first + 1, 0);
        task.setLong(first + 2, row.sortKey(now));
        Columns.setLong(task, first + 3, row.dueAt(now));
        task.setLong(first + 4, Micros.of(now));
        task.setInt(first + 5, row.state().number());
        task.setInt(first + 6, row.request().priority().level());
        task.setInt(first + 7, row.flags());
        task.setInt(first + 8, 0);
        task.setInt(first + 9, row.request().maxAttempts());
        task.setInt(first + 10, 0);
        task.setInt(first + 11, 0);
        task.setLong(first + 12, row.lane());
        task.setLong(first + 13, row.project());
    }

    private static void bindBody(PreparedStatement body, int first, NewTask row) throws SQLException {
        TaskRequest request = row.request();
        body.setLong(first, row.id().value());
        body.setString(first + 1, StoredText.encode(request.payload()));
        body.setString(first + 2, Columns.write(request.attributes()));
        Columns.bindAttribution(body, first + 3, request.attribution());
        body.setLong(first + 5, Micros.of(request.timeout()));
        body.setLong(first + 6, Micros.of(request.delay()));
    }

    @Override
    public List<ClaimedRow> claim(WriteConnection sql, ClaimLanes lanes, Instant now) throws SQLException {
        List<ClaimedRow> claimed = new ArrayList<>();
        ClaimLanes left = lanes.takesSuspect() ? claimSuspect(sql, lanes, now, claimed) : lanes;
        for (Map.Entry<Long, Integer> share : shares(sql, left).entrySet()) {
            claim(sql, TaskSql.CLAIM, left, share.getKey(), share.getValue(), now, claimed);
        }
        StateCounts counts = new StateCounts();
        claimed.forEach(row -> counts.move(row.lane(), TaskState.READY.number(), TaskState.RUNNING.number()));
        counts.save(sql);
        return withBodies(sql, claimed);
    }

    /** Claims one suspect, if there is any, and returns what is left for others. */
    private static ClaimLanes claimSuspect(WriteConnection sql, ClaimLanes lanes, Instant now, List<ClaimedRow> into)
            throws SQLException {
        for (long lane : lanes.quotas().keySet()) {
            claim(sql, TaskSql.CLAIM_SUSPECT, lanes, lane, 1, now, into);
            if (!into.isEmpty()) {
                return lanes.without(lane);
            }
        }
        return lanes;
    }

    /** How many tasks of each lane are next in the order over all requested lanes. */
    private static Map<Long, Integer> shares(WriteConnection sql, ClaimLanes lanes) throws SQLException {
        // With one lane its own order is the whole order.
        if (lanes.quotas().size() < 2) {
            return shareOfOne(lanes);
        }
        List<Place> next = new ArrayList<>();
        for (Map.Entry<Long, Integer> quota : lanes.quotas().entrySet()) {
            readNext(sql, quota.getKey(), quota.getValue(), next);
        }
        next.sort(Comparator.comparingLong(Place::sortKey).thenComparingLong(Place::id));
        Map<Long, Integer> shares = new TreeMap<>();
        next.stream().limit(lanes.limit()).forEach(place -> shares.merge(place.lane(), 1, Integer::sum));
        return shares;
    }

    private static Map<Long, Integer> shareOfOne(ClaimLanes lanes) {
        Map<Long, Integer> share = new TreeMap<>();
        lanes.quotas().forEach((lane, quota) -> share.put(lane, Math.min(quota, lanes.limit())));
        share.values().removeIf(limit -> limit == 0);
        return share;
    }

    private static void readNext(WriteConnection sql, long lane, int limit, List<Place> into) throws SQLException {
        PreparedStatement select = sql.prepare(TaskSql.NEXT_OF_LANE);
        select.setLong(1, lane);
        select.setInt(2, limit);
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                into.add(new Place(row.getLong("sort_key"), row.getLong("id"), lane));
            }
        }
    }

    private static void claim(
            WriteConnection sql,
            String statement,
            ClaimLanes lanes,
            long lane,
            int limit,
            Instant now,
            List<ClaimedRow> into)
            throws SQLException {
        PreparedStatement claim = sql.prepare(statement);
        claim.setLong(1, lanes.incarnation());
        claim.setLong(2, Micros.of(now));
        claim.setLong(3, lane);
        claim.setInt(4, limit);
        // Bound again for the EXISTS condition: a node that was declared dead must not get new tasks.
        claim.setLong(5, lanes.incarnation());
        try (ResultSet row = claim.executeQuery()) {
            while (row.next()) {
                into.add(ClaimedRow.read(row, lanes.incarnation(), now));
            }
        }
    }

    private static List<ClaimedRow> withBodies(WriteConnection sql, List<ClaimedRow> claimed) throws SQLException {
        Map<Long, TaskBody> bodies = new HashMap<>();
        for (int from = 0; from < claimed.size(); from += WriteConnection.MAX_IDS) {
            PreparedStatement select = sql.prepareForIds(
                    TaskSql.BODIES,
                    claimed.subList(from, Math.min(claimed.size(), from + WriteConnection.MAX_IDS)).stream()
                            .map(row -> row.fencingToken().id().value())
                            .toList());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    TaskBody body = TaskBody.read(row);
                    if (body != null) {
                        bodies.put(row.getLong("id"), body);
                    }
                }
            }
        }
        return claimed.stream()
                .map(row -> row.with(bodies.get(row.fencingToken().id().value())))
                .toList();
    }

    @Override
    public Set<FencingToken> finish(WriteConnection sql, List<EndRow> ends, Instant now) throws SQLException {
        Map<Long, Long> lanes = lanes(sql, ends);
        List<EndRow> matched = new ArrayList<>(ends.size());
        StateCounts counts = new StateCounts();
        for (EndRow end : ends) {
            // Whoever took the task back has recorded this attempt as lost, so nothing may be written for it here.
            TaskState next = finish(sql, end);
            if (next == null) {
                continue;
            }
            matched.add(end);
            long lane = Objects.requireNonNull(lanes.get(end.fencingToken().id().value()));
            counts.move(lane, TaskState.RUNNING.number(), next.number());
        }
        TaskSql.INSERT_ATTEMPTS.insert(
                sql, matched.stream().map(TaskWrites.AttemptRow::of).toList(), TaskWrites::bindAttempt);
        TaskSql.INSERT_RESULTS.insert(
                sql,
                matched.stream()
                        .filter(EndRow::hasResult)
                        .map(TaskWrites.ResultRow::of)
                        .toList(),
                TaskWrites::bindResult);
        counts.save(sql);
        Set<FencingToken> tokens = new LinkedHashSet<>();
        matched.forEach(end -> tokens.add(end.fencingToken()));
        return tokens;
    }

    private static Map<Long, Long> lanes(WriteConnection sql, List<EndRow> ends) throws SQLException {
        List<Long> ids =
                ends.stream().map(end -> end.fencingToken().id().value()).toList();
        Map<Long, Long> lanes = new HashMap<>();
        for (int from = 0; from < ids.size(); from += WriteConnection.MAX_IDS) {
            PreparedStatement select = sql.prepareForIds(
                    TaskSql.LANES, ids.subList(from, Math.min(ids.size(), from + WriteConnection.MAX_IDS)));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    lanes.put(row.getLong(1), row.getLong(2));
                }
            }
        }
        return lanes;
    }

    /** Returns the state that the task is in now, null when the token no longer matches. */
    private static @Nullable TaskState finish(WriteConnection sql, EndRow end) throws SQLException {
        FencingToken fencingToken = end.fencingToken();
        TaskState next = end.state();
        PreparedStatement task = sql.prepare(next == TaskState.HELD ? TaskSql.FINISH_HELD : TaskSql.FINISH);
        task.setInt(1, next.number());
        Columns.setLong(task, 2, end.dueAt());
        Columns.setLong(task, 3, end.doneAt());
        task.setInt(4, end.triesBack());
        task.setInt(5, end.snoozes());
        task.setInt(6, end.firstSnooze().ordinal());
        task.setLong(7, Micros.of(end.now()));
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
}
