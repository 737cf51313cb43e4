/** Speaks the wire format of Perplexity. */
module dev.architect.provider.perplexity {
    requires dev.architect.provider.http;
}
