/** REST, metrics and a dashboard over one Architect. */
module dev.architect.server {
    requires transitive dev.architect.cluster;
    requires transitive dev.architect.core;
    requires transitive dev.architect.micrometer;
    requires transitive dev.architect.planner;
    requires dev.architect.router;
    requires transitive dev.architect.runtime;
    requires com.fasterxml.jackson.databind;
    requires com.webauthn4j.core;
    requires io.javalin;
    requires io.nayuki.qrcodegen;
    requires micrometer.core;
    requires transitive micrometer.registry.prometheus;
    // The runtime reads invoices with it, where it is there.
    requires org.apache.commons.csv;
    requires org.slf4j;

    exports dev.architect.server;
}
