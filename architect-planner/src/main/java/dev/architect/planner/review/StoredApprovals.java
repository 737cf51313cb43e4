package dev.architect.planner.review;

import dev.architect.Reviews;
import dev.architect.planner.approval.ApprovalPolicy;
import dev.architect.planner.approval.ApprovalRule;
import dev.architect.planner.approval.Approvals;
import dev.architect.planner.check.ArgumentCheck;
import dev.architect.review.StoredRule;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The rules in force: those of a policy, and those that people have made since, which the store keeps for all nodes. Blocks for the store;
 * safe for use by several threads.
 */
public final class StoredApprovals {

    private final Reviews reviews;
    private final ApprovalPolicy base;
    private final UnaryOperator<Approvals> finish;
    private volatile @Nullable Compiled last;

    private record Compiled(List<StoredRule> rules, Approvals approvals) {}

    /**
     * Creates it.
     *
     * @param base the policy of the installation; its rules stay whatever the store has
     * @param finish adds what decides beside the rules, such as a judge
     */
    public StoredApprovals(Reviews reviews, ApprovalPolicy base, UnaryOperator<Approvals> finish) {
        this.reviews = ArgumentCheck.notNull("reviews", reviews);
        this.base = ArgumentCheck.notNull("base", base);
        this.finish = ArgumentCheck.notNull("finish", finish);
    }

    /** As {@link #StoredApprovals(Reviews, ApprovalPolicy, UnaryOperator)}, with nothing beside the rules. */
    public StoredApprovals(Reviews reviews, ApprovalPolicy base) {
        this(reviews, base, approvals -> approvals);
    }

    /** The policy of the installation. */
    public ApprovalPolicy base() {
        return base;
    }

    /**
     * Returns what decides now.
     *
     * @throws IllegalArgumentException when a stored rule cannot be used; nothing is decided then, so nothing is allowed
     */
    public Approvals current() {
        List<StoredRule> rules = reviews.rules();
        Compiled known = last;
        if (known != null && known.rules().equals(rules)) {
            return known.approvals();
        }
        Approvals approvals = finish.apply(Approvals.of(policy(rules)));
        last = new Compiled(rules, approvals);
        return approvals;
    }

    /** Returns the policy with the stored rules that are in force. */
    ApprovalPolicy policy(List<StoredRule> stored) {
        List<ApprovalRule> all = new ArrayList<>(base.rules());
        for (StoredRule rule : stored) {
            if (rule.isEnabled()) {
                ApprovalRule read = ApprovalRule.parse(rule.text());
                all.add(rule.run().map(read::forRun).orElse(read));
            }
        }
        return base.withRules(all);
    }
}
