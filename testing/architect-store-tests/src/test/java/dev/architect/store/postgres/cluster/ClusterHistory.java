package dev.architect.store.postgres.cluster;

import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.FencingToken;
import dev.architect.event.Event;
import dev.architect.postgres.PostgresDatabase;
import dev.architect.spi.Store;
import dev.architect.spi.TaskStore;
import dev.architect.spi.TimeSource;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What nodes were asked to do, did and announced, and the check of it against every version of every row. Safe for use by several threads.
 *
 * <p>The same is checked as by the simulation's checker, as far as it does not depend on the order in which calls of different nodes had their
 * effect: no acknowledged task is lost and none is stored twice; rows change only as a task's life allows; epochs rise, and each has one holder, which
 * performs it once; each claim has one record; one result and one final state are recorded; tries are used up by failures of the task alone; no
 * task is dead but for a reason of its own; what two nodes run at once was stopped on the first of them; announced ends are recorded; the counts of
 * the store are those of its rows.
 */
final class ClusterHistory {

    /** So long a node whose lease is over may take to stop what it runs, on a machine that is busy. */
    private static final Duration STOP_TIME = Duration.ofMillis(2_500);

    private final TimeSource time = TimeSource.system();
    private final Map<Integer, TaskScript> scripts = new ConcurrentHashMap<>();
    private final Map<TaskId, Integer> acknowledged = new ConcurrentHashMap<>();
    private final Map<FencingToken, Performance> performances = new ConcurrentHashMap<>();
    private final Map<TaskId, TaskState> announced = new ConcurrentHashMap<>();
    private final Set<TaskId> cancelled = ConcurrentHashMap.newKeySet();
    private final List<String> violations = new ArrayList<>();
    private final AtomicInteger refused = new AtomicInteger();

    TimeSource time() {
        return time;
    }

    TaskScript script(TaskRequest request) {
        return scripts.get(Integer.parseInt(request.payload()));
    }

    void planned(TaskScript script) {
        scripts.put(script.number(), script);
    }

    void acknowledged(List<TaskHandle> handles, List<TaskRequest> requests) {
        for (int i = 0; i < handles.size(); i++) {
            Integer before = acknowledged.put(
                    handles.get(i).id(), Integer.parseInt(requests.get(i).payload()));
            if (before != null) {
                violation("an id was given twice: " + handles.get(i).id());
            }
        }
    }

    void refused() {
        refused.incrementAndGet();
    }

    /** A cancellation was answered with this state. */
    void cancelled(TaskId id, TaskState state) {
        if (state == TaskState.CANCELLED) {
            cancelled.add(id);
        }
    }

    void event(Event event) {
        if (event instanceof Event.TaskEnded ended) {
            TaskState before = announced.put(ended.task(), ended.state());
            if (before != null && before != ended.state()) {
                violation("two ends were announced: " + ended + " and " + before);
            }
        }
    }

    /** The output of an attempt. */
    static String output(FencingToken token) {
        return "output of " + token.id() + " epoch " + token.epoch();
    }

    Performance begins(String node, FencingToken token) {
        Performance performance = new Performance(node, token, System.nanoTime());
        if (performances.putIfAbsent(token, performance) != null) {
            violation("one claim is performed twice: " + token + " on " + node);
        }
        return performance;
    }

    private synchronized void violation(String text) {
        violations.add(text);
    }

    private void check(boolean holds, String what, Object... details) {
        if (!holds) {
            violation(what + List.of(details));
        }
    }

    Set<TaskId> accepted() {
        return acknowledged.keySet();
    }

    /** What is wrong with what happened; empty when nothing is. */
    List<String> violations(PostgresDatabase database, RowHistory rows, Store store) throws SQLException {
        Map<TaskId, List<RowHistory.Version>> versions = rows.read();
        versions.forEach((id, each) -> checkVersions(id, each));
        try (Connection connection = database.connect()) {
            checkRows(connection, versions, store.tasks());
            checkAttempts(connection, versions);
            checkOwners(connection);
            checkResults(connection, versions);
        }
        checkClaims(versions);
        checkOverlaps();
        announced.forEach((id, state) ->
                check(last(versions, id) == state, "an end was announced that is not recorded", id, state));
        cancelled.forEach(
                id -> check(last(versions, id) == TaskState.CANCELLED, "a cancelled task ended in another way", id));
        synchronized (this) {
            List<String> found = List.copyOf(violations);
            violations.clear();
            return found;
        }
    }

    private static TaskState last(Map<TaskId, List<RowHistory.Version>> versions, TaskId id) {
        List<RowHistory.Version> each = versions.get(id);
        return each.get(each.size() - 1).state();
    }

    private void checkVersions(TaskId id, List<RowHistory.Version> versions) {
        try {
            versions.get(0).checkFirst();
            for (int i = 1; i < versions.size(); i++) {
                versions.get(i - 1).checkNext(versions.get(i));
            }
        } catch (AssertionError broken) {
            violation(id + ": " + broken.getMessage());
        }
    }

