/** Speaks the wire format of AnythingLLM. */
module dev.architect.provider.anythingllm {
    requires dev.architect.provider.http;
}
