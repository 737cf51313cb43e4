package dev.architect.route;

/** Why a model is left out of a route. The constants may be stored: they are never renamed. */
public enum ExclusionReason {
    /** The policy has it switched off. */
    DISABLED,
    /** The request names another model. */
    OTHER_MODEL_NAMED,
    /** The request names it, and the policy does not list it. */
    NOT_IN_POLICY,
    /** No provider of its name is configured. */
    PROVIDER_NOT_CONFIGURED,
    /** It lacks something that the request needs. */
    CAPABILITY_MISSING,
    /** Prompt and answer do not fit its context window. */
    CONTEXT_WINDOW_TOO_SMALL,
    /** Other models reach the quality floor and this one does not. */
    BELOW_FLOOR,
    /** Its provider does not know it, or does not serve it any more; it is checked again later. */
    MODEL_GONE,
    /** The request may be answered on models of the host alone, and it is not one. */
    NOT_LOCAL,
    /** The request would cost more on it than the routing rule allows. */
    TOO_EXPENSIVE,
    /** The routing rule names the models that may answer, and it is not among them. */
    NOT_IN_RULE,
    /** The policy pins the request to another model. */
    OTHER_MODEL_PINNED
}
