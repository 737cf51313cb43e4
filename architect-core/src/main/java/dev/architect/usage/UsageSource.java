package dev.architect.usage;

/** Where the counts of a usage come from. */
public enum UsageSource {
    /** The provider reported them. */
    REPORTED,
    /** Counted or estimated on our side, because the provider reported nothing or is not to be trusted. */
    ESTIMATED
}
