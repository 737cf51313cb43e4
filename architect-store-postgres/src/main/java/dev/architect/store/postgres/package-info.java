/** The store in a PostgreSQL database, which many processes share. */
package dev.architect.store.postgres;
