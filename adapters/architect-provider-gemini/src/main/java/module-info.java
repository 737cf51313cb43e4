/** Speaks the wire format of Gemini. */
module dev.architect.provider.gemini {
    requires dev.architect.provider.http;
}
