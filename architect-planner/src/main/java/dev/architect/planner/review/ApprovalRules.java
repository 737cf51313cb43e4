package dev.architect.planner.review;

import dev.architect.Reviews;
import dev.architect.json.JsonException;
import dev.architect.planner.approval.Action;
import dev.architect.planner.approval.ApprovalPolicy;
import dev.architect.planner.approval.ApprovalRule;
import dev.architect.planner.approval.Approvals;
import dev.architect.planner.approval.Context;
import dev.architect.planner.approval.Decision;
import dev.architect.planner.approval.Verdict;
import dev.architect.planner.approval.history.DryRun;
import dev.architect.planner.approval.history.RecordedDecision;
import dev.architect.planner.approval.history.RuleProposal;
import dev.architect.planner.approval.history.RuleProposals;
import dev.architect.planner.approval.path.LinkReader;
import dev.architect.planner.check.ArgumentCheck;
import dev.architect.planner.review.RuleConflictException.Reason;
import dev.architect.review.RecordedApproval;
import dev.architect.review.ReviewStore;
import dev.architect.review.StoredRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The rules that people make: they are checked before they are kept, and one that allows something comes into force only after this version of it was
 * tried on recorded decisions. Blocks for the store; safe for use by several threads.
 */
public final class ApprovalRules {

    private final Reviews reviews;
    private final StoredApprovals approvals;
    private final LinkReader links;

    /**
     * Creates it.
     *
     * @param links where links of recorded actions are looked up
     */
    public ApprovalRules(Reviews reviews, StoredApprovals approvals, LinkReader links) {
        this.reviews = ArgumentCheck.notNull("reviews", reviews);
        this.approvals = ArgumentCheck.notNull("approvals", approvals);
        this.links = ArgumentCheck.notNull("links", links);
    }

    /** The policy of the installation, whose rules cannot be changed here. */
    public ApprovalPolicy base() {
        return approvals.base();
    }

    /** Returns the stored rules, by id. */
    public List<StoredRule> list() {
        return reviews.rules();
    }

    /**
     * Returns a stored rule.
     *
     * @throws RuleConflictException when there is none
     */
    public StoredRule get(String id) {
        return reviews.rule(id)
                .orElseThrow(() -> new RuleConflictException(
                        Reason.NOT_FOUND, "rule '" + id + "' does not exist, expected the id of one"));
    }

    /**
     * Keeps a new rule. One that allows nothing is in force at once; another one when it was {@linkplain #trial tried} and {@linkplain #update
     * enabled}.
     *
     * @param text the rule in JSON
     * @throws JsonException when it is no JSON
     * @throws IllegalArgumentException when it is no rule, one of its examples fails, or it allows a banned program
     * @throws RuleConflictException when its id is taken
     */
    public StoredRule create(String text, String author) {
        ApprovalRule rule = ApprovalRule.parse(text);
        ArgumentCheck.notNull("author", author);
        boolean isTaken = reviews.rule(rule.id()).isPresent()
                || base().rules().stream().anyMatch(one -> one.id().equals(rule.id()));
        if (isTaken) {
            throw taken(rule.id());
        }
        check(rule, Optional.empty());
        return reviews.createRule(new StoredRule(
                        rule.id(),
                        rule.json(),
                        rule.verdict() != Verdict.ALLOW,
                        Optional.empty(),
                        author,
                        reviews.now(),
                        0,
                        0))
                .orElseThrow(() -> taken(rule.id()));
    }

    private static RuleConflictException taken(String id) {
        return new RuleConflictException(
                Reason.TAKEN,
                "rule '" + id + "' exists already, or there are " + ReviewStore.MAX_RULES + ", expected another id");
    }

    /** Checks that a rule can stand beside the others. */
    private ApprovalPolicy check(ApprovalRule rule, Optional<String> without) {
        ApprovalPolicy policy = approvals
                .policy(list().stream()
                        .filter(one -> without.filter(one.id()::equals).isEmpty())
                        .toList())
                .plus(rule);
        Approvals.of(policy);
        return policy;
    }

    /**
     * Changes a rule if it still has a version.
     *
     * @param text the rule in JSON, with the same id; empty leaves it as it is. One that allows is no longer in force when its text changes
     * @param isEnabled whether it is in force; empty leaves it as it is
     * @throws JsonException when the text is no JSON
     * @throws IllegalArgumentException when it is no rule, has another id, or cannot be used
     * @throws RuleConflictException when it was changed since, or is to come into force untried
     */
    public StoredRule update(
            String id, long version, Optional<String> text, Optional<Boolean> isEnabled, String author) {
        StoredRule before = get(id);
        if (before.version() != version) {
            throw stale(before);
        }
        ApprovalRule rule = ApprovalRule.parse(text.orElse(before.text()));
        if (!rule.id().equals(id)) {
            throw new IllegalArgumentException("id is '" + rule.id() + "', expected that of the rule: " + id);
        }
        check(rule, Optional.of(id));
        boolean isChanged = text.isPresent()
                && !rule.json().equals(ApprovalRule.parse(before.text()).json());
        boolean isAllowing = rule.verdict() == Verdict.ALLOW;
        boolean wasTried = !isChanged && before.tried() == before.version();
        boolean isWanted = isEnabled.orElse(before.isEnabled() && !(isChanged && isAllowing));
        if (isWanted && isAllowing && !before.isEnabled() && !wasTried) {
            throw notTried(id);
        }
        if (isWanted && isAllowing && isChanged) {
            throw notTried(id);
        }
        long next = before.version() + 1;
        return reviews.updateRule(new StoredRule(
                        id,
                        rule.json(),
                        isWanted,
                        before.run(),
                        author,
                        reviews.now(),
                        wasTried ? next : isChanged ? 0 : before.tried(),
                        version))
                .orElseThrow(() -> stale(before));
    }

