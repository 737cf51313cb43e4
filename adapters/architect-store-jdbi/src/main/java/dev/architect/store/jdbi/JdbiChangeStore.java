package dev.architect.store.jdbi;

import dev.architect.change.ChangePage;
import dev.architect.change.ChangePosition;
import dev.architect.change.ChangeStore;
import dev.architect.change.ChangeTopic;
import dev.architect.change.RecordedChange;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The log of changes in a database. Safe for use by several threads. */
public final class JdbiChangeStore implements ChangeStore {

    /** In the order of the log, and with the number from which on it is kept. */
    static final String NEWEST = "SELECT e.era, coalesce((SELECT max(sequence) FROM change_log), 0) AS newest,"
            + " coalesce((SELECT min(sequence) FROM change_log), 1) AS oldest FROM change_era e WHERE e.id = 1";

    static final String AFTER =
            "SELECT sequence, topic, keys FROM change_log WHERE sequence > ? ORDER BY sequence LIMIT ?";

    private final TransactionalWrites writes;
    private final ReadConnections reads;
    private final Runnable beforeReads;

    /**
     * Creates the store over the connections of one database.
     *
     * @param beforeReads gives numbers to what was changed and has none yet; does nothing where the transaction of the change gives them
     */
    public JdbiChangeStore(TransactionalWrites writes, ReadConnections reads, Runnable beforeReads) {
        this.writes = writes;
        this.reads = reads;
        this.beforeReads = beforeReads;
    }

    private record Ends(String era, long oldest, long newest) {

        ChangePosition position() {
            return new ChangePosition(era, newest);
        }
    }

    /** An entry, or the number of one whose topic only a later version knows. */
    private record Row(long sequence, Optional<RecordedChange> change) {}

    @Override
    public ChangePosition newest() {
        beforeReads.run();
        return reads.read(JdbiChangeStore::ends).position();
    }

    @Override
    public ChangePage after(ChangePosition position, int limit) {
        LimitChecks.checkPageLimit(limit, MAX_PAGE);
        beforeReads.run();
        return reads.read(handle -> after(handle, position, limit));
    }

    private static ChangePage after(Handle handle, ChangePosition position, int limit) {
        Ends ends = ends(handle);
        boolean isKept = position.sequence() >= ends.oldest() - 1 && position.sequence() <= ends.newest();
        if (!isKept || !position.era().equals(ends.era())) {
            return new ChangePage(true, List.of(), ends.position());
        }
        if (position.sequence() == ends.newest()) {
            return new ChangePage(false, List.of(), position);
        }
        List<Row> rows = handle.createQuery(AFTER)
                .bind(0, position.sequence())
                .bind(1, limit)
                .map((row, context) -> row(row))
                .list();
        if (rows.isEmpty() || rows.get(0).sequence() != position.sequence() + 1) {
            // The oldest were deleted between the two queries.
            return new ChangePage(true, List.of(), ends.position());
        }
        return new ChangePage(
                false,
                rows.stream().flatMap(row -> row.change().stream()).toList(),
                new ChangePosition(ends.era(), rows.get(rows.size() - 1).sequence()));
    }

    private static Row row(ResultSet row) throws SQLException {
        long sequence = row.getLong("sequence");
        List<String> keys = ChangeNotes.keys(row.getString("keys"));
        return new Row(
                sequence, ChangeTopic.of(row.getInt("topic")).map(topic -> new RecordedChange(sequence, topic, keys)));
    }

    private static Ends ends(Handle handle) {
        return handle.createQuery(NEWEST)
                .map((row, context) -> new Ends(
                        Long.toString(row.getLong("era"), Character.MAX_RADIX),
                        row.getLong("oldest"),
                        row.getLong("newest")))
                .one();
    }

    @Override
    public void beginEra() {
        writes.write(sql -> {
            sql.execute("UPDATE change_era SET era = era + 1 WHERE id = 1");
            return true;
        });
    }
}
