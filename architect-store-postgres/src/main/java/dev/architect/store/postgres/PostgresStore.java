package dev.architect.store.postgres;

/** The store in a PostgreSQL database, for one process or many. Safe for use by several threads. */
public final class PostgresStore {

    private PostgresStore() {}
}
