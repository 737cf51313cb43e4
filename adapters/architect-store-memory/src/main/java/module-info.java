/** A store that keeps everything in memory. */
module dev.architect.store.memory {
    requires transitive dev.architect.core;
    requires org.slf4j;

    exports dev.architect.store.memory;
}
