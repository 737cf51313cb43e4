/** The six providers as a local HTTP server. */
module dev.architect.simulator {
    requires static transitive org.jspecify;
    requires com.fasterxml.jackson.databind;

    exports dev.architect.simulator;
    exports dev.architect.simulator.log;
    exports dev.architect.simulator.script;
}
