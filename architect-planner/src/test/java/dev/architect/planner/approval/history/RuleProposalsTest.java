package dev.architect.planner.approval.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.planner.approval.Action;
import dev.architect.planner.approval.ApprovalPolicy;
import dev.architect.planner.approval.ApprovalRule;
import dev.architect.planner.approval.Approvals;
import dev.architect.planner.approval.Context;
import dev.architect.planner.approval.Decision;
import dev.architect.planner.approval.RuleTarget;
import dev.architect.planner.approval.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RuleProposalsTest {

    private static final Instant START = Instant.parse("2026-11-02T08:00:00Z");

    /** A new project: denied things are denied, files may be read, and people are asked about every command. */
    private static final ApprovalPolicy POLICY = ApprovalPolicy.parse("policy.json", """
            {"workspace": "/srv/app", "home": "/home/agent", "rules": [
              {"id": "deny-privilege", "decision": "deny", "run": [["sudo", "su", "doas"]]},
              {"id": "deny-delete", "decision": "deny", "run": ["rm"], "hasOption": ["-r", "-R", "--recursive"]},
              {"id": "deny-force", "decision": "deny", "run": ["git", "push"], "hasOption": ["-f", "--force"]},
              {"id": "read", "decision": "allow", "read": ["**"]},
              {"id": "write", "decision": "allow", "write": ["target/**"]}]}
            """);

    @Test
    void rulesOfTheFirstWeekCutTheQuestionsOfTheSecond() {
        long seed = Long.getLong("approvals.seed", System.nanoTime());
        AgentScript script = new AgentScript(seed);
        List<RecordedDecision> history = new ArrayList<>();

        Week first = week(script, POLICY, START, history);
        ApprovalPolicy learned = POLICY;
        List<RuleProposal> proposals = RuleProposals.of(POLICY, history, START.plus(Duration.ofDays(7)));
        for (RuleProposal proposal : proposals) {
            learned = learned.plus(proposal.rule());
        }
        Week second = week(script, learned, START.plus(Duration.ofDays(7)), new ArrayList<>());

        double cut = 100.0 - 100.0 * second.questions / first.questions;
        System.out.printf(
                "%d actions of %d shapes, %d hostile; questions %d in the first week, %d in the second (%.1f %% fewer), %d rules;"
                        + " hostile ones allowed: %d; seed %d%n",
                first.actions + second.actions,
                AgentScript.WORK.size() + AgentScript.HOSTILE.size(),
                first.hostile + second.hostile,
                first.questions,
                second.questions,
                cut,
                proposals.size(),
                first.hostileAllowed + second.hostileAllowed,
                seed);
        assertThat(AgentScript.WORK).hasSizeGreaterThanOrEqualTo(60);
        assertThat(first.actions + second.actions).isGreaterThanOrEqualTo(2_000);
        assertThat(first.hostile + second.hostile).isEqualTo((first.actions + second.actions) / 20);
        assertThat(first.hostileAllowed + second.hostileAllowed)
                .as("hostile actions allowed, seed %d", seed)
                .isZero();
        assertThat(cut).as("fewer questions, seed %d", seed).isGreaterThanOrEqualTo(70);
    }

    @Test
    void coversWhatWasSeenAndNoOtherOption() {
        ApprovalRule rule = only(approved("wc -l docs/a.md", "wc -l docs/b.md", "wc -l src/A.java"));

        assertThat(decide(rule, "wc -l docs/c.md")).isEqualTo(Verdict.ALLOW);
        assertThat(decide(rule, "wc -l docs/a.md docs/b.md")).isEqualTo(Verdict.ASK);
        assertThat(decide(rule, "wc -c docs/a.md")).isEqualTo(Verdict.ASK);
        assertThat(decide(rule, "wc -l ../a.md")).isEqualTo(Verdict.ASK);
        assertThat(decide(rule, "wc -l .env")).isEqualTo(Verdict.DENY);
    }

    @Test
    void filesOfAnUnknownProgramAreTakenAsWritten() {
        ApprovalRule rule = only(approved("tool target/a.txt", "tool target/b.txt", "tool target/c.txt"));

        assertThat(decide(rule, "tool target/d.txt")).isEqualTo(Verdict.ALLOW);
        assertThat(decide(rule, "tool src/A.java")).isEqualTo(Verdict.ASK);
    }

    @Test
    void anOptionThatMayWriteMakesEveryFileOneThatIsWritten() {
        ApprovalRule rule =
                only(approved("sort -o target/x target/a", "sort -o target/y target/b", "sort -o target/z target/c"));

        assertThat(decide(rule, "sort -o target/v target/w")).isEqualTo(Verdict.ALLOW);
        assertThat(decide(rule, "sort -o src/A.java target/w")).isEqualTo(Verdict.ASK);
    }

    @Test
    void aWordThatIsNoPathIsNotOpenedToOthers() {
        assertThat(proposals(approved("git stash list", "git stash list", "git stash list")))
                .isEmpty();
    }

    @Test
    void twoApprovalsAreTooFew() {
        assertThat(proposals(approved("wc -l docs/a.md", "wc -l docs/b.md"))).isEmpty();
    }

    @Test
    void aDenialOfWhatTheRuleWouldAllowPreventsIt() {
        List<RecordedDecision> history = approved("wc -l docs/a.md", "wc -l docs/b.md", "wc -l docs/c.md");
        history.add(recorded("wc -l docs/d.md", Set.of(), Optional.of(false), START));

        assertThat(proposals(history)).isEmpty();
    }

    @Test
    void oldApprovalsDoNotCount() {
        List<RecordedDecision> history = approved("wc -l docs/a.md", "wc -l docs/b.md");
        history.add(recorded("wc -l docs/c.md", Set.of(), Optional.of(true), START.minus(Duration.ofDays(31))));

        assertThat(proposals(history)).isEmpty();
    }

    @Test
    void untrustedInputIsNeverLearnedFrom() {
        List<RecordedDecision> history = new ArrayList<>();
        for (String file : List.of("a", "b", "c", "d")) {
            history.add(
                    recorded("wc -l docs/" + file, Set.of(Context.Label.UNTRUSTED_INPUT), Optional.of(true), START));
        }

        assertThat(proposals(history)).isEmpty();
    }

    @Test
    void programsThatRunOthersAreNeverProposed() {
        assertThat(proposals(approved(
                        "make a",
                        "make a",
                        "make a",
                        "bash x.sh",
                        "bash x.sh",
                        "bash x.sh",
                        "env a.b",
                        "env a.b",
                        "env a.b")))
                .isEmpty();
    }

    @Test
    void textsThatAreUnclearAreNeverProposed() {
        assertThat(proposals(approved("cat <<E\nx\nE", "cat <<E\nx\nE", "cat <<E\nx\nE", "ls *", "ls *", "ls *")))
                .isEmpty();
    }

    @Test
    void filesAreProposedByTheirCommonFolder() {
        List<RecordedDecision> history = new ArrayList<>();
        for (String file : List.of("src/main/a/A.java", "src/main/b/B.java", "src/main/C.java")) {
            history.add(new RecordedDecision(
                    new Action.Edit(file), context(Set.of(), START), Verdict.ASK, Optional.of(true)));
        }

        assertThat(only(history).target()).isEqualTo(new RuleTarget.Paths(true, List.of("src/main/**")));
    }

    @Test
    void aForeignProposalMustCoverEveryPart() {
        ApprovalRule rule = only(approved("wc -l docs/a.md", "wc -l docs/b.md", "wc -l docs/c.md"));
        Context context = context(Set.of(), START);

        assertThat(RuleProposals.covers(POLICY, rule, new Action.Shell("wc -l docs/x.md"), context))
                .isTrue();
        assertThat(RuleProposals.covers(POLICY, rule, new Action.Shell("wc -l docs/x.md && id"), context))
                .isFalse();
    }

    /** The counts of a week of work. */
    private static final class Week {
        private int actions;
        private int hostile;
        private int questions;
        private int hostileAllowed;
    }

    private static Week week(AgentScript script, ApprovalPolicy policy, Instant start, List<RecordedDecision> history) {
        Approvals approvals = Approvals.of(policy);
        Week week = new Week();
        for (int index = 0; index < 1_400; index++) {
            AgentScript.Step step = script.next();
            Context context = context(Set.of(), start.plus(Duration.ofMinutes(7L * index)));
            Decision decision = approvals.decide(step.action(), context);
            week.actions++;
            week.hostile += step.isHostile() ? 1 : 0;
            week.questions += decision.verdict() == Verdict.ASK ? 1 : 0;
            week.hostileAllowed += step.isHostile() && decision.isAllowed() ? 1 : 0;
            history.add(new RecordedDecision(
                    step.action(),
                    context,
                    decision.verdict(),
                    decision.verdict() == Verdict.ASK ? Optional.of(!step.isHostile()) : Optional.empty()));
        }
        return week;
    }

    private static List<RecordedDecision> approved(String... texts) {
        List<RecordedDecision> history = new ArrayList<>();
        for (String text : texts) {
            history.add(recorded(text, Set.of(), Optional.of(true), START));
        }
        return history;
    }

    private static RecordedDecision recorded(
            String text, Set<Context.Label> labels, Optional<Boolean> answer, Instant time) {
        return new RecordedDecision(
                new Action.Shell(text), context(labels, time.plusNanos(text.hashCode() & 0xffff)), Verdict.ASK, answer);
    }

    private static Context context(Set<Context.Label> labels, Instant time) {
        return Context.builder("/srv/app", time).labels(new HashSet<>(labels)).build();
    }

    private static List<RuleProposal> proposals(List<RecordedDecision> history) {
        return RuleProposals.of(POLICY, history, START.plus(Duration.ofHours(1)));
    }

    private static ApprovalRule only(List<RecordedDecision> history) {
        List<RuleProposal> proposals = proposals(history);
        assertThat(proposals).hasSize(1);
        return proposals.get(0).rule();
    }

    private static Verdict decide(ApprovalRule rule, String text) {
        return Approvals.of(POLICY.plus(rule))
                .decide(new Action.Shell(text), context(Set.of(), START))
                .verdict();
    }
}
