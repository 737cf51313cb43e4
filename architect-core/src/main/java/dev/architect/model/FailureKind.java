package dev.architect.model;

/**
 * What went wrong with a call, and with it what may be done about it.
 *
 * <p>The table of consequences follows the usual error classes of the six providers: transient kinds may succeed later on
 * the same model, failover kinds may succeed on another one, breaker kinds count as illness of the provider.
 */
public enum FailureKind {
    /** Too many calls or tokens in a short time. */
    RATE_LIMITED(Again.LATER, Elsewhere.YES, Breaker.IGNORES),
    /** The quota or the money is used up until a distant time. */
    QUOTA_EXHAUSTED(Again.NEVER, Elsewhere.YES, Breaker.IGNORES),
    /** The provider has no capacity at the moment. */
    OVERLOADED(Again.LATER, Elsewhere.YES, Breaker.COUNTS),
    /** No answer in time. */
    TIMEOUT(Again.LATER, Elsewhere.YES, Breaker.COUNTS),
    /** Unreachable, connection lost, or a server error. */
    UNAVAILABLE(Again.LATER, Elsewhere.YES, Breaker.COUNTS),
    /** The answer was not what the provider's protocol promises, or it ended before its end. */
    PROTOCOL(Again.LATER, Elsewhere.YES, Breaker.COUNTS),
    /** The key is missing, wrong or not allowed. */
    AUTHENTICATION(Again.NEVER, Elsewhere.YES, Breaker.COUNTS),
    /** The provider does not know the model, or does not serve it any more. */
    MODEL_NOT_FOUND(Again.NEVER, Elsewhere.YES, Breaker.IGNORES),
    /** The prompt is larger than the model's window. */
    CONTEXT_TOO_LONG(Again.NEVER, Elsewhere.YES, Breaker.IGNORES),
    /** The prompt is larger than what the account may send in a minute: no waiting helps, an account with a larger limit does. */
    TOO_LARGE_FOR_LIMIT(Again.NEVER, Elsewhere.YES, Breaker.IGNORES),
    /** The provider refused the content; sent elsewhere only when the request allows it. */
    CONTENT_REFUSED(Again.NEVER, Elsewhere.NO, Breaker.IGNORES),
    /** The provider does not understand the request. */
    INVALID_REQUEST(Again.NEVER, Elsewhere.NO, Breaker.IGNORES),
    /** The model lacks something the request needs; no call was made. */
    UNSUPPORTED(Again.NEVER, Elsewhere.YES, Breaker.IGNORES),
    /** The caller left. */
    CANCELLED(Again.NEVER, Elsewhere.NO, Breaker.IGNORES);

    private enum Again {
        LATER,
        NEVER
    }

    private enum Elsewhere {
        YES,
        NO
    }

    private enum Breaker {
        COUNTS,
        IGNORES
    }

    private final Again again;
    private final Elsewhere elsewhere;
    private final Breaker breaker;

    FailureKind(Again again, Elsewhere elsewhere, Breaker breaker) {
        this.again = again;
        this.elsewhere = elsewhere;
        this.breaker = breaker;
    }

    /**
     * Returns what an HTTP status means unless the reply is more precise; {@link #PROTOCOL} for one below 400, which
     * is no error.
     */
    public static FailureKind ofHttpStatus(int status) {
        return switch (status) {
            case 401, 403 -> AUTHENTICATION;
            case 402 -> QUOTA_EXHAUSTED;
            // 409 is a conflict with a call in flight: the clients of Anthropic and OpenAI retry both.
            case 408, 409 -> UNAVAILABLE;
            case 429 -> RATE_LIMITED;
            case 503, 529 -> OVERLOADED;
            default -> {
                if (status >= 500) {
                    yield UNAVAILABLE;
                }
                yield status >= 400 ? INVALID_REQUEST : PROTOCOL;
            }
        };
    }

    /** Whether the same call may succeed later. */
    public boolean isTransient() {
        return again == Again.LATER;
    }

    /** Whether the next candidate of the route may be tried. */
    public boolean allowsFailover() {
        return elsewhere == Elsewhere.YES;
    }

    /** Whether the circuit breaker counts it as a failure of the provider. */
    public boolean tripsBreaker() {
        return breaker == Breaker.COUNTS;
    }
}
