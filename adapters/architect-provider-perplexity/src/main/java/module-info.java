/** Implements the wire format of Perplexity. */
module dev.architect.provider.perplexity {
    requires transitive dev.architect.core;
    requires transitive dev.architect.provider.http;

    exports dev.architect.provider.perplexity;

    provides dev.architect.spi.ModelProviderFactory with
            dev.architect.provider.perplexity.PerplexityProviderFactory;
}
