package dev.architect.store.jdbi.task;

import dev.architect.change.ChangeTopic;
import dev.architect.project.ProjectId;
import dev.architect.store.jdbi.Columns;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.SqlDialect;
import dev.architect.store.jdbi.StoredText;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.store.jdbi.dependency.DependencyRows;
import dev.architect.store.jdbi.dependency.EndedParents;
import dev.architect.task.KeyLimit;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction has to see to at its end: the children of tasks that have ended in it, and then the limit keys that it has to do with. A task with such a key has a permit while it is ready or runs. It never becomes ready by
 * itself but waits, as {@link TaskState#LIMITED}; at the end of the transaction the free permits of its keys are given to those that wait.
 *
 * <p>Nothing is counted up, so no permit is ever lost: the row of the key is locked, the next statement counts the tasks that have a
 * permit, and as many get one as are left. A transaction that adds a permit holds that lock until its commit. A task that another transaction holds is
 * passed over instead of waited for, so that a transaction that holds a key never waits for a task.
 */
public final class LimitKeys {

    /** The state of a task that could become ready: its parents come first, and the permit of its limit key last. */
    static final String READY_OR_LIMITED = "CASE WHEN pending > 0 THEN 3 WHEN limit_key IS NULL THEN 0 ELSE 4 END";

    private static final String HAS_PERMIT = " AND limit_key IS NOT NULL AND state >= 0 AND state < 2";

    private static final String ADD =
            "INSERT INTO key_limit (id, max_running) VALUES (?, 1) ON CONFLICT (id) DO NOTHING";

    private static final String SET = "INSERT INTO key_limit (id, max_running, project, name) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT (id) DO UPDATE SET max_running = excluded.max_running, project = excluded.project,"
            + " name = excluded.name";

    private static final String REMOVE =
            "UPDATE key_limit SET max_running = 1, project = NULL, name = NULL WHERE id = ? AND name IS NOT NULL";

    static final String RULES = "SELECT project, name, max_running FROM key_limit WHERE name IS NOT NULL"
            + " AND (project, name) > (?, ?) ORDER BY project, name LIMIT ?";

    /** Keys after a number for which tasks wait, each found by one look into the index, with what they have and may have. */
    static final String WAITING = "WITH RECURSIVE k(id, n) AS ("
            + "SELECT (SELECT min(limit_key) FROM task WHERE state = 4 AND limit_key > ?), 1"
            + " UNION ALL SELECT (SELECT min(t.limit_key) FROM task t WHERE t.state = 4 AND t.limit_key > k.id), n + 1"
            + " FROM k WHERE k.id IS NOT NULL AND k.n < ?)"
            + " SELECT k.id, (SELECT count(*) FROM task t WHERE t.limit_key = k.id AND t.limit_key IS NOT NULL"
            + " AND t.state >= 0 AND t.state < 2) AS n, (SELECT max_running FROM key_limit l WHERE l.id = k.id) AS most"
            + " FROM k WHERE k.id IS NOT NULL ORDER BY k.id";

    private final SortedSet<Long> keys = new TreeSet<>();
    private final EndedParents ended = new EndedParents();

    /** Creates an empty set. */
    public LimitKeys() {}

    /** A task that has got a permit. */
    record Promoted(long lane, long sortKey) {}

    static String lock(SqlDialect dialect, int count) {
        return "SELECT id, max_running FROM key_limit WHERE id " + dialect.isOneOf(count) + " ORDER BY id"
                + dialect.forUpdate();
    }

    static String permits(SqlDialect dialect, int count) {
        return "SELECT limit_key, count(*) AS n FROM task WHERE limit_key " + dialect.isOneOf(count) + HAS_PERMIT
                + " GROUP BY limit_key";
    }

    /** A level is 30 seconds of microseconds. */
    static String promote(SqlDialect dialect) {
        return "UPDATE task SET state = 0, sort_key = ? + level * 30000000 WHERE id "
                + dialect.isPicked(
                        "SELECT id FROM task WHERE state = 4 AND limit_key = ? ORDER BY sort_key, id LIMIT ?")
                + " RETURNING id, lane, sort_key";
    }

    static String deleteUnused(SqlDialect dialect) {
        return "DELETE FROM key_limit WHERE id "
                + dialect.isPicked("SELECT id FROM key_limit WHERE name IS NULL"
                        + " AND NOT EXISTS (SELECT 1 FROM task t WHERE t.limit_key = key_limit.id AND t.state = 4)"
                        + " AND NOT EXISTS (SELECT 1 FROM task t WHERE t.limit_key = key_limit.id"
                        + " AND t.limit_key IS NOT NULL AND t.state >= 0 AND t.state < 2) ORDER BY id LIMIT ?");
    }

    /** Adds the key of a row, if its column {@code limit_key} has one. */
    public void add(ResultSet row) throws SQLException {
        Long key = Columns.longOrNull(row, "limit_key");
        if (key != null) {
            keys.add(key);
        }
    }

    void add(@Nullable Long key) {
        if (key != null) {
            keys.add(key);
        }
    }

    void add(TaskRequest request) {
        add(KeyLimit.numberOrNull(request));
    }

    /** Notes a task that may have ended, by its columns {@code id}, {@code state} and {@code flags}. */
    public void ended(ResultSet row) throws SQLException {
        ended(row.getLong("id"), row.getInt("state"), row.getInt("flags"));
    }

    /** Notes a task that is in {@code state} from now on. */
    void ended(long id, int state, int flags) {
        if (state >= TaskState.DONE.number() && (flags & DependencyRows.HAS_CHILDREN) != 0) {
            ended.add(id);
        }
    }

    /** The ended tasks with children. */
    EndedParents endedParents() {
        return ended;
    }

    /** Lets the children of ended tasks go on, or end with them, and returns those that are ready. */
    List<Promoted> settleChildren(WriteConnection sql, Instant now) throws SQLException {
        List<EndedParents.Moved> moved = ended.settle(sql, now);
        return moved.isEmpty() ? List.of() : count(sql, moved);
    }

    /** Counts tasks that have changed their state, and returns those that are ready. */
    List<Promoted> count(WriteConnection sql, List<EndedParents.Moved> moved) throws SQLException {
        List<Promoted> ready = new ArrayList<>();
        StateCounts counts = new StateCounts();
        for (EndedParents.Moved task : moved) {
            counts.move(task.lane(), task.from().number(), task.to().number());
            add(task.limitKey());
            if (task.to() == TaskState.READY) {
                ready.add(new Promoted(task.lane(), task.sortKey()));
            }
        }
        counts.save(sql);
        return ready;
    }

    /**
     * Sees to the children of ended tasks, and gives the free permits of the keys to the tasks that wait for them; the last change of a
     * transaction.
     */
    List<Promoted> promote(WriteConnection sql, Instant now) throws SQLException {
        List<Promoted> promoted = new ArrayList<>(settleChildren(sql, now));
        if (keys.isEmpty()) {
            return promoted;
        }
        int released = promoted.size();
        StateCounts counts = new StateCounts();
        List<Long> all = List.copyOf(keys);
        for (int from = 0; from < all.size(); from += WriteConnection.MAX_IDS) {
            Map<Long, Integer> free =
                    free(sql, all.subList(from, Math.min(all.size(), from + WriteConnection.MAX_IDS)));
            for (Map.Entry<Long, Integer> key : free.entrySet()) {
                promote(sql, key.getKey(), key.getValue(), now, promoted);
            }
        }
        promoted.subList(released, promoted.size())
                .forEach(task -> counts.move(task.lane(), TaskState.LIMITED.number(), TaskState.READY.number()));
        counts.save(sql);
        return promoted;
    }

    private static void promote(WriteConnection sql, long key, int limit, Instant now, List<Promoted> into)
            throws SQLException {
        PreparedStatement promote = sql.prepare(promote(sql.dialect()));
        promote.setLong(1, Micros.of(now));
        promote.setLong(2, key);
        promote.setInt(3, limit);
        try (ResultSet row = promote.executeQuery()) {
            while (row.next()) {
                into.add(new Promoted(row.getLong("lane"), row.getLong("sort_key")));
                sql.changed(ChangeTopic.TASK, row.getLong("id"));
            }
        }
    }

    /** Locks the keys, and returns how many permits each has left. */
    private static Map<Long, Integer> free(WriteConnection sql, List<Long> keys) throws SQLException {
        Map<Long, Integer> free = lock(sql, keys);
        // A row that is not used may be deleted between the two statements.
        while (free.size() < keys.size()) {
            for (long key : keys) {
                PreparedStatement add = sql.prepare(ADD);
                add.setLong(1, key);
                add.executeUpdate();
            }
            free = lock(sql, keys);
        }
        PreparedStatement permits = sql.prepare(permits(sql.dialect(), keys.size()));
        sql.dialect().bindIds(permits, 1, keys);
        try (ResultSet row = permits.executeQuery()) {
            while (row.next()) {
                free.merge(row.getLong("limit_key"), -row.getInt("n"), Integer::sum);
            }
        }
        free.values().removeIf(left -> left <= 0);
        return free;
    }

    private static Map<Long, Integer> lock(WriteConnection sql, List<Long> keys) throws SQLException {
        PreparedStatement lock = sql.prepare(lock(sql.dialect(), keys.size()));
        sql.dialect().bindIds(lock, 1, keys);
        Map<Long, Integer> most = new TreeMap<>();
        try (ResultSet row = lock.executeQuery()) {
            while (row.next()) {
                most.put(row.getLong("id"), row.getInt("max_running"));
            }
        }
        return most;
    }

    /** Sets the limit of a key, whose free permits are to be given out afterwards. */
    void set(WriteConnection sql, KeyLimit limit) throws SQLException {
        long number = KeyLimit.numberOf(limit.project(), limit.key());
        PreparedStatement set = sql.prepare(SET);
        set.setLong(1, number);
        set.setInt(2, limit.maxRunning());
        set.setString(3, limit.project().name());
        set.setString(4, StoredText.encode(limit.key()));
        set.executeUpdate();
        keys.add(number);
    }

    /** Gives a key the default limit, and returns whether it had another one. */
    static boolean remove(WriteConnection sql, ProjectId project, String key) throws SQLException {
        PreparedStatement remove = sql.prepare(REMOVE);
        remove.setLong(1, KeyLimit.numberOf(project, key));
        return remove.executeUpdate() > 0;
    }

    static KeyLimit rule(ResultSet row) throws SQLException {
        return new KeyLimit(
                new ProjectId(row.getString("project")),
                Objects.requireNonNull(StoredText.read(row, "name")),
                row.getInt("max_running"));
    }

    /**
     * Some keys for which tasks wait.
     *
     * @param free those that have permits left
     * @param last where to go on; empty when there are no more
     */
    record Waiting(List<Long> free, Optional<Long> last) {}

    static Waiting waiting(Connection connection, long after, int limit) throws SQLException {
        List<Long> free = new ArrayList<>();
        int seen = 0;
        long last = after;
        try (PreparedStatement select = connection.prepareStatement(WAITING)) {
            select.setLong(1, after);
            select.setInt(2, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    last = row.getLong("id");
                    int most = row.getInt("most");
                    if (row.getInt("n") < (most == 0 ? KeyLimit.DEFAULT : most)) {
                        free.add(last);
                    }
                    seen++;
                }
            }
        }
        return new Waiting(free, seen < limit ? Optional.empty() : Optional.of(last));
    }

    /** Whether a row may be deleted: a look that costs less than a transaction. */
    static boolean hasNameless(Handle handle) {
        return handle.createQuery("SELECT 1 FROM key_limit WHERE name IS NULL LIMIT 1")
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    static int deleteUnused(WriteConnection sql, int limit) throws SQLException {
        PreparedStatement delete = sql.prepare(deleteUnused(sql.dialect()));
        delete.setInt(1, limit);
        return delete.executeUpdate();
    }
}
