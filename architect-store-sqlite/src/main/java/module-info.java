/** The embedded default store. */
module dev.architect.store.sqlite {
    requires dev.architect.store.jdbi;
    requires java.sql;
    requires org.xerial.sqlitejdbc;
}
