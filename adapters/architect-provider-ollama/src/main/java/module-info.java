/** Speaks the wire format of Ollama. */
module dev.architect.provider.ollama {
    requires dev.architect.provider.http;
}
