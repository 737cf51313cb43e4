package dev.architect.store.postgres;

import dev.architect.attempt.AttemptBasis;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.FencingToken;
import dev.architect.change.ChangeTopic;
import dev.architect.spi.TimeSource;
import dev.architect.store.jdbi.Columns;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.StoredText;
import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.store.jdbi.task.ClaimLanes;
import dev.architect.store.jdbi.task.ClaimedRow;
import dev.architect.store.jdbi.task.EndRow;
import dev.architect.store.jdbi.task.LimitKeys;
import dev.architect.store.jdbi.task.NewTask;
import dev.architect.store.jdbi.task.ShardGate;
import dev.architect.store.jdbi.task.TaskBody;
import dev.architect.store.jdbi.task.TaskStatements;
import dev.architect.task.TaskState;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;

/**
 * The changes that every task goes through, one statement for each batch: what costs is the way to the server and back, and the commit.
 *
 * <p>Each statement is planned anew for its parameters and the present size of the tables. A plan that was kept from a time when they were
 * small would read all of them later; and statistics come late in a queue that fills in seconds. For the same reason the statements hide
 * from the planner how long their arrays are: it takes an unknown array for short, and looks up each row by its key.
 */
final class PostgresTaskStatements implements TaskStatements {

    /** From so many rows on a copy is faster than a statement. */
    static final int COPIED_FROM = 200;

    /**
     * Inserts nothing at all when the store does not serve one of the shards, or has got another number. The rows of the shards, if there are
     * any, stay as they are until the commit: a move waits for it.
     */
    static final String INSERT =
            "WITH place AS MATERIALIZED (SELECT phase, store FROM shard_place WHERE shard = ANY (?::int[]) ORDER BY shard FOR SHARE),"
                    + " gate AS MATERIALIZED (SELECT NOT EXISTS (SELECT 1 FROM place WHERE phase <> 0 OR store <> ANY (?::int[]))"
                    + " AS is_open),"
                    + " new AS (INSERT INTO task (id, epoch, sort_key, due_at, created_at, lane, project, snoozes,"
                    + " state, level, flags, attempt, max_attempts, crashes)"
                    + " SELECT id, 0, sort_key, CASE WHEN state = 2 THEN due END, ?, lane, project, 0, state, level, flags, 0, tries, 0"
                    + " FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::int[], ?::int[], ?::int[], ?::int[], ?::int[], ?::int[])"
                    + " AS n(id, sort_key, due, lane, project, state, level, flags, tries) WHERE (SELECT is_open FROM gate)),"
                    + " body AS (INSERT INTO task_body (id, created_at, timeout, delay, payload, attributes, user_id, tags, options)"
                    + " SELECT id, ?, timeout, delay, payload, attributes, user_id, tags, options"
                    + " FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])"
                    + " AS n(id, timeout, delay, payload, attributes, user_id, tags, options) WHERE (SELECT is_open FROM gate)),"
                    // By the ids themselves: a host that submits need not read the table.
                    + " noted AS (INSERT INTO change_pending (topic, keys) SELECT " + ChangeTopic.TASK.number()
                    + ", json_agg(id::text)::text FROM unnest(?::bigint[]) AS n(id) WHERE (SELECT is_open FROM gate)"
                    + " HAVING count(*) > 0)"
                    + " INSERT INTO task_count_change (lane, state, n)"
                    + " SELECT lane, state, n FROM unnest(?::int[], ?::int[], ?::bigint[]) AS c(lane, state, n)"
                    + " WHERE (SELECT is_open FROM gate)";

    static final String INSERT_COUNTS = "INSERT INTO task_count_change (lane, state, n)"
            + " SELECT lane, state, n FROM unnest(?::int[], ?::int[], ?::bigint[]) AS c(lane, state, n)";

    static final String CLAIM = claim(false, true, false, false);
    static final String CLAIM_WITH_SUSPECT = claim(true, true, false, false);

