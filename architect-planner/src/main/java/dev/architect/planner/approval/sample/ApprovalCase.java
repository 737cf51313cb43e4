package dev.architect.planner.approval.sample;

import dev.architect.planner.approval.Action;
import dev.architect.planner.approval.Approvals;
import dev.architect.planner.approval.Context;
import dev.architect.planner.approval.Decision;
import dev.architect.planner.approval.Verdict;
import dev.architect.planner.check.ArgumentCheck;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One line of a file of cases: an action in its context, and what is wanted.
 *
 * @param id the id of the case
 * @param kind what it tries, such as {@code substitution}; {@code benign} for what is harmless; may be empty
 * @param action the action
 * @param context where it would be done; links are those that the case names, and no others
 * @param wanted the verdict that is wanted; empty when the case states none
 * @param accepted further verdicts that are accepted
 * @param unknown fields that the reader does not understand; a case with one is asked, whatever the rules say
 */
public record ApprovalCase(
        String id,
        String kind,
        Action action,
        Context context,
        Optional<Verdict> wanted,
        Set<Verdict> accepted,
        List<String> unknown) {

    /** Checks every field and copies the collections. */
    public ApprovalCase {
        ArgumentCheck.notNull("id", id);
        ArgumentCheck.notNull("kind", kind);
        ArgumentCheck.notNull("action", action);
        ArgumentCheck.notNull("context", context);
        ArgumentCheck.notNull("wanted", wanted);
        accepted = Set.copyOf(ArgumentCheck.noNulls("accepted", accepted));
        unknown = List.copyOf(ArgumentCheck.noNulls("unknown", unknown));
    }

    /** Decides about the action. */
    public Decision decide(Approvals approvals) {
        Decision decision = ArgumentCheck.notNull("approvals", approvals).decide(action, context);
        return unknown.isEmpty() || decision.verdict() != Verdict.ALLOW
                ? decision
                : new Decision(
                        Verdict.ASK, List.of(), decision.part(), "the case has fields that are unknown: " + unknown);
    }

    /**
     * Whether a verdict is what is wanted: allowed where that is wanted, at least as strict otherwise, or one that is accepted beside
     * it. True when nothing is wanted.
     */
    public boolean isMet(Verdict verdict) {
        ArgumentCheck.notNull("verdict", verdict);
        return wanted.isEmpty()
                || accepted.contains(verdict)
                || (wanted.get() == Verdict.ALLOW ? verdict == Verdict.ALLOW : verdict.isAtLeast(wanted.get()));
    }
}
