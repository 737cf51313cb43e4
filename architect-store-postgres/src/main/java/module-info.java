/** The store that many processes share. */
module dev.architect.store.postgres {
    requires transitive dev.architect.core;
    requires transitive java.sql;
    requires com.zaxxer.hikari;
    requires dev.architect.store.jdbi;
    requires org.postgresql.jdbc;
    requires org.slf4j;

    exports dev.architect.store.postgres;

    provides dev.architect.factory.StoreFactory with
            dev.architect.store.postgres.PostgresStoreFactory;
}
