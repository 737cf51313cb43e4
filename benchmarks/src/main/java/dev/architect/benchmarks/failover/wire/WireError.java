package dev.architect.benchmarks.failover.wire;

/** An error that every dialect can state. */
public enum WireError {
    /** Too many calls. */
    RATE_LIMITED(429, "Rate limit reached for requests. Please slow down."),
    /** The provider broke. */
    SERVER_ERROR(500, "The server had an error while processing your request."),
    /** The provider has no capacity. */
    UNAVAILABLE(503, "The service is temporarily unavailable."),
    /** The prompt is larger than the window. */
    CONTEXT_TOO_LONG(
            400, "context_length_exceeded: This model's maximum context length is 8 tokens. The prompt is too long."),
    /** The prompt is against the provider's policy. */
    CONTENT_REFUSED(400, "content_policy_violation: Output blocked by content filtering policy."),
    /** The last message is the assistant's. */
    INVALID_PREFILL(400, "invalid_prefill: This model does not support assistant message prefill."),
    /** The provider has no capacity, in the words of Anthropic. */
    OVERLOADED(529, "Overloaded"),
    /** The key is refused. */
    UNAUTHORIZED(401, "Incorrect API key provided."),
    /** There is no such model. */
    UNKNOWN_MODEL(404, "The model does not exist: model not found.");

    private final int status;
    private final String message;

    WireError(int status, String message) {
        this.status = status;
        this.message = message;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The text, which is the same in every dialect. */
    public String message() {
        return message;
    }
}
