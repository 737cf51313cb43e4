package dev.architect.model;

/** How demanding a prompt is for a model. */
public enum Complexity {
    /** Recall, rewording, short answers. */
    SIMPLE,
    /** Several steps or a longer text. */
    MEDIUM,
    /** Design, proof, analysis, many constraints. */
    COMPLEX
}
