package dev.architect.planner.approval;

import dev.architect.planner.approval.path.PathPattern;
import java.util.List;

/** Refuses rules that must not come into force. Thread safe: it has no state. */
final class RuleCheck {

    private RuleCheck() {}

    /**
     * Checks a rule before it stands beside others.
     *
     * @throws InvalidRuleException when its id is taken, it allows a banned program, an example fails, or a pattern is none
     */
    static void check(ApprovalRule rule, List<ApprovalRule> others) {
        if (others.stream().anyMatch(other -> other.id().equals(rule.id()))) {
            throw new InvalidRuleException(
                    rule.id(),
                    "id",
                    InvalidRuleException.Problem.REPEATED_ID,
                    "id is '" + rule.id() + "' in two rules, expected each once");
        }
        if (rule.target() instanceof RuleTarget.Command command) {
            checkProgram(rule, command);
            checkExamples(rule, command);
        } else if (rule.target() instanceof RuleTarget.Paths paths) {
            checkPatterns(rule, paths);
        }
    }

    private static void checkProgram(ApprovalRule rule, RuleTarget.Command command) {
        if (rule.verdict() == Verdict.ALLOW) {
            BannedPrograms.standard().refusal(command).ifPresent(words -> {
                throw new InvalidRuleException(
                        rule.id(),
                        "run",
                        InvalidRuleException.Problem.BANNED_PROGRAM,
                        "run allows '" + words
                                + "', which runs other programs or code, expected a rule that is exact, or none");
            });
        }
    }

    private static void checkExamples(ApprovalRule rule, RuleTarget.Command command) {
        List<List<String>> match = rule.examples().match();
        for (int index = 0; index < match.size(); index++) {
            if (!CommandMatcher.matches(rule.verdict(), command, match.get(index))) {
                throw failed(
                        rule, "examples.match[" + index + "]", match.get(index), "is not matched, expected a match");
            }
        }
        List<List<String>> differ = rule.examples().differ();
        for (int index = 0; index < differ.size(); index++) {
            if (CommandMatcher.matches(rule.verdict(), command, differ.get(index))) {
                throw failed(rule, "examples.differ[" + index + "]", differ.get(index), "is matched, expected none");
            }
        }
    }

    private static InvalidRuleException failed(ApprovalRule rule, String field, List<String> argv, String what) {
        return new InvalidRuleException(
                rule.id(), field, InvalidRuleException.Problem.FAILED_EXAMPLE, field + " " + argv + " " + what);
    }

    private static void checkPatterns(ApprovalRule rule, RuleTarget.Paths paths) {
        String field = paths.isWrite() ? "write" : "read";
        for (String pattern : paths.patterns()) {
            boolean isNamed = pattern.equals(RuleTarget.SECRET) || pattern.equals(RuleTarget.PROTECTED);
            if (pattern.startsWith("@") && !isNamed) {
                throw new InvalidRuleException(
                        rule.id(),
                        field,
                        InvalidRuleException.Problem.INVALID_PATTERN,
                        field + " is '" + pattern + "', expected @secret, @protected or a pattern");
            }
            if (!isNamed) {
                try {
                    PathPattern.of(pattern, "/", PathPattern.Reach.NARROW);
                } catch (IllegalArgumentException wrong) {
                    throw new InvalidRuleException(
                            rule.id(),
                            field,
                            InvalidRuleException.Problem.INVALID_PATTERN,
                            String.valueOf(wrong.getMessage()));
                }
            }
        }
    }
}
