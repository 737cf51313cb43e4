package dev.architect.planner.approval;

import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.planner.check.ArgumentCheck;
import java.util.List;

/**
 * A rule about actions. Of all rules that match an action, the strictest verdict counts; order and detail do not.
 *
 * @param id unique and stable, letters, digits, dots, dashes and colons
 * @param verdict what the rule decides
 * @param target what it is about
 * @param scope where and how long it counts
 * @param because why it is there, for people; may be empty
 * @param examples commands that it must match, and commands that it must not; checked when a policy is made
 */
public record ApprovalRule(
        String id, Verdict verdict, RuleTarget target, RuleScope scope, String because, Examples examples) {

    /**
     * Commands by which a rule is checked.
     *
     * @param match commands that the rule must match
     * @param differ commands that the rule must not match
     */
    public record Examples(List<List<String>> match, List<List<String>> differ) {

        /** Copies the lists. */
        public Examples {
            match = ArgumentCheck.noNulls("match", match).stream()
                    .map(List::copyOf)
                    .toList();
            differ = ArgumentCheck.noNulls("differ", differ).stream()
                    .map(List::copyOf)
                    .toList();
        }

        /** Returns no examples. */
        public static Examples none() {
            return new Examples(List.of(), List.of());
        }

        boolean isEmpty() {
            return match.isEmpty() && differ.isEmpty();
        }
    }

    /** Checks that verdict and target go together. */
    public ApprovalRule {
        ArgumentCheck.notNull("id", id);
        if (!id.matches("[A-Za-z0-9][A-Za-z0-9.:-]{0,99}")) {
            throw new IllegalArgumentException(
                    "id is '" + id + "', expected 1 to 100 letters, digits, dots, dashes and colons");
        }
        ArgumentCheck.notNull("verdict", verdict);
        ArgumentCheck.notNull("target", target);
        ArgumentCheck.notNull("scope", scope);
        ArgumentCheck.notNull("because", because);
        ArgumentCheck.notNull("examples", examples);
        if (target instanceof RuleTarget.Command command) {
            check(verdict, command);
        }
        if (verdict == Verdict.ALLOW
                && target instanceof RuleTarget.Paths paths
                && paths.patterns().stream().anyMatch(pattern -> pattern.startsWith("@"))) {
            throw new IllegalArgumentException(
                    "decision is allow, expected ask or deny for secret and protected paths");
        }
    }

    private static void check(Verdict verdict, RuleTarget.Command command) {
        if (verdict == Verdict.ALLOW && !command.hasOption().isEmpty()) {
            throw new IllegalArgumentException("hasOption is there, expected options for a rule that allows");
        }
        if (verdict != Verdict.ALLOW && !command.options().isEmpty()) {
            throw new IllegalArgumentException("options are there, expected hasOption for a rule that does not allow");
        }
        if (command.isExact()
                && !(command.options().isEmpty() && command.operands().isEmpty())) {
            throw new IllegalArgumentException("exact is true, expected neither options nor operands beside it");
        }
    }

    /**
     * Reads a rule.
     *
     * @throws dev.architect.json.JsonException when it is no JSON object
     * @throws dev.architect.json.InvalidFieldException when a field is wrong, missing or unknown
     */
    public static ApprovalRule parse(String json) {
        return RuleReader.read(JsonFields.parse(ArgumentCheck.notNull("json", json)), JsonText.readObject(json));
    }

    /** Returns the rule as JSON, in the form of a file of rules. */
    public String json() {
        return JsonText.write(RuleReader.fields(this));
    }

    /** Returns the same rule for one run alone, as an approval for a session makes it. */
    public ApprovalRule forRun(String run) {
        return new ApprovalRule(id, verdict, target, scope.withRun(run), because, examples);
    }
}
