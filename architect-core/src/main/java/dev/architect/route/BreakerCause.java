package dev.architect.route;

/** Why a circuit breaker changed its state. */
public enum BreakerCause {
    /** Too many of its calls failed. */
    FAILURES,
    /** Too many of its calls were slow. */
    SLOW_CALLS,
    /** The provider refused the key. */
    KEY_REFUSED,
    /** Several other models of the provider are out of order, or its key was refused on another one. */
    PROVIDER,
    /** Probes of an idle provider found it out of order, or in order again after such a probe. */
    PROBE,
    /** The delay is over, and a trial call goes out. */
    TRIAL,
    /** The trial call failed. */
    TRIAL_FAILED,
    /** The trial call was answered. */
    TRIAL_ANSWERED,
    /** An operator tripped or reset it, on this node or another one. */
    MANUAL
}
