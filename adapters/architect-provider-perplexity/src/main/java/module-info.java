/** Speaks the wire format of Perplexity. */
module dev.architect.provider.perplexity {
    requires transitive dev.architect.core;
    requires dev.architect.provider.http;
}
