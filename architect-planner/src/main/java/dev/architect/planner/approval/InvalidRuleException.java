package dev.architect.planner.approval;

import dev.architect.planner.check.ArgumentCheck;

/** A rule cannot be used. The message names the rule, the field, the value seen and the value expected. */
public final class InvalidRuleException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /** What is wrong with a rule. */
    public enum Problem {
        /** Another rule has its id. */
        REPEATED_ID,
        /** It allows a program that runs other programs or code. */
        BANNED_PROGRAM,
        /** An example that it must match is not matched, or one that must differ is. */
        FAILED_EXAMPLE,
        /** A pattern of paths is none. */
        INVALID_PATTERN
    }

    private final String rule;
    private final String field;
    private final Problem problem;

    InvalidRuleException(String rule, String field, Problem problem, String message) {
        super("rule " + ArgumentCheck.notNull("rule", rule) + ": " + message);
        this.rule = rule;
        this.field = field;
        this.problem = problem;
    }

    /** The id of the rule. */
    public String rule() {
        return rule;
    }

    /** The field of the rule, such as {@code examples.match[0]}. */
    public String field() {
        return field;
    }

    /** What is wrong. */
    public Problem problem() {
        return problem;
    }
}
