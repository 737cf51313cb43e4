package dev.architect.spend;

/** By what the lines of an invoice are compared with calls. */
public enum InvoiceMatching {
    /** The provider's id of the request. */
    REQUEST,
    /** The day of UTC and the model that answered, as the provider names it. */
    DAY_AND_MODEL
}
