package dev.architect.store.postgres.cluster;

import dev.architect.postgres.PostgresDatabase;
import dev.architect.task.TaskId;
import dev.architect.task.TaskState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Every version that a task's row had, in the order in which they were committed: the database itself notes them, by a trigger that only this
 * test has. What was rolled back is not among them.
 */
final class RowHistory {

    // The numbers of one row's versions rise, because the second change of a row waits for the end of the first.
    private static final String SET_UP = """
            CREATE TABLE row_history (
                number bigserial PRIMARY KEY, operation text NOT NULL, id bigint NOT NULL, state int NOT NULL, epoch bigint NOT NULL,
                owner bigint, attempt int NOT NULL, crashes int NOT NULL, noted_at timestamptz NOT NULL);
            CREATE FUNCTION note_row() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO row_history (operation, id, state, epoch, owner, attempt, crashes, noted_at) VALUES (
                    TG_OP, coalesce(NEW.id, OLD.id), coalesce(NEW.state, OLD.state), coalesce(NEW.epoch, OLD.epoch),
                    NEW.owner, coalesce(NEW.attempt, OLD.attempt), coalesce(NEW.crashes, OLD.crashes), clock_timestamp());
                RETURN NULL;
            END $$;
            CREATE TRIGGER note_row AFTER INSERT OR UPDATE OR DELETE ON task FOR EACH ROW EXECUTE FUNCTION note_row();
            """;

    /**
     * One version.
     *
     * @param owner the incarnation that runs it, 0 for none
     */
    record Version(String operation, TaskState state, long epoch, long owner, int attempt, int crashes, String at) {

        /** Fails if this cannot be the first version of a task. */
        void checkFirst() {
            check(operation.equals("INSERT"), "was not inserted", this);
            check(state == TaskState.READY || state == TaskState.SCHEDULED, "begins in another state", this);
            check(epoch == 0 && owner == 0 && attempt == 0 && crashes == 0, "begins as if it had run", this);
        }

        /** Fails if {@code next} cannot follow. */
        void checkNext(Version next) {
            check(next.operation.equals("UPDATE"), "was deleted or inserted twice", next);
            check((next.owner != 0) == (next.state == TaskState.RUNNING), "is owned although it does not run", next);
            check(!state.isTerminal() || next.sameAs(this), "has a second end", next);
            if (next.epoch != epoch) {
                check(next.epoch == epoch + 1, "skips an epoch", next);
                check(state == TaskState.READY, "was claimed although it was not ready", next);
                check(next.state == TaskState.RUNNING, "has a new epoch without a claim", next);
                check(next.crashes == crashes, "crashes by a claim", next);
                return;
            }
            switch (state) {
                case RUNNING ->
                    check(
                            next.state != TaskState.RUNNING || next.owner == owner,
                            "changes its owner without a claim",
                            next);
                case READY -> check(next.state != TaskState.RUNNING, "runs without a new epoch", next);
                default -> check(next.state != TaskState.RUNNING, "runs without having been ready", next);
            }
            boolean isLost = next.crashes == crashes + 1;
            check(next.crashes == crashes || (isLost && state == TaskState.RUNNING), "crashes without running", next);
            check(
                    !isLost
                            || next.state == TaskState.READY
                            || next.state == TaskState.DEAD
                            || next.state == TaskState.CANCELLED,
                    "goes elsewhere after a crash",
                    next);
        }

        private boolean sameAs(Version other) {
            return state == other.state && epoch == other.epoch && crashes == other.crashes;
        }

        private void check(boolean holds, String what, Version next) {
            if (!holds) {
                throw new AssertionError("a row " + what + ": from " + this + " to " + next);
            }
        }
    }

    private final PostgresDatabase database;

    private RowHistory(PostgresDatabase database) {
        this.database = database;
    }

    /** Begins to note what happens to the tasks of a database whose tables exist. */
    static RowHistory of(PostgresDatabase database) {
        database.execute(SET_UP);
        return new RowHistory(database);
    }

    /** All versions of each task. */
    Map<TaskId, List<Version>> read() throws SQLException {
        Map<TaskId, List<Version>> versions = new TreeMap<>();
        try (var connection = database.connect();
                var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT * FROM row_history ORDER BY number")) {
            while (rows.next()) {
                versions.computeIfAbsent(new TaskId(rows.getLong("id")), id -> new ArrayList<>())
                        .add(new Version(
                                rows.getString("operation"),
                                TaskState.of(rows.getInt("state")),
                                rows.getLong("epoch"),
                                rows.getLong("owner"),
                                rows.getInt("attempt"),
                                rows.getInt("crashes"),
                                rows.getString("noted_at")));
            }
        }
        return versions;
    }
}
