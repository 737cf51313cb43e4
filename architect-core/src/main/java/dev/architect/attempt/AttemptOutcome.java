package dev.architect.attempt;

/** How one attempt ended. The numbers are what stores keep. */
public enum AttemptOutcome {
    /** With a result. */
    SUCCEEDED(1),
    /** With a failure. */
    FAILED(2),
    /** It took longer than its timeout. */
    TIMED_OUT(3),
    /** Its task was cancelled. */
    CANCELLED(4),
    /** Nothing was out of order with the task, but with what it needs: no free permit, an open circuit breaker, a provider that is
     * down. It does not count as a try. */
    SNOOZED(5),
    /** Given back unfinished, by an orderly stop for example; it does not count as a try. */
    HANDED_BACK(6),
    /** Its node died; it does not count as a try, but three such ends make the task dead. */
    LOST(7),
    /** It needs an answer of a person; it does not count as a try. */
    NEEDS_INPUT(8);

    private final int number;

    AttemptOutcome(int number) {
        this.number = number;
    }

    /** Returns the outcome that stores keep as {@code number}. */
    public static AttemptOutcome of(int number) {
        for (AttemptOutcome outcome : values()) {
            if (outcome.number == number) {
                return outcome;
            }
        }
        throw new IllegalArgumentException(
                "attempt outcome is " + number + ", expected one of 1 to " + values().length);
    }

    /** The number that stores keep. */
    public int number() {
        return number;
    }
}
