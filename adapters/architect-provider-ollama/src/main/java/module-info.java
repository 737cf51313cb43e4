/** Implements the wire format of Ollama. */
module dev.architect.provider.ollama {
    requires transitive dev.architect.core;
    requires transitive dev.architect.provider.http;

    exports dev.architect.provider.ollama;

    provides dev.architect.spi.ModelProviderFactory with
            dev.architect.provider.ollama.OllamaProviderFactory;
}
