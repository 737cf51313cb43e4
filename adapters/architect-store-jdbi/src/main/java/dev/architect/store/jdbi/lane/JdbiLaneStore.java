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
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.task.TaskState;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

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

    /** What has become of a change. */
    private enum Outcome {
        SAVED,
        OTHERS,
        TOO_MANY
    }

    @Override
    public void save(LaneSettings settings) {
        save(settings, Optional.empty());
    }

    @Override
    public boolean change(LaneSettings settings, LaneSettings expected) {
        return save(settings, Optional.of(expected)) == Outcome.SAVED;
    }

    private Outcome save(LaneSettings settings, Optional<LaneSettings> expected) {
        Outcome outcome = writes.write(sql -> {
            // First: it waits for other changes, so that what is read after it is what they have left.
            sql.prepare(LaneSql.RAISE_VERSION).executeUpdate();
            if (expected.isPresent() && !expected.get().equals(of(sql, settings.scope()))) {
                return Outcome.OTHERS;
            }
            PreparedStatement count = sql.prepare(LaneSql.COUNT);
            bind(count, settings.scope());
            try (ResultSet row = count.executeQuery()) {
                if (row.next() && row.getLong(1) >= MAX_SETTINGS) {
                    return Outcome.TOO_MANY;
                }
            }
            PreparedStatement save = sql.prepare(LaneSql.SAVE);
            LaneSql.bind(save, settings);
            save.executeUpdate();
            sql.changed(ChangeTopic.QUEUE, settings.scope().queue());
            return Outcome.SAVED;
        });
        if (outcome == Outcome.TOO_MANY) {
            throw new IllegalArgumentException(
                    "settings of " + settings.scope() + " are too many, expected at most " + MAX_SETTINGS);
        }
        gate.reload();
        return outcome;
    }

    private static LaneSettings of(WriteConnection sql, LaneScope scope) throws SQLException {
        PreparedStatement select = sql.prepare(LaneSql.one());
        bind(select, scope);
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? LaneSql.read(row) : LaneSettings.of(scope);
        }
    }

    private static void bind(PreparedStatement statement, LaneScope scope) throws SQLException {
        statement.setString(1, scope.queue());
        statement.setString(2, LaneSql.tenant(scope));
    }

    @Override
    public boolean remove(LaneScope scope) {
        boolean isRemoved = writes.write(sql -> {
            sql.prepare(LaneSql.RAISE_VERSION).executeUpdate();
            PreparedStatement remove = sql.prepare(LaneSql.REMOVE);
            bind(remove, scope);
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
