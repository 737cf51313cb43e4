/** Speaks the wire format of AnythingLLM. */
module dev.architect.provider.anythingllm {
    requires transitive dev.architect.core;
    requires dev.architect.provider.http;
}
