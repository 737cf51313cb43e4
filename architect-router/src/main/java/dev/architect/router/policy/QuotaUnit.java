package dev.architect.router.policy;

/** What a quota counts. */
public enum QuotaUnit {
    /** Calls, those that fail included. */
    REQUESTS("requests"),
    /** Tokens of prompt and answer together. */
    TOKENS("tokens"),
    /** Tokens of the prompt, cached ones included. */
    INPUT_TOKENS("inputTokens"),
    /** Tokens of the answer, reasoning included. */
    OUTPUT_TOKENS("outputTokens"),
    /** Calls at the same time, from before they are sent to their end; the period of the rule says nothing about them. */
    CONCURRENT_CALLS("maxConcurrent");

    private final String field;

    QuotaUnit(String field) {
        this.field = field;
    }

    /** Its name in a policy file and in messages. */
    public String field() {
        return field;
    }

    /** What one call with such a prompt and answer takes. */
    public long of(long promptTokens, long answerTokens) {
        return switch (this) {
            case REQUESTS, CONCURRENT_CALLS -> 1;
            case TOKENS -> promptTokens + answerTokens;
            case INPUT_TOKENS -> promptTokens;
            case OUTPUT_TOKENS -> answerTokens;
        };
    }
}
