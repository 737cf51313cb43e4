package dev.architect.planner.approval;

import dev.architect.planner.check.ArgumentCheck;
import java.util.List;

/**
 * What was decided about an action, and what decided it.
 *
 * @param verdict the strictest verdict of all its parts
 * @param rules the ids of the rules that gave this verdict, each once; those with an {@code @} are of the policy as a whole, such as
 *     {@code @protected}; empty when none did, as for an action without a rule
 * @param part the part of the action that decided, such as one command of several; the whole where no part did alone
 * @param reason why, in one line for people; may repeat the action's words
 */
public record Decision(Verdict verdict, List<String> rules, String part, String reason) {

    /** Copies the list. */
    public Decision {
        ArgumentCheck.notNull("verdict", verdict);
        rules = List.copyOf(ArgumentCheck.noNulls("rules", rules));
        ArgumentCheck.notNull("part", part);
        ArgumentCheck.notNull("reason", reason);
    }

    /** Whether the action may be done at once. */
    public boolean isAllowed() {
        return verdict == Verdict.ALLOW;
    }
}