    private static RuleConflictException stale(StoredRule rule) {
        return new RuleConflictException(
                Reason.STALE, "rule '" + rule.id() + "' was changed since, expected its last version");
    }

    private static RuleConflictException notTried(String id) {
        return new RuleConflictException(
                Reason.NOT_TRIED, "rule '" + id + "' was not tried as it is now, expected a dry run of this version");
    }

    /**
     * Deletes a rule if it still has a version.
     *
     * @throws RuleConflictException when there is none, or it was changed since
     */
    public StoredRule delete(String id, long version) {
        StoredRule before = get(id);
        if (!reviews.deleteRule(id, version)) {
            throw stale(before);
        }
        return before;
    }

    /**
     * Decides about an action as if a rule stood beside the others, in the place of a stored one with its id; it is kept nowhere, and nothing is
     * recorded.
     *
     * @throws IllegalArgumentException when the rule cannot stand beside the others
     */
    public Decision check(ApprovalRule rule, Action action, Context context) {
        ArgumentCheck.notNull("rule", rule);
        ArgumentCheck.notNull("action", action);
        ArgumentCheck.notNull("context", context);
        return Approvals.of(check(rule, Optional.of(rule.id()))).decide(action, context);
    }

    /** Returns what would have been decided with one more rule, which is kept nowhere. */
    public DryRun dryRun(ApprovalRule rule) {
        return DryRun.of(check(ArgumentCheck.notNull("rule", rule), Optional.of(rule.id())), recorded());
    }

    /**
     * Tries a stored rule on what was decided, so that this version of it may come into force.
     *
     * @throws RuleConflictException when there is none, or it was changed meanwhile
     */
    public RuleTrial trial(String id) {
        StoredRule before = get(id);
        DryRun run = dryRun(ApprovalRule.parse(before.text()));
        StoredRule tried = reviews.updateRule(new StoredRule(
                        id,
                        before.text(),
                        before.isEnabled(),
                        before.run(),
                        before.author(),
                        before.changedAt(),
                        before.version() + 1,
                        before.version()))
                .orElseThrow(() -> stale(before));
        return new RuleTrial(tried, run);
    }

    /** Returns the rules that people's approvals suggest, those with the most approvals first. */
    public List<RuleProposal> proposals() {
        return RuleProposals.of(approvals.policy(list()), recorded(), reviews.now());
    }

    /**
     * Puts a proposed rule into force. It was tried: it allows nothing that a person has denied.
     *
     * @param id the id of the proposed rule
     * @throws RuleConflictException when it is not proposed any more
     */
    public RuleTrial accept(String id, String author) {
        return accept(tryProposal(id, author));
    }

    /**
     * Returns what {@link #accept(RuleTrial)} would put into force, with its dry run. Nothing is changed yet.
     *
     * @param id the id of the proposed rule
     * @throws RuleConflictException when it is not proposed any more
     */
    public RuleTrial tryProposal(String id, String author) {
        ArgumentCheck.notNull("id", id);
        ArgumentCheck.notNull("author", author);
        ApprovalRule rule = proposals().stream()
                .map(RuleProposal::rule)
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new RuleConflictException(
                        Reason.NOT_FOUND, "proposal '" + id + "' does not exist, expected the id of one"));
        DryRun run = dryRun(rule);
        return new RuleTrial(new StoredRule(id, rule.json(), true, Optional.empty(), author, reviews.now(), 1, 0), run);
    }

    /**
     * Puts a proposed rule that was tried into force.
     *
     * @throws RuleConflictException when there is a rule of its id meanwhile
     */
    public RuleTrial accept(RuleTrial tried) {
        StoredRule rule = ArgumentCheck.notNull("tried", tried).rule();
        return new RuleTrial(reviews.createRule(rule).orElseThrow(() -> taken(rule.id())), tried.run());
    }

    /** Returns what was decided last, the newest first, at most as many as a dry run replays; without those that cannot be read any more. */
    public List<RecordedDecision> recorded() {
        List<RecordedDecision> recorded = new ArrayList<>();
        for (RecordedApproval one : reviews.decisions(Optional.empty(), DryRun.MAX_REPLAYED)) {
            read(one).ifPresent(recorded::add);
        }
        return recorded;
    }

    private Optional<RecordedDecision> read(RecordedApproval one) {
        try {
            return Optional.of(new RecordedDecision(
                    Action.parse(one.action().json()),
                    ContextCodec.read(one.context(), one.at(), links),
                    Verdict.valueOf(one.verdict().toUpperCase(Locale.ROOT)),
                    one.answer()));
        } catch (IllegalArgumentException ofAnotherVersion) {
            return Optional.empty();
        }
    }
}
