package dev.architect.store.jdbi;

import dev.architect.error.StoreException;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/** The way to read the database. Safe for use by several threads. */
@FunctionalInterface
public interface ReadConnections {

    /**
     * Reads, and sees everything that was durable before.
     *
     * @throws StoreException when that fails
     */
    <T> T read(Function<Handle, T> query);
}
