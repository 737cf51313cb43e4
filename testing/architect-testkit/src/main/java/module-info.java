/** Contracts of the SPI, fakes, replays and manual time. */
module dev.architect.testkit {
    requires transitive dev.architect.core;
    requires transitive dev.architect.simulator;
    requires com.fasterxml.jackson.databind;
    requires jdk.management;
    requires static org.assertj.core;
    requires static org.junit.jupiter.api;

    exports dev.architect.testkit.cluster;
    exports dev.architect.testkit.project;
    exports dev.architect.testkit.provider;
    exports dev.architect.testkit.replay;
    exports dev.architect.testkit.shard;
    exports dev.architect.testkit.store;
    exports dev.architect.testkit.store.dependency;
    exports dev.architect.testkit.store.flow;
    exports dev.architect.testkit.store.ledger;
    exports dev.architect.testkit.store.node;
    exports dev.architect.testkit.store.waiting;
    exports dev.architect.testkit.time;
    exports dev.architect.testkit.worker;

    uses dev.architect.spi.ModelProviderFactory;
}