    /** For the only node: a lock on a row is one more version of it to write. With company they would only wait for each other. */
    static final String CLAIM_ALONE = claim(false, false, false, false);

    static final String CLAIM_WITH_SUSPECT_ALONE = claim(true, false, false, false);

    /** For several lanes, each with a limit of its own. */
    static final String CLAIM_SHARED = claim(false, true, true, false);

    static final String CLAIM_SHARED_WITH_SUSPECT = claim(true, true, true, false);
    private static final String CLAIM_SHARED_ALONE = claim(false, false, true, false);
    private static final String CLAIM_SHARED_WITH_SUSPECT_ALONE = claim(true, false, true, false);

    /** For nodes that leave tasks to others for a while; such a node is not alone. */
    static final String CLAIM_NOT_WITHHELD = claim(false, true, false, true);

    static final String CLAIM_WITH_SUSPECT_NOT_WITHHELD = claim(true, true, false, true);
    static final String CLAIM_SHARED_NOT_WITHHELD = claim(false, true, true, true);
    static final String CLAIM_SHARED_WITH_SUSPECT_NOT_WITHHELD = claim(true, true, true, true);

    private static final String IS_SERVED = " AND id & 255 <> ALL ((SELECT shards FROM closed)::int[])";

    private static final String IS_IN_TIME = " AND (expire_at IS NULL OR expire_at > w.now)";

    /** Notes the tasks of a part of the statement as changed, in the same statement: another one would be one more way to the server. */
    private static String noted(String part) {
        return " noted AS (INSERT INTO change_pending (topic, keys) SELECT " + ChangeTopic.TASK.number()
                + ", json_agg(id::text)::text FROM " + part + " HAVING count(*) > 0)";
    }

    private static String claim(boolean takesSuspect, boolean locks, boolean isShared, boolean withholds) {
        String lock = locks ? " FOR UPDATE SKIP LOCKED" : "";
        String columns = "t." + ClaimedRow.COLUMNS.replace(", ", ", t.");
        String share = isShared ? ", w.share, w.most" : "";
        String more = (isShared ? ", share, most" : "") + (withholds ? ", withheld" : "");
        String isLeft = IS_IN_TIME + (withholds ? TaskStatements.isNotWithheld("w.withheld", "w.ready_since") : "");
        return "WITH gate AS MATERIALIZED (SELECT coalesce((SELECT version FROM lane_version WHERE id = 1), 0) = ? AS is_current),"
                + " want AS MATERIALIZED (SELECT lane, quota, mark, n.now" + more + (withholds ? ", n.ready_since" : "")
                + " FROM unnest(?::int[], ?::int[], ?::bigint[]" + (isShared ? ", ?::int[], ?::int[]" : "")
                + (withholds ? ", ?::bigint[]" : "") + ") AS w(lane, quota, mark" + more
                + ") CROSS JOIN (SELECT ?::bigint AS now" + (withholds ? ", ?::bigint AS ready_since" : "")
                + ") AS n WHERE (SELECT is_current FROM gate)),"
                // Tasks of shards that arrive or leave are not claimed.
                + " closed AS MATERIALIZED (SELECT coalesce(array_agg(shard), '{}') AS shards FROM shard_place WHERE phase <> 0),"
                + (takesSuspect
                        ? " suspect AS MATERIALIZED (SELECT t.id, w.lane" + share
                                + " FROM want w CROSS JOIN LATERAL (SELECT id FROM task"
                                + " WHERE state = 0 AND crashes >= 2 AND lane = w.lane" + IS_SERVED + isLeft
                                + " ORDER BY sort_key, id LIMIT 1"
                                + lock + ") t LIMIT 1),"
                        : "")
                + " ready AS MATERIALIZED (SELECT t.id, t.sort_key" + share
                + " FROM want w CROSS JOIN LATERAL (SELECT id, sort_key"
                + " FROM task WHERE state = 0 AND crashes < 2 AND lane = w.lane AND sort_key >= w.mark" + IS_SERVED
                + isLeft
                + " ORDER BY sort_key, id LIMIT w.quota"
                + (takesSuspect ? " - (SELECT count(*) FROM suspect s WHERE s.lane = w.lane)" : "")
                + lock + ") t),"
                + picked(takesSuspect, isShared)
                + " claimed AS (UPDATE task t SET state = 1, epoch = t.epoch + 1, attempt = t.attempt + 1, owner = ?,"
                + " claimed_at = ? WHERE t.id = ANY (ARRAY(SELECT id FROM picked)) AND t.state = 0"
                // In the same statement, so that a node cannot be declared dead between a check and the claim.
                + " AND EXISTS (SELECT 1 FROM node n WHERE n.incarnation = ? AND n.state = 0 AND n.lease_until > "
                + PostgresNodeStore.NOW
                + ") RETURNING " + columns + "),"
                + " counted AS (INSERT INTO task_count_change (lane, state, n) SELECT c.lane, s.state, s.sign * c.n"
                + " FROM (SELECT lane, count(*) AS n FROM claimed GROUP BY lane) AS c"
                + " CROSS JOIN (VALUES (0, -1), (1, 1)) AS s(state, sign)),"
                + noted("claimed")
                + " SELECT g.is_current, c.*, b." + TaskBody.COLUMNS.replace(", ", ", b.")
                + " FROM gate g LEFT JOIN claimed c ON true LEFT JOIN task_body b ON b.id = c.id";
    }

