/** Members of a cluster and messages between them over TCP, with JGroups. */
module dev.architect.transport.jgroups {
    requires static transitive org.jspecify;
    requires transitive dev.architect.core;
    requires org.jgroups;
    requires org.slf4j;

    exports dev.architect.transport.jgroups;

    provides dev.architect.factory.ClusterTransportFactory with
            dev.architect.transport.jgroups.JGroupsTransportFactory;
}
