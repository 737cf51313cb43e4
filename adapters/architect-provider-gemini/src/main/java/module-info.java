/** Implements the wire format of Gemini. */
module dev.architect.provider.gemini {
    requires transitive dev.architect.core;
    requires transitive dev.architect.provider.http;

    exports dev.architect.provider.gemini;

    provides dev.architect.spi.ModelProviderFactory with
            dev.architect.provider.gemini.GeminiProviderFactory;
}
