package dev.architect.store.jdbi;

import dev.architect.error.StoreException;
import org.jspecify.annotations.Nullable;

/** Changes the database, one transaction for each body. Safe for use by several threads. */
@FunctionalInterface
public interface TransactionalWrites {

    /**
     * Makes the change and returns once it is durable. Blocks.
     *
     * @throws StoreException when it was not made
     */
    <T extends @Nullable Object> T write(TransactionBody<T> body);
}
