/** Speaks the wire format of Gemini. */
module dev.architect.provider.gemini {
    requires transitive dev.architect.core;
    requires dev.architect.provider.http;
}
