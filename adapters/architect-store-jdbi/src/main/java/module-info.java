/** SQL and migrations that the stores share. */
module dev.architect.store.jdbi {
    requires transitive dev.architect.core;
    requires transitive java.sql;
    requires transitive org.jdbi.v3.core;

    // Jdbi has no descriptor that could ask for what it needs.
    requires io.leangen.geantyref;
    requires org.slf4j;

    exports dev.architect.store.jdbi;
    exports dev.architect.store.jdbi.access;
    exports dev.architect.store.jdbi.creation;
    exports dev.architect.store.jdbi.dependency;
    exports dev.architect.store.jdbi.export;
    exports dev.architect.store.jdbi.lane;
    exports dev.architect.store.jdbi.ledger;
    exports dev.architect.store.jdbi.project;
    exports dev.architect.store.jdbi.review;
    exports dev.architect.store.jdbi.schema;
    exports dev.architect.store.jdbi.step;
    exports dev.architect.store.jdbi.task;
}
