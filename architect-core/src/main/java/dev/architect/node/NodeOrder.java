package dev.architect.node;

/** What an operator asks of a node. The node reads it with its next beat, and other nodes see it at once. */
public enum NodeOrder {
    /** Claim and run tasks. */
    WORK,
    /** Claim nothing new; what runs goes on to its end. */
    CORDON,
    /** Claim nothing new, let what runs go on for as long as an orderly stop would, and hand the rest back. */
    DRAIN
}
