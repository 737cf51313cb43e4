package dev.architect.store.jdbi.task;

import dev.architect.store.jdbi.WriteConnection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

/**
 * How one transaction changes the numbers of tasks by lane and state. Nothing counts the rows: their number is kept beside them,
 * and each change of a state is noted here. Used by one thread.
 */
final class StateCounts {

    private static final String ADD = "INSERT INTO task_count (lane, state, n) VALUES (?, ?, ?)"
            + " ON CONFLICT (lane, state) DO UPDATE SET n = task_count.n + excluded.n";

    /** States are below this. */
    private static final int STATES = 256;

    // Sorted, so that two transactions lock these rows in the same order.
    private final Map<Long, Integer> changes = new TreeMap<>();

    /** Notes {@code count} new tasks in {@code state}, or as many fewer. */
    void add(long lane, int state, int count) {
        changes.merge(lane * STATES + state, count, Integer::sum);
    }

    /** Notes that a task has left one state for another. */
    void move(long lane, int from, int to) {
        add(lane, from, -1);
        add(lane, to, 1);
    }

    /** Writes what was noted, once, in the transaction of the changes themselves. */
    void save(WriteConnection sql) throws SQLException {
        for (Map.Entry<Long, Integer> change : changes.entrySet()) {
            if (change.getValue() != 0) {
                PreparedStatement add = sql.prepare(ADD);
                add.setLong(1, change.getKey() / STATES);
                add.setLong(2, change.getKey() % STATES);
                add.setInt(3, change.getValue());
                add.executeUpdate();
            }
        }
        changes.clear();
    }
}
