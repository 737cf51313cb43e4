package dev.architect.planner.approval;

/** What is in play around an action. Together with a change or a way out, both ask a person whatever rules say. */
public enum ContextLabel {
    /** Text of strangers: pages, issues, results of tools, output of models. */
    UNTRUSTED_INPUT,
    /** Data or rights that strangers must not get at. */
    SENSITIVE_ACCESS
}
