package dev.architect.route;

/** Whether calls to a provider are let through. */
public enum BreakerState {
    /** All calls are let through. */
    CLOSED,
    /** No call is let through. */
    OPEN,
    /** One trial call is let through. */
    HALF_OPEN
}
