/** Implements the wire format of AnythingLLM. */
module dev.architect.provider.anythingllm {
    requires transitive dev.architect.core;
    requires transitive dev.architect.provider.http;

    exports dev.architect.provider.anythingllm;

    provides dev.architect.spi.ModelProviderFactory with
            dev.architect.provider.anythingllm.AnythingLlmProviderFactory;
}