    private static String picked(boolean takesSuspect, boolean isShared) {
        String share = isShared ? ", share, most" : "";
        String all = (takesSuspect
                        ? "SELECT id, 0::bigint AS sort_key, 0 AS place" + share + " FROM suspect UNION ALL "
                        : "")
                + "SELECT id, sort_key, 1 AS place" + share + " FROM ready";
        if (!isShared) {
            return " picked AS MATERIALIZED (SELECT id FROM (" + all + ") AS p ORDER BY place, sort_key, id LIMIT ?),";
        }
        return " picked AS MATERIALIZED (SELECT id FROM (SELECT id, sort_key, place, most,"
                + " row_number() OVER (PARTITION BY share ORDER BY place, sort_key, id) AS n FROM (" + all
                + ") AS p) AS q WHERE n <= most ORDER BY place, sort_key, id LIMIT ?),";
    }

    static final String FINISH = finish(
            "(SELECT ?::bigint[]), (SELECT ?::bigint[]), (SELECT ?::text[]), (SELECT ?::bigint[]), (SELECT ?::bigint[]),"
                    + " (SELECT ?::text[]), (SELECT ?::text[]), (SELECT ?::int[]), (SELECT ?::int[]), (SELECT ?::bigint[]), (SELECT ?::int[]),"
                    + " (SELECT ?::int[]), (SELECT ?::int[]), (SELECT ?::int[]), (SELECT ?::text[])",
            "id, epoch, session, started, ended, output, stop, basis, next, due, back, snooze, first, outcome, error",
            // A task whose cancellation was requested is not held but ready: its next
            // claim cancels it, and a held one waits for a resume.
            "state = CASE WHEN e.next = 5 AND t.flags & 1 <> 0 THEN 0 ELSE e.next END,"
                    + " due_at = CASE WHEN e.next = 2 THEN e.due END, done_at = CASE WHEN e.next >= 10 THEN n.now END,"
                    + " attempt = t.attempt - e.back, snoozes = t.snoozes + e.snooze,"
                    // The right side sees the row as it was: a row of snoozes keeps the time of the first.
                    + " snoozed_at = CASE e.first WHEN 1 THEN coalesce(t.snoozed_at, n.now) WHEN 2 THEN t.snoozed_at END,"
                    // One that has begun may wait until its last deadline.
                    + " expire_at = CASE WHEN e.first = 0 THEN t.ends_by ELSE t.expire_at END",
            "e.outcome, e.error");

