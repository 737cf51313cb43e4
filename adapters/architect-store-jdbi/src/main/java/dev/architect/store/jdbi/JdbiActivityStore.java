package dev.architect.store.jdbi;

import dev.architect.change.ChangeTopic;
import dev.architect.event.ActivityEntry;
import dev.architect.spi.ActivityStore;
import dev.architect.task.TaskId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The activity log in a database. Safe for use by several threads. */
public final class JdbiActivityStore implements ActivityStore {

    private static final int MOST_NEWEST = 500;
    private static final String INSERT = "INSERT INTO activity (at, kind, task_id, text) VALUES (?, ?, ?, ?)";
    private static final String NEWEST = "SELECT sequence, at, kind, task_id, text FROM activity WHERE sequence < ?"
            + " ORDER BY sequence DESC LIMIT ?";

    /** One kind at a time, because a list of kinds would be sorted after all of their entries were read. */
    private static final String NEWEST_OF_KIND = "SELECT sequence, at, kind, task_id, text FROM activity WHERE kind = ?"
            + " AND sequence < ? ORDER BY sequence DESC LIMIT ?";

    private static final String FOLLOWING =
            "SELECT sequence, at, kind, task_id, text FROM activity WHERE sequence > ?" + " ORDER BY sequence LIMIT ?";
    private static final String FOLLOWING_OF_KIND = "SELECT sequence, at, kind, task_id, text FROM activity"
            + " WHERE kind = ? AND sequence > ? ORDER BY sequence LIMIT ?";

    private final TransactionalWrites writes;
    private final ReadConnections reads;

    /** Creates the store over the connections of one database. */
    public JdbiActivityStore(TransactionalWrites writes, ReadConnections reads) {
        this.writes = writes;
        this.reads = reads;
    }

    @Override
    public void append(List<ActivityEntry> entries) {
        List<ActivityEntry> copy = List.copyOf(entries);
        if (copy.isEmpty()) {
            return;
        }
        writes.write(sql -> {
            PreparedStatement insert = sql.prepare(INSERT);
            for (ActivityEntry entry : copy) {
                insert.setLong(1, Micros.of(entry.at()));
                insert.setString(2, entry.kind());
                Columns.setLong(insert, 3, entry.task().map(TaskId::value).orElse(null));
                insert.setString(4, StoredText.encode(entry.text()));
                insert.executeUpdate();
            }
            sql.changed(ChangeTopic.ACTIVITY, "new");
            return copy.size();
        });
    }

    @Override
    public List<ActivityEntry> newest(long before, int limit) {
        LimitChecks.checkPageLimit(limit, MOST_NEWEST);
        return page(NEWEST, before, limit);
    }

    private List<ActivityEntry> page(String query, long place, int limit) {
        return reads.read(handle -> handle.createQuery(query)
                .bind(0, place)
                .bind(1, limit)
                .map((row, context) -> entry(row))
                .list());
    }

    @Override
    public List<ActivityEntry> newest(Set<String> kinds, long before, int limit) {
        return kinds.isEmpty()
                ? newest(before, limit)
                : ofKinds(
                        NEWEST_OF_KIND,
                        kinds,
                        before,
                        limit,
                        Comparator.comparingLong(ActivityEntry::sequence).reversed());
    }

    @Override
    public List<ActivityEntry> following(Set<String> kinds, long after, int limit) {
        LimitChecks.checkPageLimit(limit, MOST_NEWEST);
        return kinds.isEmpty()
                ? page(FOLLOWING, after, limit)
                : ofKinds(FOLLOWING_OF_KIND, kinds, after, limit, Comparator.comparingLong(ActivityEntry::sequence));
    }

    private List<ActivityEntry> ofKinds(
            String query, Set<String> kinds, long place, int limit, Comparator<ActivityEntry> order) {
        LimitChecks.checkPageLimit(limit, MOST_NEWEST);
        if (kinds.size() > MAX_KINDS) {
            throw new IllegalArgumentException(kinds.size() + " kinds, expected at most " + MAX_KINDS);
        }
        Set<String> wanted = Set.copyOf(kinds);
        return reads.read(handle -> wanted.stream()
                .flatMap(kind -> handle
                        .createQuery(query)
                        .bind(0, kind)
                        .bind(1, place)
                        .bind(2, limit)
                        .map((row, context) -> entry(row))
                        .list()
                        .stream())
                .sorted(order)
                .limit(limit)
                .toList());
    }

    private static ActivityEntry entry(ResultSet row) throws SQLException {
        Long task = Columns.longOrNull(row, "task_id");
        return new ActivityEntry(
                row.getLong("sequence"),
                Micros.instant(row.getLong("at")),
                row.getString("kind"),
                Optional.ofNullable(task == null ? null : new TaskId(task)),
                String.valueOf(StoredText.read(row, "text")));
    }
}
