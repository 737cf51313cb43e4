package dev.architect.model;

/** The form of a request as a vendor's own clients send it. */
public enum WireFormat {
    /** OpenAI's {@code POST /v1/chat/completions}. */
    OPENAI_CHAT(Capability.OPENAI_CHAT_BODY),
    /** OpenAI's {@code POST /v1/responses}. */
    OPENAI_RESPONSES(Capability.OPENAI_RESPONSES_BODY),
    /** Anthropic's {@code POST /v1/messages}. */
    ANTHROPIC_MESSAGES(Capability.ANTHROPIC_MESSAGES_BODY);

    private final Capability capability;

    WireFormat(Capability capability) {
        this.capability = capability;
    }

    /** What a model must be able to do for a request that has a body of this form. */
    public Capability capability() {
        return capability;
    }
}
