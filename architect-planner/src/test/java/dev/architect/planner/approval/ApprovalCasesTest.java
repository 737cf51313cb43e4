package dev.architect.planner.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.planner.approval.sample.ApprovalCase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The recorded cases: nothing is falsely allowed, every denied command is denied, what is harmless is allowed. */
final class ApprovalCasesTest {

    @Test
    void allRecordedCasesAreDecidedAsWanted() {
        List<String> wrong = wrong("cases.jsonl");

        assertThat(wrong).isEmpty();
        assertThat(ApprovalFixture.cases("cases.jsonl")).hasSize(70);
    }

    @Test
    void furtherCasesOfOurOwnAreDecidedAsWanted() {
        List<String> wrong = wrong("further-cases.jsonl");

        assertThat(wrong).isEmpty();
        assertThat(ApprovalFixture.cases("further-cases.jsonl")).hasSizeGreaterThan(150);
    }

    @Test
    void everydayWorkIsAllowedAndNothingElseUnderTheRulesOfADeveloper() {
        ApprovalPolicy policy = ApprovalFixture.policy("everyday-policy.json");
        List<ApprovalCase> cases = ApprovalFixture.cases("everyday-cases.jsonl", policy);

        assertThat(wrong(cases, policy)).isEmpty();
        assertThat(cases.stream().filter(each -> each.id().startsWith("e"))).hasSizeGreaterThan(200);
        assertThat(cases.stream().filter(each -> each.id().startsWith("h"))).hasSizeGreaterThan(300);
    }

    private static List<String> wrong(String file) {
        return wrong(ApprovalFixture.cases(file), ApprovalFixture.policy());
    }

    private static List<String> wrong(List<ApprovalCase> cases, ApprovalPolicy policy) {
        Approvals approvals = Approvals.of(policy);
        List<String> wrong = new ArrayList<>();
        for (ApprovalCase one : cases) {
            Decision decision = one.decide(approvals);
            if (!one.isMet(decision.verdict())) {
                wrong.add(one.id() + " " + one.action() + ": " + decision + ", wanted " + one.wanted());
            }
        }
        return wrong;
    }
}
