/** Speaks the wire format of OpenAI. */
module dev.architect.provider.openai {
    requires transitive dev.architect.core;
    requires dev.architect.provider.http;
}
