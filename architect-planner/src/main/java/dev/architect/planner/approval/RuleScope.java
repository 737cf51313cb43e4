package dev.architect.planner.approval;

import dev.architect.planner.check.ArgumentCheck;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where and how long a rule counts. What is empty does not restrict; an asterisk in a text stands for any characters.
 *
 * @param project the project
 * @param requester who asks, such as {@code agent:*}
 * @param branch the branch, such as {@code architect/*}
 * @param run the run, for what was approved until it ends
 * @param until the moment from which the rule no longer counts
 */
public record RuleScope(
        Optional<String> project,
        Optional<String> requester,
        Optional<String> branch,
        Optional<String> run,
        Optional<Instant> until) {

    private static final RuleScope EVERYWHERE =
            new RuleScope(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Checks that all are there. */
    public RuleScope {
        ArgumentCheck.notNull("project", project);
        ArgumentCheck.notNull("requester", requester);
        ArgumentCheck.notNull("branch", branch);
        ArgumentCheck.notNull("run", run);
        ArgumentCheck.notNull("until", until);
    }

    /** Returns the scope of rules that count always and everywhere. */
    public static RuleScope everywhere() {
        return EVERYWHERE;
    }

    /** Returns the same for one run. */
    public RuleScope withRun(String id) {
        return new RuleScope(project, requester, branch, Optional.of(ArgumentCheck.notNull("run", id)), until);
    }

    /** Whether a rule of this scope counts in a context. */
    public boolean covers(Context context) {
        ArgumentCheck.notNull("context", context);
        return until.map(end -> context.time().isBefore(end)).orElse(true)
                && covers(project, context.project())
                && covers(requester, context.requester())
                && covers(branch, context.branch())
                && covers(run, context.run());
    }

    private static boolean covers(Optional<String> wanted, Optional<String> seen) {
        if (wanted.isEmpty()) {
            return true;
        }
        if (seen.isEmpty()) {
            return false;
        }
        String pattern = wanted.get();
        return pattern.indexOf('*') < 0
                ? pattern.equals(seen.get())
                : Pattern.matches(Pattern.quote(pattern).replace("*", "\\E.*\\Q"), seen.get());
    }
}
