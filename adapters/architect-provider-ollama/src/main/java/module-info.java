/** Speaks the wire format of Ollama. */
module dev.architect.provider.ollama {
    requires transitive dev.architect.core;
    requires dev.architect.provider.http;
}
