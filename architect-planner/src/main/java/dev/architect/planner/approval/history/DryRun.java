package dev.architect.planner.approval.history;

import dev.architect.planner.approval.ApprovalPolicy;
import dev.architect.planner.approval.ApprovalRule;
import dev.architect.planner.approval.Approvals;
import dev.architect.planner.approval.RuleTarget;
import dev.architect.planner.approval.Verdict;
import dev.architect.planner.check.ArgumentCheck;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What would have been decided about recorded actions under changed rules. Immutable.
 *
 * @param policy the rules that were tried
 * @param replayed how many decisions were replayed
 * @param newly how many have another verdict, by the new one
 * @param samples some of those, by the new verdict; the newest first
 * @param conflicts pairs of rules of which one can have no effect
 */
public record DryRun(
        ApprovalPolicy policy,
        int replayed,
        Map<Verdict, Integer> newly,
        Map<Verdict, List<RecordedDecision>> samples,
        List<Conflict> conflicts) {

    /** The most decisions that are replayed, the newest ones. */
    public static final int MAX_REPLAYED = 1_000;

    /** The most samples of a verdict. */
    public static final int MAX_SAMPLES = 20;

    /**
     * Two rules of which one has no effect.
     *
     * @param rule the id of the one without effect
     * @param other the id of the other
     * @param isBeaten whether the other always denies what the first allows; otherwise both are equal
     */
    public record Conflict(String rule, String other, boolean isBeaten) {
        /** Checks that both ids are there. */
        public Conflict {
            ArgumentCheck.notNull("rule", rule);
            ArgumentCheck.notNull("other", other);
        }
    }

    /** Copies the collections. */
    public DryRun {
        ArgumentCheck.notNull("policy", policy);
        newly = Map.copyOf(ArgumentCheck.noNulls("newly", newly));
        samples = Map.copyOf(ArgumentCheck.noNulls("samples", samples));
        conflicts = List.copyOf(ArgumentCheck.noNulls("conflicts", conflicts));
    }

    /**
     * Replays decisions.
     *
     * @param policy the changed rules
     * @param decisions what was decided; of more than {@link #MAX_REPLAYED}, the newest by the time of their context
     * @throws dev.architect.planner.approval.InvalidRuleException when a rule cannot be used
     */
    public static DryRun of(ApprovalPolicy policy, List<RecordedDecision> decisions) {
        Approvals approvals = Approvals.of(policy);
        List<RecordedDecision> newest = ArgumentCheck.noNulls("decisions", decisions).stream()
                .sorted(Comparator.comparing(
                                (RecordedDecision one) -> one.context().time())
                        .reversed())
                .limit(MAX_REPLAYED)
                .toList();
        Map<Verdict, Integer> newly = new EnumMap<>(Verdict.class);
        Map<Verdict, List<RecordedDecision>> samples = new EnumMap<>(Verdict.class);
        for (RecordedDecision one : newest) {
            Verdict verdict = approvals.decide(one.action(), one.context()).verdict();
            if (verdict != one.verdict()) {
                newly.merge(verdict, 1, Integer::sum);
                List<RecordedDecision> some = samples.computeIfAbsent(verdict, any -> new ArrayList<>());
                if (some.size() < MAX_SAMPLES) {
                    some.add(one);
                }
            }
        }
        return new DryRun(policy, newest.size(), newly, samples, conflicts(policy.rules()));
    }

    /** Whether this was a run of exactly these rules, so that they may come into force. */
    public boolean covers(ApprovalPolicy changed) {
        return policy.equals(ArgumentCheck.notNull("changed", changed));
    }

    /** How many decisions get this verdict and had another. */
    public int newly(Verdict verdict) {
        return newly.getOrDefault(ArgumentCheck.notNull("verdict", verdict), 0);
    }

    private static List<Conflict> conflicts(List<ApprovalRule> rules) {
        List<Conflict> conflicts = new ArrayList<>();
        for (int index = 0; index < rules.size(); index++) {
            for (int other = 0; other < rules.size(); other++) {
                ApprovalRule one = rules.get(index);
                ApprovalRule two = rules.get(other);
                boolean isEqual = other < index
                        && one.verdict() == two.verdict()
                        && one.target().equals(two.target())
                        && one.scope().equals(two.scope());
                boolean isBeaten = one.verdict() == Verdict.ALLOW && two.verdict() == Verdict.DENY && beats(two, one);
                if (isEqual || isBeaten) {
                    conflicts.add(new Conflict(one.id(), two.id(), isBeaten));
                }
            }
        }
        return conflicts;
    }

    /** Whether every command of the allowed words begins with denied ones, wherever both count. */
    private static boolean beats(ApprovalRule denied, ApprovalRule allowed) {
        if (!(denied.target() instanceof RuleTarget.Command deny)
                || !(allowed.target() instanceof RuleTarget.Command allow)
                || !deny.hasOption().isEmpty()
                || deny.run().size() > allow.run().size()
                || !denied.scope().equals(allowed.scope())) {
            return false;
        }
        for (int index = 0; index < deny.run().size(); index++) {
            if (!deny.run().get(index).containsAll(allow.run().get(index))) {
                return false;
            }
        }
        return true;
    }
}
