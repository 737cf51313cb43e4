/** Several nodes as one: members and hints between them, placement, health, early take-over. */
module dev.architect.cluster {
    requires static transitive org.jspecify;
    requires transitive dev.architect.core;
    requires org.slf4j;

    exports dev.architect.cluster;
    exports dev.architect.cluster.transport;
    exports dev.architect.cluster.shard;
}
