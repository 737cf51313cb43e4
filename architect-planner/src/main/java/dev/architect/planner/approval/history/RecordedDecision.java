package dev.architect.planner.approval.history;

import dev.architect.planner.approval.Action;
import dev.architect.planner.approval.Context;
import dev.architect.planner.approval.Verdict;
import dev.architect.planner.check.ArgumentCheck;
import java.util.Optional;

/**
 * An action, what was decided about it, and what a person said when one was asked.
 *
 * @param action the action
 * @param context where, when and for whom
 * @param verdict what the rules decided
 * @param answer whether a person approved it; empty when none was asked or none has answered
 */
public record RecordedDecision(Action action, Context context, Verdict verdict, Optional<Boolean> answer) {

    /** Checks that all are there. */
    public RecordedDecision {
        ArgumentCheck.notNull("action", action);
        ArgumentCheck.notNull("context", context);
        ArgumentCheck.notNull("verdict", verdict);
        ArgumentCheck.notNull("answer", answer);
    }
}
