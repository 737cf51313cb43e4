package dev.architect.cost;

/** How sure an amount is. */
public enum CostStatus {
    /** Reported usage times a known price: exact. */
    PRICED,
    /** The provider stated the amount of this very call. */
    STATED,
    /** Usage was estimated, so the amount is an estimate. */
    ESTIMATED,
    /** No price is known. There is no amount, and it is not zero. */
    UNPRICED,
    /** The call ended before anything was billed. */
    NOT_BILLED
}
