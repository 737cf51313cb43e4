package dev.architect.store.jdbi;

import dev.architect.error.StoreException;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/** Reads the database. Safe for use by several threads. */
@FunctionalInterface
public interface ReadConnections {

    /**
     * Runs a query, which sees every change that was durable before. Blocks.
     *
     * @throws StoreException when that fails
     */
    <T> T read(Function<Handle, T> query);
}
