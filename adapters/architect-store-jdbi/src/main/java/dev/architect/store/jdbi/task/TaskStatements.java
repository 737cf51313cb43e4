package dev.architect.store.jdbi.task;

import dev.architect.store.jdbi.WriteConnection;
import dev.architect.task.FencingToken;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * The changes that every task goes through, in the way that is fast on one database. Each runs in the transaction of its caller and keeps
 * the numbers of tasks by lane and state. Safe for use by several threads.
 */
public interface TaskStatements {

    /** Inserts tasks, all of them or none. */
    void insert(WriteConnection sql, List<NewTask> tasks, Instant now) throws SQLException;

    /** Claims ready tasks, in any order. At most one of them is a suspect. */
    List<ClaimedRow> claim(WriteConnection sql, ClaimLanes lanes, Instant now) throws SQLException;

    /** Ends attempts whose fencing token still matches, and returns these. */
    Set<FencingToken> finish(WriteConnection sql, List<EndRow> ends, Instant now) throws SQLException;
}
