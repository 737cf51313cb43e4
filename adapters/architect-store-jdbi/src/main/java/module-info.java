/** SQL and migrations that the stores share. */
module dev.architect.store.jdbi {
    requires java.sql;
    requires org.jdbi.v3.core;
}
