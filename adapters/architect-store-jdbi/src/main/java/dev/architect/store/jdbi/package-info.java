/**
 * SQL and migrations that the stores share. A store brings connections ({@link dev.architect.store.jdbi.TransactionalWrites},
 * {@link dev.architect.store.jdbi.ReadConnections}), its dialect, and how it knows that a node lives.
 */
@NullMarked
package dev.architect.store.jdbi;

import org.jspecify.annotations.NullMarked;
