/** The embedded default store. */
module dev.architect.store.sqlite {
    requires dev.architect.store.jdbi;
    requires org.xerial.sqlitejdbc;
}
