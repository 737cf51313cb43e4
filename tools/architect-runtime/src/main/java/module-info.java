/** Configuration and assembly of an Architect, for servers and command lines. */
module dev.architect.runtime {
    requires transitive dev.architect.core;
    requires dev.architect.provider.anythingllm;
    requires dev.architect.provider.claude;
    requires dev.architect.provider.gemini;
    requires dev.architect.provider.ollama;
    requires dev.architect.provider.openai;
    requires dev.architect.provider.perplexity;
    requires dev.architect.router;
    requires dev.architect.store.sqlite;
    requires transitive micrometer.core;

    exports dev.architect.runtime;
}
