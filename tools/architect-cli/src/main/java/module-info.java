/** The gaia command. */
module dev.architect.cli {
    requires transitive dev.architect.core;
    requires com.fasterxml.jackson.databind;
    requires dev.architect.cluster;
    requires dev.architect.micrometer;
    requires dev.architect.planner;
    requires dev.architect.router;
    requires dev.architect.runtime;
    requires static dev.architect.postgres;
    requires static dev.architect.server;
    requires dev.architect.store.sqlite;
    requires dev.architect.simulator;
    requires dev.architect.store.memory;
    requires info.picocli;
    requires org.apache.commons.csv;
    requires static micrometer.registry.prometheus;
    requires jdk.unsupported;
    requires org.slf4j;

    opens dev.architect.cli to
            info.picocli;
    opens dev.architect.cli.launch to
            info.picocli;
    opens dev.architect.cli.access to
            info.picocli;
    opens dev.architect.cli.budget to
            info.picocli;
    opens dev.architect.cli.review to
            info.picocli;
    opens dev.architect.cli.cluster to
            info.picocli;
    opens dev.architect.cli.cost to
            info.picocli;
    opens dev.architect.cli.dataset to
            info.picocli;
    opens dev.architect.cli.demo to
            com.fasterxml.jackson.databind,
            info.picocli;
    opens dev.architect.cli.export to
            info.picocli;
    opens dev.architect.cli.node to
            info.picocli;
    opens dev.architect.cli.policy to
            info.picocli;
    opens dev.architect.cli.project to
            info.picocli;
    opens dev.architect.cli.queue to
            info.picocli;
    opens dev.architect.cli.route to
            info.picocli;
    opens dev.architect.cli.rule to
            info.picocli;
    opens dev.architect.cli.task to
            info.picocli;
    opens dev.architect.cli.terminal to
            info.picocli;
}
