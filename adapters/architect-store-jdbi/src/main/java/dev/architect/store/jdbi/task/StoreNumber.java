package dev.architect.store.jdbi.task;

import dev.architect.shard.ShardNotServedException;
import dev.architect.store.jdbi.ReadConnections;
import dev.architect.store.jdbi.WriteConnection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.IntFunction;
import org.jdbi.v3.core.Handle;

/**
 * The number of this store in its group, which stands in the ids of its tasks; 0 in a store that is in none. It is read once, and again when
 * the database refuses ids with it: another process may have made the store a part of a group since. Safe for use by several threads.
 */
final class StoreNumber {

    private static final int UNKNOWN = -1;

    private final ReadConnections reads;
    private volatile int number = UNKNOWN;

    StoreNumber(ReadConnections reads) {
        this.reads = reads;
    }

    /** Makes a change with ids of this store. Blocks for the store when the number is not known. */
    <T> T with(IntFunction<T> change) {
        int used = get();
        try {
            return change.apply(used);
        } catch (ShardNotServedException refused) {
            number = UNKNOWN;
            if (get() == used) {
                throw refused;
            }
            return change.apply(get());
        }
    }

    private int get() {
        int known = number;
        if (known == UNKNOWN) {
            known = reads.read(StoreNumber::read);
            number = known;
        }
        return known;
    }

    private static int read(Handle handle) {
        return handle.createQuery(ShardSql.NUMBER)
                .map((row, context) -> row.getInt(1))
                .one();
    }

    /** Reads it in a transaction of the caller. */
    static int read(WriteConnection sql) throws SQLException {
        try (ResultSet row = sql.prepare(ShardSql.NUMBER).executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }
}
