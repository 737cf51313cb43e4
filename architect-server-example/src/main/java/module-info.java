/** A server that wires every part: REST, metrics and a dashboard. */
module dev.architect.server {
    requires transitive dev.architect.core;
    requires com.fasterxml.jackson.databind;
    requires dev.architect.provider.anythingllm;
    requires dev.architect.provider.claude;
    requires dev.architect.provider.gemini;
    requires dev.architect.provider.ollama;
    requires dev.architect.provider.openai;
    requires dev.architect.provider.perplexity;
    requires dev.architect.router;
    requires dev.architect.store.sqlite;
    requires io.javalin;
    requires micrometer.core;
    requires transitive micrometer.registry.prometheus;
    requires org.slf4j;

    exports dev.architect.server;
}