    /** For attempts that have all succeeded, as most do. */
    static final String FINISH_DONE = finish(
            "(SELECT ?::bigint[]), (SELECT ?::bigint[]), (SELECT ?::text[]), (SELECT ?::bigint[]), (SELECT ?::bigint[]),"
                    + " (SELECT ?::text[]), (SELECT ?::text[]), (SELECT ?::int[])",
            "id, epoch, session, started, ended, output, stop, basis",
            "state = 10, due_at = NULL, done_at = n.now, snoozed_at = NULL",
            "1 AS outcome, NULL AS error");

    private static String finish(String arrays, String columns, String changes, String outcome) {
        return "WITH ends AS MATERIALIZED (SELECT * FROM unnest(" + arrays + ") AS e(" + columns + ")),"
                + " done AS (UPDATE task t SET owner = NULL, " + changes
                + " FROM ends e CROSS JOIN (SELECT ?::bigint AS now) AS n"
                + " WHERE t.id = e.id AND t.epoch = e.epoch AND t.owner = ?"
                + " RETURNING t.id, t.epoch, t.lane, t.state, t.limit_key, t.flags, e.session, e.started, e.ended, e.output, e.stop, e.basis, "
                + outcome
                + "), attempts AS (INSERT INTO task_attempt (task_id, epoch, incarnation, started_at, ended_at, outcome, session,"
                + " error, output, stop_reason, basis)"
                // Many ends share one, which is sent once.
                + " SELECT id, epoch, ?, started, ended, outcome, session, error, output, stop, (SELECT ?::text[])[basis] FROM done),"
                + " counted AS (INSERT INTO task_count_change (lane, state, n)"
                + " SELECT lane, state, count(*) FROM done GROUP BY lane, state"
                + " UNION ALL SELECT lane, 1, -count(*) FROM done GROUP BY lane),"
                + noted("done")
                + " SELECT id, limit_key, state, flags FROM done";
    }

    private final ClaimMarks marks = new ClaimMarks();
    private final GroupedSubmits submits;
    private final BooleanSupplier isAlone;
    private volatile Runnable announcement = () -> {};

    /**
     * Creates the statements.
     *
     * @param time the store's clock
     * @param isAlone whether no other node claims; a wrong answer makes claims slower and not wrong
     */
    PostgresTaskStatements(TimeSource time, BooleanSupplier isAlone) {
        this.isAlone = isAlone;
        submits = new GroupedSubmits((sql, tasks) -> insert(sql, tasks, time.wallTime()));
    }

    /** A statement that is planned anew each time. */
    private static PreparedStatement prepare(WriteConnection sql, String text) throws SQLException {
        PreparedStatement statement = sql.prepare(text);
        statement.unwrap(PGStatement.class).setPrepareThreshold(0);
        return statement;
    }

    @Override
    public void submit(TransactionalWrites writes, List<NewTask> tasks, TimeSource time) {
        submits.submit(writes, tasks);
        // Again after the commit: a claim in between has raised the marks.
        lowerMarks(tasks, time.wallTime());
    }

