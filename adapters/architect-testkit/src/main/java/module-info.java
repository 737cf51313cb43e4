/** Contracts, fakes, manual time and the provider simulator. */
module dev.architect.testkit {
    requires transitive dev.architect.core;
    requires com.fasterxml.jackson.databind;
    requires jdk.management;
    requires static org.assertj.core;
    requires static org.junit.jupiter.api;

    exports dev.architect.testkit;
    exports dev.architect.testkit.simulator;
}
