package dev.architect.model;

import java.util.Set;
import java.util.TreeSet;

/** The form of a request as a vendor's own clients send it. */
public enum WireFormat {
    /** OpenAI's {@code POST /v1/chat/completions}. */
    OPENAI_CHAT(Capability.OPENAI_CHAT_BODY, "openai-beta"),
    /** OpenAI's {@code POST /v1/responses}. */
    OPENAI_RESPONSES(Capability.OPENAI_RESPONSES_BODY, "openai-beta"),
    /** Anthropic's {@code POST /v1/messages}. */
    ANTHROPIC_MESSAGES(Capability.ANTHROPIC_MESSAGES_BODY, "anthropic-beta");

    private final Capability capability;
    private final Set<String> headers;

    WireFormat(Capability capability, String... headers) {
        this.capability = capability;
        this.headers = Set.of(headers);
    }

    /** What a model must be able to do for a request that has a body of this form. */
    public Capability capability() {
        return capability;
    }

    /**
     * The headers that a client may send along to its vendor, in lower case: those that say how the body is meant. None that says who pays, such as a
     * key or an organisation, is one of them.
     */
    public Set<String> headers() {
        return new TreeSet<>(headers);
    }
}
