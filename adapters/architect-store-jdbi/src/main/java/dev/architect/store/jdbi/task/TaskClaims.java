package dev.architect.store.jdbi.task;

import dev.architect.spi.TaskStore;
import dev.architect.store.jdbi.Columns;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.task.ClaimHistory;
import dev.architect.task.ClaimedTask;
import dev.architect.task.FencingToken;
import dev.architect.task.Priority;
import dev.architect.task.TaskId;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Claims ready tasks: one statement for each lane, then the bodies of all of them. */
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
            long project,
            ClaimHistory history) {}

    /** The place of a ready task in the order of service. */
    private record Place(long sortKey, long id, long lane) {}

    /** Claims for {@code incarnation} up to {@code limit} tasks, of each lane up to its quota. */
    static List<ClaimedTask> claim(WriteConnection sql, Lanes lanes, NumberedNames projects, Instant now)
            throws SQLException {
        List<Claim> claims = new ArrayList<>();
        StateCounts counts = new StateCounts();
        Lanes left = lanes.takesSuspect() ? claimSuspect(sql, lanes, now, claims, counts) : lanes;
        for (Map.Entry<Long, Integer> share : shares(sql, left).entrySet()) {
            claim(sql, TaskSql.CLAIM, left, share.getKey(), share.getValue(), now, claims, counts);
        }
        counts.save(sql);
        // RETURNING promises no order, whatever the order of the subquery.
        claims.sort(SERVING_ORDER);
        return withBodies(sql, claims, projects, now);
    }

    /**
     * A claim by lanes.
     *
     * @param quotas the most tasks of each lane, more than zero
     * @param types the task type of each lane
     * @param takesSuspect whether one task may be among them that one more crash makes dead
     */
    record Lanes(
            long incarnation, int limit, Map<Long, Integer> quotas, Map<Long, String> types, boolean takesSuspect) {

        /** What is left when a task of {@code lane} was claimed. */
        Lanes without(long lane) {
            Map<Long, Integer> rest = new TreeMap<>(quotas);
            rest.computeIfPresent(lane, (number, quota) -> quota > 1 ? quota - 1 : null);
            return new Lanes(incarnation, limit - 1, rest, types, false);
        }
    }

    /** Claims one suspect, if there is any, and returns what is left for others. */
    private static Lanes claimSuspect(
            WriteConnection sql, Lanes lanes, Instant now, List<Claim> into, StateCounts counts) throws SQLException {
        for (long lane : lanes.quotas().keySet()) {
            claim(sql, TaskSql.CLAIM_SUSPECT, lanes, lane, 1, now, into, counts);
            if (!into.isEmpty()) {
                return lanes.without(lane);
            }
        }
        return lanes;
    }

    /** How many tasks of each lane are next in the order over all requested lanes. */
    private static Map<Long, Integer> shares(WriteConnection sql, Lanes lanes) throws SQLException {
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

    private static Map<Long, Integer> shareOfOne(Lanes lanes) {
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
            Lanes lanes,
            long lane,
            int limit,
            Instant now,
            List<Claim> into,
            StateCounts counts)
            throws SQLException {
        PreparedStatement claim = sql.prepare(statement);
        claim.setLong(1, lanes.incarnation());
        claim.setLong(2, Micros.of(now));
        claim.setLong(3, lane);
        claim.setInt(4, limit);
        // Bound again for the EXISTS condition: a node that was declared dead must not get new tasks.
        claim.setLong(5, lanes.incarnation());
        String type = Objects.requireNonNull(lanes.types().get(lane));
        try (ResultSet row = claim.executeQuery()) {
            while (row.next()) {
                into.add(read(row, lanes.incarnation(), type, now));
                counts.move(lane, TaskState.READY.number(), TaskState.RUNNING.number());
            }
        }
    }

    private static Claim read(ResultSet row, long incarnation, String type, Instant now) throws SQLException {
        long epoch = row.getLong("epoch");
        Long snoozedAt = Columns.longOrNull(row, "snoozed_at");
        return new Claim(
                new FencingToken(new TaskId(row.getLong("id")), epoch, incarnation),
                row.getLong("sort_key"),
                row.getInt("level"),
                row.getInt("attempt"),
                row.getInt("flags"),
                row.getInt("max_attempts"),
                type,
                row.getLong("project"),
                new ClaimHistory(
                        row.getInt("crashes"),
                        row.getInt("snoozes"),
                        // Zero when the wall clock was set back since.
                        Optional.ofNullable(snoozedAt)
                                .map(micros -> Micros.duration(Math.max(0, Micros.of(now) - micros)))));
    }

    /** Those that can be read. One that cannot is dead from now on, and must not keep the others from being claimed. */
    private static List<ClaimedTask> withBodies(
            WriteConnection sql, List<Claim> claims, NumberedNames projects, Instant now) throws SQLException {
        Map<Long, Claim> unread = new HashMap<>();
        claims.forEach(claim -> unread.put(claim.fencingToken().id().value(), claim));
        Map<Long, ClaimedTask> tasks = new HashMap<>();
        Map<Claim, String> unreadable = new LinkedHashMap<>();
        for (int from = 0; from < claims.size(); from += WriteConnection.MAX_IDS) {
            PreparedStatement select = sql.prepareForIds(
                    TaskSql::bodies,
                    claims.subList(from, Math.min(claims.size(), from + WriteConnection.MAX_IDS)).stream()
                            .map(claim -> claim.fencingToken().id().value())
                            .toList());
            try (ResultSet body = select.executeQuery()) {
                while (body.next()) {
                    Claim claim = Objects.requireNonNull(unread.remove(body.getLong("id")));
                    try {
                        tasks.put(claim.fencingToken().id().value(), claimed(sql, claim, body, projects, now));
                    } catch (RuntimeException malformed) {
                        // Without the message, which may hold a part of the payload.
                        unreadable.put(
                                claim,
                                "its stored form cannot be read ("
                                        + malformed.getClass().getSimpleName() + ")");
                    }
                }
            }
        }
        unread.values().forEach(claim -> unreadable.put(claim, "its body is missing"));
        for (Map.Entry<Claim, String> each : unreadable.entrySet()) {
            TaskWrites.endUnreadable(sql, each.getKey().fencingToken(), now, each.getValue());
        }
        return claims.stream()
                .map(claim -> tasks.get(claim.fencingToken().id().value()))
                .filter(Objects::nonNull)
                .toList();
    }

    private static ClaimedTask claimed(
            WriteConnection sql, Claim claim, ResultSet body, NumberedNames projects, Instant now) throws SQLException {
        TaskRequest request = new TaskRequest(
                claim.type(),
                body.getString("payload"),
                Columns.read(body.getString("attributes")),
                new Priority(claim.level()),
                Columns.attribution(projects.nameOf(sql, claim.project()), body),
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
                (claim.flags() & TaskRow.HAS_INPUT) == 0
                        ? Optional.empty()
                        : input(sql, claim.fencingToken().id()),
                // Negative when the wall clock was set back since the task became ready.
                waited > 0 ? Micros.duration(waited) : Duration.ZERO,
                claim.history());
    }

    private static Optional<String> input(WriteConnection sql, TaskId id) throws SQLException {
        PreparedStatement select = sql.prepare(TaskOperations.INPUT);
        select.setLong(1, id.value());
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? Optional.of(row.getString("input")) : Optional.empty();
        }
    }
}
