package dev.architect.store.jdbi.task;

import dev.architect.shard.ShardNotServedException;
import dev.architect.shard.ShardPhase;
import dev.architect.shard.ShardPlace;
import dev.architect.store.jdbi.WriteConnection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Refuses submissions of shards that the store does not serve. A store that is in no group has no row of any shard, and serves all. */
public final class ShardGate {

    private static final String PLACES = "SELECT shard, epoch, phase, store FROM shard_place WHERE shard ";

    private ShardGate() {}

    /**
     * Checks the shards of new tasks in the transaction that inserts them, and keeps a move from closing them before it ends.
     *
     * @throws ShardNotServedException when one is not served, or when an id has the number of another store
     */
    public static void requireServed(WriteConnection sql, List<NewTask> tasks) throws SQLException {
        List<Long> shards = tasks.stream()
                .map(task -> (long) task.id().shard())
                .distinct()
                .sorted()
                .toList();
        if (shards.isEmpty()) {
            return;
        }
        PreparedStatement select = sql.prepare(PLACES
                + sql.dialect().isOneOf(shards.size())
                + " ORDER BY shard"
                + sql.dialect().forShare());
        sql.dialect().bindIds(select, 1, shards);
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                require(row, tasks);
            }
        }
    }

    private static void require(ResultSet row, List<NewTask> tasks) throws SQLException {
        ShardPlace place =
                new ShardPlace(row.getInt("shard"), row.getLong("epoch"), ShardPhase.of(row.getInt("phase")));
        int store = row.getInt("store");
        if (place.phase() != ShardPhase.SERVED
                || tasks.stream().anyMatch(task -> task.id().store() != store)) {
            throw ShardNotServedException.of(place);
        }
    }
}
