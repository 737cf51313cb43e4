package dev.architect.cost;

/** What the calls of a report are grouped by. */
public enum SpendDimension {
    /** The name of the provider that was called. */
    PROVIDER,
    /** The model that answered, or was called when none did, as {@code provider/model}. */
    MODEL,
    /** The project. */
    PROJECT,
    /** The host's user; empty for calls without one. */
    USER,
    /** How hard the request was thought to be. */
    COMPLEXITY,
    /** How the call ended, by the name of its {@link CallOutcome}. */
    OUTCOME,
    /** How its cost is known, by the name of its {@link CostStatus}. */
    COST_STATUS
}