    @Override
    public void insert(WriteConnection sql, List<NewTask> tasks, Instant now) throws SQLException {
        lowerMarks(tasks, now);
        if (tasks.size() >= COPIED_FROM) {
            ShardGate.requireServed(sql, tasks);
            TaskCopy.copy(sql.connection(), tasks, now);
            PreparedStatement counts = sql.prepare(INSERT_COUNTS);
            bindCounts(counts, 1, tasks);
            counts.executeUpdate();
            tasks.forEach(task -> sql.changed(ChangeTopic.TASK, task.id().value()));
            return;
        }
        // It cannot get a bad plan, so the server may keep it.
        PreparedStatement insert = sql.prepare(INSERT);
        Arrays<NewTask> arrays = new Arrays<>(insert, tasks);
        bindShards(insert, tasks);
        insert.setLong(3, Micros.of(now));
        arrays.longs(4, task -> task.id().value());
        arrays.longs(5, task -> task.sortKey(now));
        arrays.longs(6, task -> zeroForNull(task.dueAt(now)));
        arrays.ints(7, task -> Math.toIntExact(task.lane()));
        arrays.ints(8, task -> Math.toIntExact(task.project()));
        arrays.ints(9, task -> task.state().number());
        arrays.ints(10, task -> task.request().priority().level());
        arrays.ints(11, NewTask::flags);
        arrays.ints(12, task -> task.request().maxAttempts());
        insert.setLong(13, Micros.of(now));
        arrays.longs(14, task -> task.id().value());
        arrays.longs(15, task -> Micros.of(task.request().timeout()));
        arrays.longs(16, task -> Micros.of(task.request().delay()));
        arrays.texts(17, task -> StoredText.encode(task.request().payload()));
        arrays.texts(18, task -> Columns.write(task.request().attributes()));
        arrays.texts(
                19,
                task -> StoredText.encode(task.request().attribution().user().orElse(null)));
        arrays.texts(20, task -> Columns.write(task.request().attribution().tags()));
        arrays.texts(21, task -> Columns.write(task.request().options()));
        arrays.longs(22, task -> task.id().value());
        bindCounts(insert, 23, tasks);
        if (insert.executeUpdate() == 0) {
            ShardGate.requireServed(sql, tasks);
            // It is served again: the move was given up in between.
            insert(sql, tasks, now);
        }
    }

    private static void bindShards(PreparedStatement insert, List<NewTask> tasks) throws SQLException {
        insert.setObject(
                1, tasks.stream().mapToInt(task -> task.id().shard()).distinct().toArray());
        insert.setObject(
                2, tasks.stream().mapToInt(task -> task.id().store()).distinct().toArray());
    }

    private void lowerMarks(List<NewTask> tasks, Instant now) {
        tasks.forEach(task -> {
            marks.becomesReady(task.lane(), task.sortKey(now));
            if (task.hasAffinity()) {
                marks.affinitySeen(task.lane());
            }
        });
    }

    /** Sets what is called when an end, a permit or an operator has made a task ready; it never blocks. */
    void announceTo(Runnable announced) {
        announcement = announced;
    }

    /** Others have made tasks ready. */
    void hint() {
        marks.hint();
    }

    private static long zeroForNull(@Nullable Long value) {
        return value == null ? 0 : value;
    }

    private record Part(int lane, int state) {}

    private static void bindCounts(PreparedStatement statement, int first, List<NewTask> tasks) throws SQLException {
        Map<Part, Long> counts = new HashMap<>();
        tasks.forEach(task ->
                counts.merge(new Part(Math.toIntExact(task.lane()), task.state().number()), 1L, Long::sum));
        Arrays<Map.Entry<Part, Long>> arrays = new Arrays<>(statement, new ArrayList<>(counts.entrySet()));
        arrays.ints(first, part -> part.getKey().lane());
        arrays.ints(first + 1, part -> part.getKey().state());
        arrays.longs(first + 2, Map.Entry::getValue);
    }

    @Override
    public Optional<List<ClaimedRow>> claim(WriteConnection sql, ClaimLanes lanes, Instant now) throws SQLException {
        boolean isSweep = marks.isSweepDue();
        long start = marks.nanoTime();
        Optional<List<ClaimedRow>> claimed = claim(sql, lanes, isSweep ? lane -> Long.MIN_VALUE : marks::of, now);
        if (isSweep) {
            marks.swept(start);
        }
        return claimed;
    }

    @Override
    public void claimed(List<ClaimedRow> rows) {
        marks.claimed(rows);
    }

    @Override
    public void becameReady() {
        marks.clear();
    }

    @Override
    public void becameReady(long lane, long sortKey) {
        marks.becomesReady(lane, sortKey);
        announcement.run();
    }

