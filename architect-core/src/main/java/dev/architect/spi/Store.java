package dev.architect.spi;

import dev.architect.error.StoreException;

/**
 * What must outlive the process: tasks, nodes, ledger and activity. Correctness depends on it alone; every write of an attempt is
 * conditional on its fencing token.
 *
 * <p>Methods block until the change is durable, throw a {@link StoreException} when the store fails, and are safe for use by
 * several threads.
 */
public interface Store extends AutoCloseable {

    /** Tasks and attempts. */
    TaskStore tasks();

    /** Nodes and their sessions. */
    NodeStore nodes();

    /** Calls and their cost. */
    LedgerStore ledger();

    /** The activity log. */
    ActivityStore activity();

    /** Writes what is pending and closes. Calls in progress fail. */
    @Override
    void close();
}
