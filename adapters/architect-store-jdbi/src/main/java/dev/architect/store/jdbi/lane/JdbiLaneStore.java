package dev.architect.store.jdbi.lane;

import dev.architect.change.ChangeTopic;
import dev.architect.lane.Lane.TypeInLane;
import dev.architect.lane.LaneCount;
import dev.architect.lane.LaneScope;
import dev.architect.lane.LaneSettings;
import dev.architect.lane.LaneStore;
import dev.architect.store.jdbi.ReadConnections;
import dev.architect.store.jdbi.SqlDialect;
import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.task.TaskState;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.List;

/** Settings of queues and tenants in a database. Safe for use by several threads. */
public final class JdbiLaneStore implements LaneStore {

    private final TransactionalWrites writes;
    private final ReadConnections reads;
    private final SqlDialect dialect;
    private final LaneGate gate;

    /** Creates the store over the connections of one database; {@code gate} is that of its tasks. */
    public JdbiLaneStore(TransactionalWrites writes, ReadConnections reads, SqlDialect dialect, LaneGate gate) {
        this.writes = writes;
        this.reads = reads;
        this.dialect = dialect;
        this.gate = gate;
    }

    @Override
    public void save(LaneSettings settings) {
        boolean isSaved = writes.write(sql -> {
            sql.prepare(LaneSql.RAISE_VERSION).executeUpdate();
            PreparedStatement count = sql.prepare(LaneSql.COUNT);
            count.setString(1, settings.scope().queue());
            count.setString(2, LaneSql.tenant(settings.scope()));
            try (ResultSet row = count.executeQuery()) {
                if (row.next() && row.getLong(1) >= MAX_SETTINGS) {
                    return false;
                }
            }
            PreparedStatement save = sql.prepare(LaneSql.SAVE);
            LaneSql.bind(save, settings);
            save.executeUpdate();
            sql.changed(ChangeTopic.QUEUE, settings.scope().queue());
            return true;
        });
        if (!isSaved) {
            throw new IllegalArgumentException(
                    "settings of " + settings.scope() + " are too many, expected at most " + MAX_SETTINGS);
        }
        gate.reload();
    }

    @Override
    public boolean remove(LaneScope scope) {
        boolean isRemoved = writes.write(sql -> {
            sql.prepare(LaneSql.RAISE_VERSION).executeUpdate();
            PreparedStatement remove = sql.prepare(LaneSql.REMOVE);
            remove.setString(1, scope.queue());
            remove.setString(2, LaneSql.tenant(scope));
            sql.changed(ChangeTopic.QUEUE, scope.queue());
            return remove.executeUpdate() > 0;
        });
        gate.reload();
        return isRemoved;
    }

    @Override
    public List<LaneSettings> settings() {
        return gate.reload();
    }

    @Override
    public List<LaneCount> counts() {
        return reads.read(handle -> handle.createQuery(LaneSql.unfinished(dialect))
                .map((row, context) -> {
                    TypeInLane lane = TypeInLane.parse(row.getString("type"));
                    return new LaneCount(lane.lane(), lane.type(), TaskState.of(row.getInt("state")), row.getLong("n"));
                })
                .list());
    }
}
