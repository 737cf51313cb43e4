package dev.architect.model;

/** How much a prompt asks of a model. */
public enum Complexity {
    /** Recall, rewording, short answers. */
    SIMPLE,
    /** Several steps or a longer text. */
    MEDIUM,
    /** Design, proof, analysis, many constraints. */
    COMPLEX
}
