package dev.architect.usage;

/**
 * A kind of use that a provider counts. Buckets are disjoint: a token is in exactly one of them, except for the
 * {@link Side#INFORMATIVE} ones, which describe part of another bucket and are never priced.
 */
public enum UsageBucket {
    /** Prompt tokens that were neither read from nor written to a cache. */
    INPUT(Side.PROMPT),
    /** Prompt tokens read from the provider's cache. */
    CACHE_READ(Side.PROMPT),
    /** Prompt tokens written to a cache that keeps them five minutes. */
    CACHE_WRITE_5M(Side.PROMPT),
    /** Prompt tokens written to a cache that keeps them one hour. */
    CACHE_WRITE_1H(Side.PROMPT),
    /** Prompt tokens written to a cache whose lifetime was not stated; priced as five minutes where no own rate exists. */
    CACHE_WRITE(Side.PROMPT),
    /** Prompt tokens of images. */
    INPUT_IMAGE(Side.PROMPT),
    /** Prompt tokens of sound. */
    INPUT_AUDIO(Side.PROMPT),
    /** Prompt tokens of sound read from the provider's cache. */
    CACHE_READ_AUDIO(Side.PROMPT),
    /** Produced tokens, visible and reasoning together, unless the price lists {@link #REASONING} apart. */
    OUTPUT(Side.COMPLETION),
    /** Reasoning tokens that the provider bills apart from {@link #OUTPUT}. */
    REASONING(Side.COMPLETION),
    /** Produced tokens of images. */
    OUTPUT_IMAGE(Side.COMPLETION),
    /** Produced tokens of sound. */
    OUTPUT_AUDIO(Side.COMPLETION),
    /** Tokens of cited sources that the provider bills. */
    CITATION(Side.COMPLETION),
    /** Web searches. */
    WEB_SEARCH(Side.FEE),
    /** Fetched web pages. */
    WEB_FETCH(Side.FEE),
    /** Calls with a fee of their own. */
    REQUEST(Side.FEE),
    /** The part of {@link #OUTPUT} that was reasoning; informative. */
    REASONING_IN_OUTPUT(Side.INFORMATIVE),
    /** Milliseconds of a call to a model that has a price for its time, as one on the host's own machines may have; no provider reports it. */
    COMPUTE_MILLIS(Side.FEE);

    /** What a bucket belongs to. */
    public enum Side {
        /** Part of the prompt. */
        PROMPT,
        /** Part of the answer. */
        COMPLETION,
        /** A count with a fee, not a token. */
        FEE,
        /** Describes part of another bucket. */
        INFORMATIVE
    }

    private final Side side;

    UsageBucket(Side side) {
        this.side = side;
    }

    /** What this bucket belongs to. */
    public Side side() {
        return side;
    }
}
