package dev.architect.planner.approval.history;

import dev.architect.planner.approval.ApprovalRule;
import dev.architect.planner.check.ArgumentCheck;
import java.util.List;

/**
 * A rule that would have allowed what people approved. It comes into force only when a person takes it.
 *
 * @param rule the narrowest rule that covers what was approved
 * @param approvals how many approvals it stands on
 * @param samples some of what was approved, the first ones
 */
public record RuleProposal(ApprovalRule rule, int approvals, List<RecordedDecision> samples) {

    /** Copies the list. */
    public RuleProposal {
        ArgumentCheck.notNull("rule", rule);
        ArgumentCheck.range("approvals", approvals, 1, Integer.MAX_VALUE);
        samples = List.copyOf(ArgumentCheck.noNulls("samples", samples));
    }
}
