/** Implements the wire format of OpenAI. */
module dev.architect.provider.openai {
    requires transitive dev.architect.core;
    requires transitive dev.architect.provider.http;

    exports dev.architect.provider.openai;

    provides dev.architect.spi.ModelProviderFactory with
            dev.architect.provider.openai.OpenAiProviderFactory;
}