    private String claimFor(ClaimLanes lanes) {
        if (!lanes.withheld().isEmpty()) {
            return lanes.isShared()
                    ? lanes.takesSuspect() ? CLAIM_SHARED_WITH_SUSPECT_NOT_WITHHELD : CLAIM_SHARED_NOT_WITHHELD
                    : lanes.takesSuspect() ? CLAIM_WITH_SUSPECT_NOT_WITHHELD : CLAIM_NOT_WITHHELD;
        }
        if (lanes.isShared()) {
            return isAlone.getAsBoolean()
                    ? lanes.takesSuspect() ? CLAIM_SHARED_WITH_SUSPECT_ALONE : CLAIM_SHARED_ALONE
                    : lanes.takesSuspect() ? CLAIM_SHARED_WITH_SUSPECT : CLAIM_SHARED;
        }
        if (isAlone.getAsBoolean()) {
            return lanes.takesSuspect() ? CLAIM_WITH_SUSPECT_ALONE : CLAIM_ALONE;
        }
        return lanes.takesSuspect() ? CLAIM_WITH_SUSPECT : CLAIM;
    }

    private Optional<List<ClaimedRow>> claim(
            WriteConnection sql, ClaimLanes lanes, LongUnaryOperator marks, Instant now) throws SQLException {
        PreparedStatement claim = prepare(sql, claimFor(lanes));
        Arrays<Map.Entry<Long, Integer>> quotas =
                new Arrays<>(claim, List.copyOf(lanes.quotas().entrySet()));
        claim.setLong(1, lanes.version());
        quotas.ints(2, quota -> Math.toIntExact(quota.getKey()));
        quotas.ints(3, quota -> Math.min(quota.getValue(), lanes.limitOf(quota.getKey())));
        quotas.longs(4, quota -> marks.applyAsLong(quota.getKey()));
        int next = 5;
        if (lanes.isShared()) {
            quotas.ints(next++, quota -> lanes.shares().getOrDefault(quota.getKey(), 0));
            quotas.ints(next++, quota -> lanes.limitOf(quota.getKey()));
        }
        if (!lanes.withheld().isEmpty()) {
            quotas.longs(next++, quota -> lanes.withheld().getOrDefault(quota.getKey(), 0L));
        }
        claim.setLong(next++, Micros.of(now));
        if (!lanes.withheld().isEmpty()) {
            claim.setLong(next++, ClaimLanes.readySince(now));
        }
        claim.setInt(
                next++,
                lanes.isShared()
                        ? lanes.limit()
                        : Math.min(lanes.limit(), lanes.shareLimits().get(0)));
        claim.setLong(next++, lanes.incarnation());
        claim.setLong(next++, Micros.of(now));
        claim.setLong(next, lanes.incarnation());
        List<ClaimedRow> claimed = new ArrayList<>();
        try (ResultSet row = claim.executeQuery()) {
            while (row.next()) {
                if (!row.getBoolean("is_current")) {
                    return Optional.empty();
                }
                row.getLong("id");
                if (!row.wasNull()) {
                    claimed.add(ClaimedRow.read(row, lanes.incarnation(), now).with(TaskBody.read(row)));
                }
            }
        }
        return Optional.of(withNewBodies(sql, claimed));
    }

    /**
     * Reads the bodies of edited tasks again. Where rows are not locked, the claim waits for an edit in progress and then has the row as the
     * edit left it, but the body as it was before.
     */
    private static List<ClaimedRow> withNewBodies(WriteConnection sql, List<ClaimedRow> claimed) throws SQLException {
        List<ClaimedRow> edited = claimed.stream().filter(ClaimedRow::isEdited).toList();
        if (edited.isEmpty()) {
            return claimed;
        }
        List<ClaimedRow> all = new ArrayList<>(claimed);
        all.removeAll(edited);
        all.addAll(ClaimedRow.withBodies(sql, edited));
        return all;
    }

