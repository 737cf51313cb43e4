/** Speaks the wire format of OpenAI. */
module dev.architect.provider.openai {
    requires dev.architect.provider.http;
}
