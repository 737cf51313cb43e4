package dev.architect.store.postgres;

import dev.architect.node.StoreDescription;
import dev.architect.node.StoreDescription.Reach;
import dev.architect.store.jdbi.ReadConnections;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalInt;

/**
 * What the server states about itself. Standbys are the streams of its write-ahead log that are caught up or catching up; a backup that
 * is being made is none. Whoever may not read the state of these streams sees only how many there are.
 */
final class PostgresFacts {

    private static final String FACTS = "SELECT current_setting('server_version') AS version,"
            + " count(r.pid) AS streams, count(r.state) AS readable,"
            + " count(r.pid) FILTER (WHERE r.state IN ('streaming', 'catchup')) AS standbys"
            + " FROM (SELECT 1) AS one LEFT JOIN pg_stat_replication r ON true";

    private static final String NOT_SEEN =
            "pg_stat_replication has none; a service that replicates its disks does not show there";
    private static final String NO_RIGHTS =
            "the state of the replication may not be read, which pg_read_all_stats or pg_monitor would allow";

    private PostgresFacts() {}

    static StoreDescription read(ReadConnections reads) {
        return reads.read(handle -> handle.createQuery(FACTS)
                .map((row, context) -> description(row))
                .one());
    }

    private static StoreDescription description(ResultSet row) throws SQLException {
        String kind = "PostgreSQL " + row.getString("version");
        int streams = row.getInt("streams");
        if (row.getInt("readable") < streams) {
            return new StoreDescription(kind, Reach.NETWORK, OptionalInt.empty(), NO_RIGHTS);
        }
        int standbys = row.getInt("standbys");
        return new StoreDescription(
                kind, Reach.NETWORK, OptionalInt.of(standbys), standbys == 0 ? NOT_SEEN : "by pg_stat_replication");
    }
}