    private void checkRows(Connection connection, Map<TaskId, List<RowHistory.Version>> versions, TaskStore tasks)
            throws SQLException {
        Map<TaskState, Long> counted = new EnumMap<>(TaskState.class);
        Map<String, TaskId> byPayload = new HashMap<>();
        Set<TaskId> stored = new HashSet<>();
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT t.id, t.state, t.crashes, b.payload FROM task t JOIN task_body b ON b.id = t.id")) {
            while (row.next()) {
                TaskId id = new TaskId(row.getLong("id"));
                TaskState state = TaskState.of(row.getInt("state"));
                TaskScript script = scripts.get(Integer.parseInt(row.getString("payload")));
                stored.add(id);
                counted.merge(state, 1L, Long::sum);
                TaskId twin = byPayload.put(row.getString("payload"), id);
                check(twin == null, "a submission was stored twice", id, String.valueOf(twin), script);
                check(state == last(versions, id), "a row differs from its last version", id, state);
                check(state.isTerminal(), "it has not ended although no fault is left", id, state, versions.get(id));
                check(
                        state != TaskState.DEAD || script.mayDie() || row.getInt("crashes") == TaskStore.MAX_CRASHES,
                        "an innocent task is dead",
                        id,
                        script,
                        versions.get(id));
            }
        }
        acknowledged.forEach((id, number) -> check(stored.contains(id), "an acknowledged task is lost", id, number));
        check(tasks.counts().equals(counted), "counts and rows differ", tasks.counts(), counted);
    }

    private void checkAttempts(Connection connection, Map<TaskId, List<RowHistory.Version>> versions)
            throws SQLException {
        Map<TaskId, Map<AttemptOutcome, Integer>> outcomes = new HashMap<>();
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT task_id, epoch, outcome FROM task_attempt")) {
            while (row.next()) {
                outcomes.computeIfAbsent(new TaskId(row.getLong("task_id")), id -> new EnumMap<>(AttemptOutcome.class))
                        .merge(AttemptOutcome.of(row.getInt("outcome")), 1, Integer::sum);
            }
        }
        versions.forEach((id, each) -> {
            RowHistory.Version end = each.get(each.size() - 1);
            Map<AttemptOutcome, Integer> ended = outcomes.getOrDefault(id, Map.of());
            int attempts = ended.values().stream().mapToInt(Integer::intValue).sum();
            check(attempts == end.epoch(), "a claim without a record, or two records of one", id, ended, each);
            check(
                    ended.getOrDefault(AttemptOutcome.SUCCEEDED, 0) == (end.state() == TaskState.DONE ? 1 : 0),
                    "its results",
                    id,
                    ended,
                    each);
            check(ended.getOrDefault(AttemptOutcome.LOST, 0) == end.crashes(), "its crashes", id, ended, each);
            int tries = ended.getOrDefault(AttemptOutcome.FAILED, 0) + ended.getOrDefault(AttemptOutcome.TIMED_OUT, 0);
            check(tries <= TaskRequest.DEFAULT_MAX_ATTEMPTS, "more tries than it may have", id, ended);
        });
    }

    // The incarnation in the token of a run belongs to the node that ran it, and the claim is one of the row's.
    private void checkOwners(Connection connection) throws SQLException {
        Map<Long, String> nodes = new HashMap<>();
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT incarnation, name FROM node")) {
            while (row.next()) {
                nodes.put(row.getLong("incarnation"), row.getString("name"));
            }
        }
        performances
                .values()
                .forEach(each ->
                        check(each.node.equals(nodes.get(each.token.owner())), "it was claimed by another node", each));
    }

    private void checkResults(Connection connection, Map<TaskId, List<RowHistory.Version>> versions)
            throws SQLException {
        Set<TaskId> withResult = new HashSet<>();
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT task_id AS id, output, epoch FROM task_attempt WHERE outcome = 1 AND output IS NOT NULL")) {
            while (row.next()) {
                TaskId id = new TaskId(row.getLong("id"));
                withResult.add(id);
                check(
                        row.getString("output").equals(output(new FencingToken(id, row.getLong("epoch"), 1))),
                        "the output of another attempt",
                        id,
                        row.getString("output"));
            }
        }
        versions.forEach((id, each) -> check(
                each.get(each.size() - 1).state() != TaskState.DONE || withResult.contains(id),
                "a task is done without a result",
                id));
    }

    private void checkClaims(Map<TaskId, List<RowHistory.Version>> versions) {
        Set<FencingToken> claims = new HashSet<>();
        versions.forEach((id, each) -> each.stream()
                .filter(version -> version.owner() != 0)
                .forEach(version -> claims.add(new FencingToken(id, version.epoch(), version.owner()))));
        performances.values().forEach(run -> check(claims.contains(run.token), "it was never claimed", run));
    }

    private void checkOverlaps() {
        Map<TaskId, List<Performance>> byTask = new HashMap<>();
        performances
                .values()
                .forEach(run -> byTask.computeIfAbsent(run.token.id(), id -> new ArrayList<>())
                        .add(run));
        byTask.values().forEach(runs -> {
            for (Performance one : runs) {
                for (Performance other : runs) {
                    check(
                            one.token.epoch() >= other.token.epoch() || !one.runsBeside(other, STOP_TIME.toNanos()),
                            "two nodes run it, and the first was not stopped",
                            one,
                            other);
                }
            }
        });
    }

    /** How much happened. */
    String summary() {
        long lost = performances.values().stream()
                .filter(each -> each.token.epoch() > 1)
                .count();
        return "accepted " + acknowledged.size() + ", submissions refused " + refused + ", runs of the worker "
                + performances.size() + ", of later claims " + lost + ", ends announced " + announced.size();
    }
}
