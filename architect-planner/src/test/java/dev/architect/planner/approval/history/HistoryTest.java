package dev.architect.planner.approval.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.planner.approval.Action;
import dev.architect.planner.approval.ApprovalPolicy;
import dev.architect.planner.approval.Approvals;
import dev.architect.planner.approval.Context;
import dev.architect.planner.approval.Decision;
import dev.architect.planner.approval.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Dry runs, and the breaker for denials. */
final class HistoryTest {

    private static final Instant TIME = Instant.parse("2026-11-29T12:00:00Z");

    private static final ApprovalPolicy BEFORE = policy("");
    private static final ApprovalPolicy AFTER = policy("""
            {"id": "wc", "decision": "allow", "run": ["wc"], "operands": "path-read"},
            {"id": "no-nl", "decision": "deny", "run": ["nl"]},
            """);

    @Test
    void aDryRunShowsWhatChanges() {
        DryRun run = DryRun.of(AFTER, decided(BEFORE, "wc docs/a", "wc docs/b", "nl docs/a", "pwd", "cat x"));

        assertThat(run.replayed()).isEqualTo(5);
        assertThat(run.newly(Verdict.ALLOW)).isEqualTo(2);
        assertThat(run.newly(Verdict.DENY)).isEqualTo(1);
        assertThat(run.newly(Verdict.ASK)).isZero();
        assertThat(run.samples().get(Verdict.DENY))
                .extracting(RecordedDecision::action)
                .containsExactly(new Action.Shell("nl docs/a"));
    }

    @Test
    void aDryRunIsGoodForItsRulesAlone() {
        DryRun run = DryRun.of(AFTER, List.of());

        assertThat(run.covers(AFTER)).isTrue();
        assertThat(run.covers(BEFORE)).isFalse();
    }

    @Test
    void theNewestThousandAreReplayed() {
        List<RecordedDecision> many = new ArrayList<>();
        for (int index = 0; index < 1_100; index++) {
            many.addAll(decided(BEFORE, index < 100 ? "wc docs/a" : "pwd"));
        }

        DryRun run = DryRun.of(
                AFTER,
                many.stream()
                        .map(one -> new RecordedDecision(
                                one.action(),
                                context(TIME.plusSeconds(many.indexOf(one))),
                                one.verdict(),
                                one.answer()))
                        .toList());

        assertThat(run.replayed()).isEqualTo(DryRun.MAX_REPLAYED);
        assertThat(run.newly(Verdict.ALLOW)).isLessThanOrEqualTo(100);
    }

    @Test
    void rulesWithoutEffectAreListed() {
        ApprovalPolicy conflicting = policy("""
                {"id": "wc", "decision": "allow", "run": ["wc"]},
                {"id": "wc-again", "decision": "allow", "run": ["wc"]},
                {"id": "no-wc", "decision": "deny", "run": ["wc"]},
                """);

        assertThat(DryRun.of(conflicting, List.of()).conflicts())
                .containsExactlyInAnyOrder(
                        new DryRun.Conflict("wc", "no-wc", true),
                        new DryRun.Conflict("wc-again", "no-wc", true),
                        new DryRun.Conflict("wc-again", "wc", false));
    }

    @Test
    void threeDenialsInARowStopARun() {
        DenialBreaker breaker = new DenialBreaker();

        assertThat(record(breaker, "r", "sudo a", Verdict.DENY)).isFalse();
        assertThat(record(breaker, "r", "sudo b", Verdict.DENY)).isFalse();
        assertThat(record(breaker, "r", "ls", Verdict.ALLOW)).isFalse();
        assertThat(record(breaker, "r", "sudo c", Verdict.DENY)).isFalse();
        assertThat(record(breaker, "r", "sudo d", Verdict.DENY)).isFalse();
        assertThat(record(breaker, "r", "sudo e", Verdict.DENY)).isTrue();
        assertThat(breaker.denials("r")).hasSize(5);
        assertThat(record(breaker, "r", "ls", Verdict.ALLOW)).isTrue();
        breaker.resume("r");
        assertThat(record(breaker, "r", "ls", Verdict.ALLOW)).isFalse();
    }

    @Test
    void tenDenialsStopARunAndTwentyADayItsRequester() {
        DenialBreaker breaker = new DenialBreaker();
        boolean isOpen = false;
        for (int index = 0; index < 10; index++) {
            assertThat(isOpen).isFalse();
            isOpen = record(breaker, "r", "sudo " + index, Verdict.DENY);
            record(breaker, "r", "ls", Verdict.ALLOW);
        }
        assertThat(isOpen).isTrue();
        for (int index = 0; index < 9; index++) {
            assertThat(record(breaker, "s" + index, "sudo", Verdict.DENY)).isFalse();
        }
        assertThat(record(breaker, "t", "sudo", Verdict.DENY)).isTrue();
        assertThat(breaker.record(
                        "u", "agent", TIME.plus(Duration.ofDays(1)), new Action.Shell("sudo"), decision(Verdict.DENY)))
                .isFalse();
    }

    @Test
    void theSameActionIsAnsweredFromTheFirstDecision() {
        DenialBreaker breaker = new DenialBreaker();
        record(breaker, "r", "sudo a", Verdict.DENY);

        assertThat(breaker.known("r", new Action.Shell("sudo a"))).contains(decision(Verdict.DENY));
        assertThat(breaker.known("r", new Action.Shell("sudo b"))).isEmpty();
        assertThat(breaker.known("s", new Action.Shell("sudo a"))).isEmpty();
    }

    private static boolean record(DenialBreaker breaker, String run, String text, Verdict verdict) {
        return breaker.record(run, "agent", TIME, new Action.Shell(text), decision(verdict));
    }

    private static Decision decision(Verdict verdict) {
        return new Decision(verdict, List.of(), "part", "reason");
    }

    private static List<RecordedDecision> decided(ApprovalPolicy policy, String... texts) {
        Approvals approvals = Approvals.of(policy);
        List<RecordedDecision> decided = new ArrayList<>();
        for (String text : texts) {
            Action action = new Action.Shell(text);
            Context context = context(TIME);
            decided.add(new RecordedDecision(
                    action, context, approvals.decide(action, context).verdict(), Optional.empty()));
        }
        return decided;
    }

    private static Context context(Instant time) {
        return Context.builder("/srv/app", time).build();
    }

    private static ApprovalPolicy policy(String more) {
        return ApprovalPolicy.parse(
                "p",
                "{\"workspace\": \"/srv/app\", \"rules\": [" + more
                        + "{\"id\": \"read\", \"decision\": \"allow\", \"read\": [\"**\"]},"
                        + "{\"id\": \"pwd\", \"decision\": \"allow\", \"run\": [\"pwd\"]}]}");
    }
}
