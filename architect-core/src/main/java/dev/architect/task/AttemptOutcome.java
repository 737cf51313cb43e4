package dev.architect.task;

/** How one attempt ended. */
public enum AttemptOutcome {
    /** With a result. */
    SUCCEEDED,
    /** With a failure. */
    FAILED,
    /** It took longer than its timeout. */
    TIMED_OUT,
    /** Its task was cancelled. */
    CANCELLED,
    /** Nothing was out of order with the task, but with what it needs: no free permit, an open circuit breaker, a provider that is
     * down. It does not count as a try. */
    SNOOZED,
    /** It needs an answer of a person; it does not count as a try. */
    NEEDS_INPUT,
    /** Given back unfinished, by an orderly stop for example; it does not count as a try. */
    HANDED_BACK,
    /** Its node died; it does not count as a try, but three such ends make the task dead. */
    LOST
}
