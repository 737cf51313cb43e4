/** The embedded default store. */
module dev.architect.store.sqlite {
    requires transitive dev.architect.core;
    requires transitive java.sql;
    requires dev.architect.store.jdbi;
    requires org.slf4j;
    requires org.xerial.sqlitejdbc;

    exports dev.architect.store.sqlite;
}
