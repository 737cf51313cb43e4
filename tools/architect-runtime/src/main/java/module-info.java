/** Configuration and assembly of an Architect, for servers and command lines. */
module dev.architect.runtime {
    requires transitive dev.architect.cluster;
    requires transitive dev.architect.core;
    requires dev.architect.router;
    requires dev.architect.store.sqlite;
    requires static org.apache.commons.csv;

    exports dev.architect.runtime;
    exports dev.architect.runtime.audit;
    exports dev.architect.runtime.cost;

    uses dev.architect.factory.ClusterTransportFactory;
    uses dev.architect.factory.StoreFactory;
    uses dev.architect.spi.ModelProviderFactory;
}
