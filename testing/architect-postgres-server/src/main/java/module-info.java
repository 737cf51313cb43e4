/** PostgreSQL servers for tests, benchmarks and demos. */
module dev.architect.postgres {
    requires static transitive org.jspecify;
    requires transitive java.sql;
    requires org.tukaani.xz;

    exports dev.architect.postgres;
}
