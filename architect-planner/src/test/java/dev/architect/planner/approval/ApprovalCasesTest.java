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

    private static List<String> wrong(String file) {
        Approvals approvals = Approvals.of(ApprovalFixture.policy());
        List<String> wrong = new ArrayList<>();
        for (ApprovalCase one : ApprovalFixture.cases(file)) {
            Decision decision = one.decide(approvals);
            if (!one.isMet(decision.verdict())) {
                wrong.add(one.id() + " " + one.action() + ": " + decision + ", wanted " + one.wanted());
            }
        }
        return wrong;
    }
}
