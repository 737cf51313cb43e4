package dev.architect.store.jdbi;

import dev.architect.spi.TaskStore;
import dev.architect.task.ClaimedTask;
import dev.architect.task.FencingToken;
import dev.architect.task.Priority;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Claims ready tasks: one statement for the batch, then the body of each. */
final class TaskClaims {

    private static final long AGING = Micros.of(TaskStore.AGING);
    private static final Comparator<Claim> SERVING_ORDER = Comparator.comparingLong(Claim::sortKey)
            .thenComparing(claim -> claim.fencingToken().id());

    private TaskClaims() {}

    /** A claimed row of the task table. */
    private record Claim(
            FencingToken fencingToken,
            long sortKey,
            int level,
            int attempt,
            int flags,
            int maxAttempts,
            String type,
            String project) {}

    static List<ClaimedTask> claim(WriteConnection sql, long incarnation, int limit, Instant now) throws SQLException {
        PreparedStatement claim = sql.prepare(TaskSql.CLAIM);
        claim.setLong(1, incarnation);
        claim.setLong(2, Micros.of(now));
        claim.setInt(3, limit);
        // Bound again for the EXISTS condition: a node that was declared dead must not get new tasks.
        claim.setLong(4, incarnation);
        List<Claim> claims = new ArrayList<>();
        try (ResultSet row = claim.executeQuery()) {
            while (row.next()) {
                claims.add(read(row, incarnation));
            }
        }
        // RETURNING promises no order, whatever the order of the subquery.
        claims.sort(SERVING_ORDER);
        List<ClaimedTask> tasks = new ArrayList<>(claims.size());
        for (Claim each : claims) {
            tasks.add(withBody(sql, each, now));
        }
        return tasks;
    }

    private static Claim read(ResultSet row, long incarnation) throws SQLException {
        return new Claim(
                new FencingToken(new TaskId(row.getLong("id")), row.getLong("epoch"), incarnation),
                row.getLong("sort_key"),
                row.getInt("level"),
                row.getInt("attempt"),
                row.getInt("flags"),
                row.getInt("max_attempts"),
                row.getString("type"),
                row.getString("project"));
    }

    private static ClaimedTask withBody(WriteConnection sql, Claim claim, Instant now) throws SQLException {
        PreparedStatement select = sql.prepare(TaskSql.SELECT_BODY);
        select.setLong(1, claim.fencingToken().id().value());
        try (ResultSet body = select.executeQuery()) {
            if (!body.next()) {
                throw new SQLException("task " + claim.fencingToken().id() + " has no row in task_body, expected one");
            }
            TaskRequest request = new TaskRequest(
                    claim.type(),
                    body.getString("payload"),
                    JsonColumns.read(body.getString("attributes")),
                    new Priority(claim.level()),
                    JsonColumns.attribution(claim.project(), body),
                    Micros.duration(body.getLong("timeout")),
                    claim.maxAttempts(),
                    Micros.duration(body.getLong("delay")));
            // The sort key is when the task became ready plus its
            // priority, so the wait is found without a column of its own.
            long waited = Micros.of(now) - (claim.sortKey() - claim.level() * AGING);
            return new ClaimedTask(
                    claim.fencingToken(),
                    request,
                    claim.attempt(),
                    (claim.flags() & TaskRow.CANCEL_ASKED) != 0,
                    // Negative when the wall clock was set back since the task became ready.
                    waited > 0 ? Micros.duration(waited) : Duration.ZERO);
        }
    }
}
