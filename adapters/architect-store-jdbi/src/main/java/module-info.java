/** SQL and migrations that the stores share. */
module dev.architect.store.jdbi {
    requires transitive dev.architect.core;
    requires transitive java.sql;
    requires transitive org.jdbi.v3.core;
    requires org.slf4j;

    // Jdbi has no descriptor that could ask for what it needs.
    requires io.leangen.geantyref;

    exports dev.architect.store.jdbi;
    exports dev.architect.store.jdbi.schema;
    exports dev.architect.store.jdbi.step;
    exports dev.architect.store.jdbi.task;
}
