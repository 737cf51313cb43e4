package dev.architect.store.jdbi;

import dev.architect.error.StoreException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Changes the database, one transaction for each body. Safe for use by several threads. */
@FunctionalInterface
public interface TransactionalWrites {

    /**
     * Makes the change and returns once it is durable. Blocks.
     *
     * @throws StoreException when it was not made
     */
    <T extends @Nullable Object> T write(Body<T> body);

    /** A result that stands beside others: what the change was made for. */
    interface Wrapped {

        /** Returns it. */
        @Nullable
        Object result();
    }

    /**
     * A change to the database that happens as a whole. It may be run again from its beginning when a transaction was lost, so
     * it changes nothing else.
     *
     * @param <T> what it returns
     */
    @FunctionalInterface
    interface Body<T extends @Nullable Object> {

        /** Makes the change in the transaction that {@code connection} is in. */
        T run(WriteConnection connection) throws SQLException;
    }
}
