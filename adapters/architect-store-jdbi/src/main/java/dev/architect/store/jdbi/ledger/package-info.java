/** The ledger in a database, with its sums by minute, hour, day and more. */
package dev.architect.store.jdbi.ledger;
