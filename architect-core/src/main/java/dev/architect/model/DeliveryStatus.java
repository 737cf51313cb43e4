package dev.architect.model;

/** Whether a failed call reached the provider, which decides whether it may have been billed. */
public enum DeliveryStatus {
    /** Nothing of the request left this process. */
    NOT_SENT,
    /** The request was at least partly sent and nothing came back. */
    UNKNOWN,
    /** The provider answered with something. */
    ANSWERED
}
