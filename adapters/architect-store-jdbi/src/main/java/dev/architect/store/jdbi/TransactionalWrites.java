package dev.architect.store.jdbi;

import dev.architect.error.StoreException;
import org.jspecify.annotations.Nullable;

/** The way to change the database. Safe for use by several threads. */
@FunctionalInterface
public interface TransactionalWrites {

    /**
     * Makes the change and returns once it is durable.
     *
     * @throws StoreException when it was not made
     */
    <T extends @Nullable Object> T write(TransactionBody<T> body);
}
