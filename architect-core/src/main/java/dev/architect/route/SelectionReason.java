package dev.architect.route;

/** Why a model is among the candidates of a route. The constants may be stored: they are never renamed. */
public enum SelectionReason {
    /** Its quality reaches the floor; such candidates come as the strategies of the policy order them, cheapest first by default. */
    MEETS_FLOOR,
    /** No model reaches the floor, and this one takes part all the same; such candidates come best first. */
    BEST_BELOW_FLOOR,
    /** The request names it; it is the only candidate and no floor counts. */
    NAMED_BY_REQUEST
}