    @Override
    public Set<FencingToken> finish(WriteConnection sql, List<EndRow> ends, Instant now, LimitKeys keys)
            throws SQLException {
        // One owner for each statement, which is the owner of all of them unless a test or a tool makes a group itself.
        Map<Long, List<EndRow>> byOwner = new HashMap<>();
        ends.forEach(end -> byOwner.computeIfAbsent(end.fencingToken().owner(), owner -> new ArrayList<>())
                .add(end));
        Set<FencingToken> finished = new LinkedHashSet<>();
        for (Map.Entry<Long, List<EndRow>> group : byOwner.entrySet()) {
            finish(sql, group.getKey(), group.getValue(), now, finished, keys);
        }
        return finished;
    }

    private static void finish(
            WriteConnection sql, long owner, List<EndRow> ends, Instant now, Set<FencingToken> finished, LimitKeys keys)
            throws SQLException {
        // In one order, so that two groups with the same tasks cannot lock each other.
        Map<Long, EndRow> byId = new TreeMap<>();
        List<EndRow> again = new ArrayList<>();
        for (EndRow end : ends) {
            if (byId.putIfAbsent(end.fencingToken().id().value(), end) != null) {
                // Of an earlier or later attempt of the same task: one row cannot be updated twice by one statement.
                again.add(end);
            }
        }
        List<EndRow> rows = new ArrayList<>(byId.values());
        boolean areAllDone = rows.stream().allMatch(PostgresTaskStatements::isDone);
        PreparedStatement finish = prepare(sql, areAllDone ? FINISH_DONE : FINISH);
        Arrays<EndRow> arrays = new Arrays<>(finish, rows);
        arrays.longs(1, end -> end.fencingToken().id().value());
        arrays.longs(2, end -> end.fencingToken().epoch());
        arrays.texts(3, end -> end.end().session());
        arrays.longs(4, end -> Micros.of(end.end().startedAt()));
        arrays.longs(5, end -> Micros.of(end.end().endedAt()));
        arrays.texts(6, EndRow::output);
        arrays.texts(7, EndRow::stopReason);
        Map<Optional<AttemptBasis>, Integer> bases = new LinkedHashMap<>();
        arrays.ints(8, end -> bases.computeIfAbsent(end.end().basis(), basis -> bases.size() + 1));
        int next = 9;
        if (!areAllDone) {
            arrays.ints(9, end -> end.state().number());
            arrays.longs(10, end -> zeroForNull(end.dueAt()));
            arrays.ints(11, EndRow::triesBack);
            arrays.ints(12, EndRow::snoozes);
            arrays.ints(13, end -> end.firstSnooze().ordinal());
            arrays.ints(14, end -> end.end().outcome().number());
            arrays.texts(15, EndRow::error);
            next = 16;
        }
        finish.setLong(next, Micros.of(now));
        finish.setLong(next + 1, owner);
        finish.setLong(next + 2, owner);
        finish.setArray(
                next + 3,
                sql.connection()
                        .createArrayOf(
                                "text",
                                bases.keySet().stream().map(EndRow::basisText).toArray()));
        try (ResultSet row = finish.executeQuery()) {
            while (row.next()) {
                finished.add(Objects.requireNonNull(byId.get(row.getLong(1))).fencingToken());
                keys.add(row);
                keys.ended(row);
            }
        }
        if (!again.isEmpty()) {
            finish(sql, owner, again, now, finished, keys);
        }
    }

    private static boolean isDone(EndRow end) {
        return end.state() == TaskState.DONE
                && end.end().outcome() == AttemptOutcome.SUCCEEDED
                && end.end().result().error().isEmpty();
    }

    /** Binds a column of rows as an array. */
    private record Arrays<T>(PreparedStatement statement, List<T> rows) {

        void longs(int index, ToLongFunction<T> column) throws SQLException {
            statement.setObject(index, rows.stream().mapToLong(column).toArray());
        }

        void ints(int index, ToIntFunction<T> column) throws SQLException {
            statement.setObject(index, rows.stream().mapToInt(column).toArray());
        }

        void texts(int index, Function<T, @Nullable String> column) throws SQLException {
            statement.setArray(
                    index,
                    statement
                            .getConnection()
                            .createArrayOf("text", rows.stream().map(column).toArray(String[]::new)));
        }
    }
}
