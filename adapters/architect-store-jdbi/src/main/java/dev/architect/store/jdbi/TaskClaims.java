package dev.architect.store.jdbi;

import dev.architect.spi.TaskStore;
import dev.architect.task.ClaimHistory;
import dev.architect.task.ClaimRequest;
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
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Claims ready tasks: one statement for each type, then the body of each task. */
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
            String project,
            ClaimHistory history) {}

    /** The place of a ready task in the order of service. */
    private record Place(long sortKey, long id, String type) {}

    static List<ClaimedTask> claim(WriteConnection sql, ClaimRequest request, Instant now) throws SQLException {
        List<Claim> claims = new ArrayList<>();
        for (Map.Entry<String, Integer> share : shares(sql, request).entrySet()) {
            claim(sql, request.incarnation(), share.getKey(), share.getValue(), now, claims);
        }
        // RETURNING promises no order, whatever the order of the subquery.
        claims.sort(SERVING_ORDER);
        List<ClaimedTask> tasks = new ArrayList<>(claims.size());
        for (Claim each : claims) {
            withBody(sql, each, now).ifPresent(tasks::add);
        }
        return tasks;
    }

    /** How many tasks of each type are next in the order over all requested types. */
    private static Map<String, Integer> shares(WriteConnection sql, ClaimRequest request) throws SQLException {
        Map<String, Integer> open = new TreeMap<>();
        request.quotas().forEach((type, quota) -> {
            if (quota > 0) {
                open.put(type, Math.min(quota, request.limit()));
            }
        });
        // With one type its own order is the whole order.
        if (open.size() < 2) {
            return open;
        }
        List<Place> next = new ArrayList<>();
        for (Map.Entry<String, Integer> quota : open.entrySet()) {
            readNext(sql, quota.getKey(), quota.getValue(), next);
        }
        next.sort(Comparator.comparingLong(Place::sortKey).thenComparingLong(Place::id));
        Map<String, Integer> shares = new TreeMap<>();
        next.stream().limit(request.limit()).forEach(place -> shares.merge(place.type(), 1, Integer::sum));
        return shares;
    }

    private static void readNext(WriteConnection sql, String type, int limit, List<Place> into) throws SQLException {
        PreparedStatement select = sql.prepare(TaskSql.NEXT_OF_TYPE);
        select.setString(1, type);
        select.setInt(2, limit);
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                into.add(new Place(row.getLong("sort_key"), row.getLong("id"), type));
            }
        }
    }

    private static void claim(
            WriteConnection sql, long incarnation, String type, int limit, Instant now, List<Claim> into)
            throws SQLException {
        PreparedStatement claim = sql.prepare(TaskSql.CLAIM);
        claim.setLong(1, incarnation);
        claim.setLong(2, Micros.of(now));
        claim.setString(3, type);
        claim.setInt(4, limit);
        // Bound again for the EXISTS condition: a node that was declared dead must not get new tasks.
        claim.setLong(5, incarnation);
        try (ResultSet row = claim.executeQuery()) {
            while (row.next()) {
                into.add(read(row, incarnation, now));
            }
        }
    }

    private static Claim read(ResultSet row, long incarnation, Instant now) throws SQLException {
        long epoch = row.getLong("epoch");
        int attempt = row.getInt("attempt");
        int crashes = row.getInt("crashes");
        Long snoozedAt = NullableColumns.longOrNull(row, "snoozed_at");
        return new Claim(
                new FencingToken(new TaskId(row.getLong("id")), epoch, incarnation),
                row.getLong("sort_key"),
                row.getInt("level"),
                attempt,
                row.getInt("flags"),
                row.getInt("max_attempts"),
                row.getString("type"),
                row.getString("project"),
                new ClaimHistory(
                        crashes,
                        (int) Math.max(0, epoch - attempt - crashes),
                        // Zero when the wall clock was set back since.
                        Optional.ofNullable(snoozedAt)
                                .map(micros -> Micros.duration(Math.max(0, Micros.of(now) - micros)))));
    }

    /** Empty for a task that cannot be read: it is dead from now on, and must not keep the others from being claimed. */
    private static Optional<ClaimedTask> withBody(WriteConnection sql, Claim claim, Instant now) throws SQLException {
        PreparedStatement select = sql.prepare(TaskSql.SELECT_BODY);
        select.setLong(1, claim.fencingToken().id().value());
        String unreadable;
        try (ResultSet body = select.executeQuery()) {
            if (body.next()) {
                return Optional.of(claimed(claim, body, now));
            }
            unreadable = "its body is missing";
        } catch (RuntimeException malformed) {
            // Without the message, which may hold a part of the payload.
            unreadable =
                    "its stored form cannot be read (" + malformed.getClass().getSimpleName() + ")";
        }
        TaskWrites.endUnreadable(sql, claim.fencingToken(), now, unreadable);
        return Optional.empty();
    }

    private static ClaimedTask claimed(Claim claim, ResultSet body, Instant now) throws SQLException {
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
                java.util.Optional.empty(),
                // Negative when the wall clock was set back since the task became ready.
                waited > 0 ? Micros.duration(waited) : Duration.ZERO,
                claim.history());
    }
}
