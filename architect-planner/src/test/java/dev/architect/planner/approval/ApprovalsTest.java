package dev.architect.planner.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.testkit.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ApprovalsTest {

    private static final Action LIST = new Action.Shell("ls docs");
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private final Approvals approvals = Approvals.of(ApprovalFixture.policy());

    @Test
    void namesTheRuleAndThePartThatDecided() {
        Decision decision = approvals.decide(new Action.Shell("ls docs && sudo id"), ApprovalFixture.context());

        assertThat(decision.verdict()).isEqualTo(Verdict.DENY);
        assertThat(decision.rules()).containsExactly("deny-privilege");
        assertThat(decision.part()).isEqualTo("sudo id");
    }

    @Test
    void withoutRulesEverythingIsAsked() {
        Approvals none = Approvals.of(ApprovalPolicy.of("/srv/app", "/home/agent", List.of()));

        for (Action action : List.of(
                LIST,
                new Action.Exec(List.of("ls")),
                new Action.Read("docs/a"),
                new Action.Edit("docs/a"),
                new Action.Fetch("https://docs.example.org/", "GET"),
                new Action.Tool("search", Map.of("q", "\"x\"")))) {
            assertThat(none.decide(action, ApprovalFixture.context()).verdict()).isEqualTo(Verdict.ASK);
        }
    }

    @Test
    void secretAndProtectedFilesNeedNoRule() {
        Approvals none = Approvals.of(ApprovalPolicy.of("/srv/app", "/home/agent", List.of()));

        Decision read = none.decide(new Action.Read(".env"), ApprovalFixture.context());
        Decision write = none.decide(new Action.Edit(".git/config"), ApprovalFixture.context());

        assertThat(read.verdict()).isEqualTo(Verdict.DENY);
        assertThat(read.rules()).containsExactly("@secret");
        assertThat(write.rules()).containsExactly("@protected");
    }

    @Test
    void whereNoPersonIsThereAQuestionIsADenial() {
        Context alone = Context.builder("/srv/app", ApprovalFixture.TIME)
                .unattended(true)
                .build();

        Decision decision = approvals.decide(new Action.Shell("unknown"), alone);

        assertThat(decision.verdict()).isEqualTo(Verdict.DENY);
        assertThat(decision.reason()).contains("none is there");
        assertThat(approvals.decide(LIST, alone).isAllowed()).isTrue();
    }

    @Test
    void aHaltStopsWhatIsAllowed() {
        Context halted =
                Context.builder("/srv/app", ApprovalFixture.TIME).halted(true).build();

        assertThat(approvals.decide(LIST, halted).verdict()).isEqualTo(Verdict.DENY);
    }

    @Test
    void untrustedInputSensitiveAccessAndAChangeAskTogether() {
        Context both = Context.builder("/srv/app", ApprovalFixture.TIME)
                .labels(Set.of(Context.Label.UNTRUSTED_INPUT, Context.Label.SENSITIVE_ACCESS))
                .build();
        Context one = Context.builder("/srv/app", ApprovalFixture.TIME)
                .labels(Set.of(Context.Label.UNTRUSTED_INPUT))
                .build();
        Action edit = new Action.Edit("docs/a.md");

        assertThat(approvals.decide(edit, both).rules()).containsExactly("@rule-of-two");
        assertThat(approvals.decide(new Action.Shell("mvn -q test"), both).verdict())
                .isEqualTo(Verdict.ASK);
        assertThat(approvals.decide(new Action.Shell("ls > docs/x"), both).verdict())
                .isEqualTo(Verdict.ASK);
        assertThat(approvals.decide(LIST, both).isAllowed()).isTrue();
        assertThat(approvals.decide(edit, one).isAllowed()).isTrue();
    }

    @Test
    void aRuleCountsUntilItExpiresAndWhereItIsFor() {
        ApprovalPolicy policy = ApprovalPolicy.parse("p", """
                {"workspace": "/srv/app", "rules": [{"id": "pwd", "decision": "allow", "run": ["pwd"], "scope":
                  {"project": "web", "requester": "agent:*", "branch": "architect/*", "until": "2027-03-01T00:00Z"}},
                  {"id": "read", "decision": "allow", "read": ["**"]}]}
                """);
        Approvals scoped = Approvals.of(policy);
        Instant end = Instant.parse("2027-03-01T00:00:00Z");

        assertThat(scoped.decide(pwd(), in(end.minusNanos(1), "web", "agent:a", "architect/x"))
                        .isAllowed())
                .isTrue();
        assertThat(scoped.decide(pwd(), in(end, "web", "agent:a", "architect/x"))
                        .isAllowed())
                .isFalse();
        assertThat(scoped.decide(pwd(), in(end.minusNanos(1), "api", "agent:a", "architect/x"))
                        .isAllowed())
                .isFalse();
        assertThat(scoped.decide(pwd(), in(end.minusNanos(1), "web", "user:a", "architect/x"))
                        .isAllowed())
                .isFalse();
        assertThat(scoped.decide(pwd(), in(end.minusNanos(1), "web", "agent:a", "main"))
                        .isAllowed())
                .isFalse();
        assertThat(scoped.decide(pwd(), in(end.minusNanos(1), "web", null, "architect/x"))
                        .isAllowed())
                .isFalse();
    }

    @Test
    void anApprovalForASessionCountsInItsRunAlone() {
        ApprovalRule rule = ApprovalFixture.policy().rules().stream()
                .filter(one -> one.id().equals("pwd"))
                .findFirst()
                .orElseThrow()
                .forRun("run-1");
        Approvals session = Approvals.of(ApprovalPolicy.standard("/srv/app", "/home/agent")
                .withRules(List.of(
                        rule,
                        ApprovalFixture.policy().rules().stream()
                                .filter(one -> one.id().equals("read-workspace"))
                                .findFirst()
                                .orElseThrow())));

        assertThat(session.decide(pwd(), run("run-1")).isAllowed()).isTrue();
        assertThat(session.decide(pwd(), run("run-2")).isAllowed()).isFalse();
    }

    @Test
    void aJudgeMayOnlyTighten() {
        ManualTime time = new ManualTime();
        Approvals strict = approvals.withJudge((action, context, allowed, limit) -> Verdict.DENY, LIMIT, time);
        Approvals lax = approvals.withJudge((action, context, allowed, limit) -> Verdict.ALLOW, LIMIT, time);

        assertThat(strict.decide(LIST, ApprovalFixture.context()).verdict()).isEqualTo(Verdict.DENY);
        assertThat(lax.decide(LIST, ApprovalFixture.context()).isAllowed()).isTrue();
        assertThat(lax.decide(new Action.Shell("unknown"), ApprovalFixture.context())
                        .verdict())
                .isEqualTo(Verdict.ASK);
        assertThat(lax.decide(new Action.Shell("sudo id"), ApprovalFixture.context())
                        .verdict())
                .isEqualTo(Verdict.DENY);
    }

    @Test
    void aJudgeThatFailsOrIsLateAsks() {
        ManualTime time = new ManualTime();
        Approvals failing = approvals.withJudge(
                (action, context, allowed, limit) -> {
                    throw new IllegalStateException("down");
                },
                LIMIT,
                time);
        Approvals late = approvals.withJudge(
                (action, context, allowed, limit) -> {
                    time.advance(limit.plusNanos(1));
                    return Verdict.ALLOW;
                },
                LIMIT,
                time);

        assertThat(failing.decide(LIST, ApprovalFixture.context()).verdict()).isEqualTo(Verdict.ASK);
        assertThat(late.decide(LIST, ApprovalFixture.context()).reason()).isEqualTo("the judge was late");
    }

    @Test
    void aToolIsAllowedByItsName() {
        Approvals tools = Approvals.of(ApprovalPolicy.parse("p", """
                {"workspace": "/srv/app", "rules": [{"id": "search", "decision": "allow", "tool": "docs/search"}]}
                """));

        assertThat(tools.decide(new Action.Tool("docs/search", Map.of()), ApprovalFixture.context())
                        .isAllowed())
                .isTrue();
        assertThat(tools.decide(new Action.Tool("docs/delete", Map.of()), ApprovalFixture.context())
                        .isAllowed())
                .isFalse();
    }

    @Test
    void equalActionsHaveEqualJson() {
        assertThat(new Action.Exec(List.of("ls", "-l")).json())
                .isEqualTo("{\"action\":\"exec\",\"argv\":[\"ls\",\"-l\"]}");
        assertThat(new Action.Tool("t", Map.of("b", "1", "a", "2")).json())
                .isEqualTo(new Action.Tool("t", Map.of("a", "2", "b", "1")).json());
    }

    private static Action pwd() {
        return new Action.Exec(List.of("pwd"));
    }

    private static Context in(Instant time, String project, String requester, String branch) {
        return Context.builder("/srv/app", time)
                .project(project)
                .requester(requester)
                .branch(branch)
                .build();
    }

    private static Context run(String id) {
        return Context.builder("/srv/app", ApprovalFixture.TIME).run(id).build();
    }
}
