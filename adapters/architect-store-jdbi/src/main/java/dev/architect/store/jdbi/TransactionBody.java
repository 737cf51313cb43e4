package dev.architect.store.jdbi;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A change to the database that happens as a whole. It may be run again from its beginning when a transaction was lost, so
 * it changes nothing else.
 *
 * @param <T> what it returns
 */
@FunctionalInterface
public interface TransactionBody<T extends @Nullable Object> {

    /** Makes the change in the transaction that {@code connection} is in. */
    T run(WriteConnection connection) throws SQLException;
}
