/** Classifies a request, orders the candidate models, fails over and prices. */
@SuppressWarnings(
        "module") // The runtime is built after the router, so the compiler does not see the module that it opens a
// package to.
module dev.architect.router {
    requires static transitive org.jspecify;
    requires transitive dev.architect.core;
    requires transitive micrometer.core;
    requires transitive micrometer.observation;
    requires com.github.benmanes.caffeine;
    requires static com.fasterxml.jackson.databind;
    requires static com.networknt.schema;
    requires static java.compiler;
    requires org.slf4j;
    requires org.yaml.snakeyaml;

    exports dev.architect.router;
    exports dev.architect.router.bandit;
    exports dev.architect.router.choice;
    exports dev.architect.router.classification;
    exports dev.architect.router.evaluation;
    exports dev.architect.router.learned;
    exports dev.architect.router.policy;
    exports dev.architect.router.pricing;
    exports dev.architect.router.replay;
    exports dev.architect.router.verification;
    exports dev.architect.router.rule;
    exports dev.architect.router.yaml to
            dev.architect.runtime;
}
