/** Connections to a PostgreSQL database, and transactions on them. */
@NullMarked
package dev.architect.store.postgres.connection;

import org.jspecify.annotations.NullMarked;
