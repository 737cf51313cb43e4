package dev.architect.review;

/** How much harm an action could do. */
public enum RiskLevel {
    /** It changes little, and that can be undone. */
    LOW,
    /** It changes something, or cannot be judged. */
    MEDIUM,
    /** It could do harm that cannot be undone. */
    HIGH
}
