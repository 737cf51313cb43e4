/** The embedded default store. */
module dev.architect.store.sqlite {
    requires transitive dev.architect.core;
    requires dev.architect.store.jdbi;
    requires org.xerial.sqlitejdbc;
}
