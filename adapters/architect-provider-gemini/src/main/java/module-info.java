/** Speaks the wire format of Gemini. */
module dev.architect.provider.gemini {
    requires transitive dev.architect.core;
    requires transitive dev.architect.provider.http;

    exports dev.architect.provider.gemini;
}
