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
public final class StateCounts {

    /** States are below this. */
    private static final int STATES = 256;

    // Sorted, so that two transactions lock these rows in the same order.
    private final Map<Long, Integer> changes = new TreeMap<>();

    /** Creates an empty note. */
    public StateCounts() {}

    /** Notes {@code count} new tasks in {@code state}, or as many fewer. */
    public void add(long lane, int state, int count) {
        changes.merge(lane * STATES + state, count, Integer::sum);
    }

    /** Notes that a task has left one state for another. */
    public void move(long lane, int from, int to) {
        add(lane, from, -1);
        add(lane, to, 1);
    }

    /** Writes what was noted, once, in the transaction of the changes themselves. */
    public void save(WriteConnection sql) throws SQLException {
        for (Map.Entry<Long, Integer> change : changes.entrySet()) {
            if (change.getValue() != 0) {
                PreparedStatement add = sql.prepare(sql.dialect().addCount());
                add.setLong(1, change.getKey() / STATES);
                add.setLong(2, change.getKey() % STATES);
                add.setInt(3, change.getValue());
                add.executeUpdate();
            }
        }
        changes.clear();
    }
}
