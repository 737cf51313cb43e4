/** Classifies a request, orders the candidate models, fails over and prices. */
module dev.architect.router {
    requires transitive dev.architect.core;
    requires dev.failsafe.core;
    requires micrometer.core;
    requires org.slf4j;
    requires org.yaml.snakeyaml;
}
