package dev.architect.store.jdbi.task;

import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.lane.Lane;
import dev.architect.lane.Lane.TypeInLane;
import dev.architect.lane.LaneShare;
import dev.architect.spi.TaskStore;
import dev.architect.store.jdbi.Columns;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.StoredText;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.store.jdbi.lane.LaneGate;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Claims ready tasks and reads them. */
final class TaskClaims {

    private static final long AGING = Micros.of(TaskStore.AGING);
    private static final Comparator<ClaimedRow> SERVING_ORDER = Comparator.comparingLong(ClaimedRow::sortKey)
            .thenComparing(row -> row.fencingToken().id());

    private final TaskStatements statements;
    private final NumberedNames lanes;
    private final NumberedNames projects;
    private final LaneGate gate;

    TaskClaims(TaskStatements statements, NumberedNames lanes, NumberedNames projects, LaneGate gate) {
        this.statements = statements;
        this.lanes = lanes;
        this.gate = gate;
        this.projects = projects;
    }

    /**
     * What was claimed.
     *
     * @param rows all of it
     * @param tasks those that could be read, in their order of service
     */
    record Claimed(List<ClaimedRow> rows, List<ClaimedTask> tasks) {}

    /** What a claim names and some task has had. */
    Map<TypeInLane, Long> numbersOf(ClaimRequest request) {
        Map<String, TypeInLane> usual = new HashMap<>();
        Map<String, TypeInLane> named = new HashMap<>();
        for (LaneShare share : request.shares()) {
            request.quotas().forEach((type, quota) -> {
                if (quota > 0 && share.limit() > 0 && request.mayTake(share.lane(), type)) {
                    TypeInLane lane = new TypeInLane(share.lane(), type);
                    (share.lane().equals(Lane.DEFAULT) ? usual : named).put(lane.text(), lane);
                }
            });
        }
        Map<TypeInLane, Long> numbers = new HashMap<>();
        lanes.numbered(usual.keySet()).forEach((text, number) -> numbers.put(usual.get(text), number));
        lanes.knownOf(named.keySet()).forEach((text, number) -> numbers.put(named.get(text), number));
        return numbers;
    }

    /** Claims in a transaction of the caller; empty, with nothing claimed, when the settings of lanes have changed since they were read. */
    Optional<Claimed> claim(WriteConnection sql, ClaimRequest request, Map<TypeInLane, Long> numbers, Instant now)
            throws SQLException {
        LaneGate.Admission admission = gate.admit(sql, request.shares(), now);
        Map<Long, Integer> quotas = new TreeMap<>();
        Map<Long, String> types = new HashMap<>();
        Map<Long, Integer> shares = new HashMap<>();
        Map<Long, Long> withheld = new HashMap<>();
        Map<Lane, Integer> places = new HashMap<>();
        List<Integer> limits = new ArrayList<>();
        admission.lanes().forEach((lane, limit) -> {
            places.put(lane, limits.size());
            limits.add(Math.min(limit, request.limit()));
        });
        numbers.forEach((lane, number) -> {
            Integer place = places.get(lane.lane());
            if (place != null) {
                int quota = request.quotas().getOrDefault(lane.type(), 0);
                quotas.put(number, Math.min(quota, limits.get(place)));
                types.put(number, lane.type());
                shares.put(number, place);
                if (request.withheld().containsKey(lane.type())) {
                    withheld.put(number, request.withheld().get(lane.type()));
                }
            }
        });
        if (quotas.isEmpty()) {
            return gate.isCurrent(sql, admission) ? Optional.of(new Claimed(List.of(), List.of())) : Optional.empty();
        }
        ClaimLanes wanted = new ClaimLanes(
                request.incarnation(),
                request.limit(),
                quotas,
                types,
                shares,
                limits,
                admission.version(),
                request.takesSuspect(),
                withheld);
        Optional<Claimed> claimed = claim(sql, wanted, now);
        if (claimed.isPresent() && !admission.limited().isEmpty()) {
            gate.started(
                    sql,
                    admission,
                    claimed.get().tasks().stream()
                            .map(task -> Lane.of(task.request()))
                            .toList(),
                    now);
        }
        return claimed;
    }

    /**
     * Claims, unless the settings of lanes have another version. A task that cannot be read is dead from now on, and must not keep the others
     * from being claimed.
     */
    Optional<Claimed> claim(WriteConnection sql, ClaimLanes lanes, Instant now) throws SQLException {
        Optional<List<ClaimedRow>> given = statements.claim(sql, lanes, now);
        return given.isPresent()
                ? Optional.of(claimed(sql, new ArrayList<>(given.get()), lanes, now))
                : Optional.empty();
    }

    private Claimed claimed(WriteConnection sql, List<ClaimedRow> rows, ClaimLanes lanes, Instant now)
            throws SQLException {
        // RETURNING promises no order, whatever the order of the subquery.
        rows.sort(SERVING_ORDER);
        List<ClaimedTask> tasks = new ArrayList<>(rows.size());
        List<EndRow> unreadable = new ArrayList<>();
        for (ClaimedRow row : rows) {
            TaskBody body = row.body();
            if (body == null) {
                unreadable.add(TaskWrites.unreadable(row.fencingToken(), now, "its body is missing"));
                continue;
            }
            try {
                tasks.add(claimed(sql, row, body, lanes, now));
            } catch (RuntimeException malformed) {
                // Without the message, which may hold a part of the payload.
                unreadable.add(TaskWrites.unreadable(
                        row.fencingToken(),
                        now,
                        "its stored form cannot be read ("
                                + malformed.getClass().getSimpleName() + ")"));
            }
        }
        if (!unreadable.isEmpty()) {
            LimitKeys keys = new LimitKeys();
            statements.finish(sql, unreadable, now, keys);
            keys.promote(sql, now);
        }
        return new Claimed(rows, tasks);
    }

    private ClaimedTask claimed(WriteConnection sql, ClaimedRow row, TaskBody body, ClaimLanes lanes, Instant now)
            throws SQLException {
        TaskRequest request = new TaskRequest(
                Objects.requireNonNull(lanes.types().get(row.lane())),
                body.decodedPayload(),
                Columns.read(body.attributes()),
                new Priority(row.level()),
                Columns.attribution(projects.nameOf(sql, row.project()), body.user(), body.tags()),
                Micros.duration(body.timeout()),
                row.maxAttempts(),
                Micros.duration(body.delay()),
                Columns.options(body.options()));
        // The sort key is when the task became ready plus its
        // priority, so the wait is found without a column of its own.
        long readyAt = row.sortKey() - row.level() * AGING;
        // Of one that was put before all others it is not known.
        long waited = readyAt == 0 ? 0 : Micros.of(now) - readyAt;
        return new ClaimedTask(
                row.fencingToken(),
                request,
                row.attempt(),
                (row.flags() & TaskRow.CANCEL_ASKED) != 0,
                (row.flags() & TaskRow.HAS_INPUT) == 0
                        ? Optional.empty()
                        : input(sql, row.fencingToken().id()),
                // Negative when the wall clock was set back since the task became ready.
                waited > 0 ? Micros.duration(waited) : Duration.ZERO,
                row.history());
    }

    private static Optional<String> input(WriteConnection sql, TaskId id) throws SQLException {
        PreparedStatement select = sql.prepare(TaskOperations.INPUT);
        select.setLong(1, id.value());
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? Optional.ofNullable(StoredText.read(row, "input")) : Optional.empty();
        }
    }
}
