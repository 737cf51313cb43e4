package dev.architect.planner.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ApprovalPolicyTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"id\":\"a\",\"decision\":\"alow\",\"run\":[\"ls\"]} | p:2:11: rules[0].decision is 'alow', expected one of allow, ask, deny",
                "{\"id\":\"a\",\"decision\":\"allow\",\"runs\":[\"ls\"]} | field 'rules[0].runs' is unknown, did you mean 'rules[0].run'?",
                "{\"id\":\"a\",\"decision\":\"allow\"} | rules[0].run is missing, expected one of fetch, read, run, tool, write",
                "{\"id\":\"a\",\"decision\":\"allow\",\"run\":[\"bash\"]} | run allows 'bash', which runs other programs or code",
                "{\"id\":\"a\",\"decision\":\"allow\",\"run\":[\"git\"],\"operands\":\"text\"} | run allows 'git'",
                "{\"id\":\"a\",\"decision\":\"allow\",\"run\":[\"python3.12\",\"-m\",\"pip\"]} | run allows 'python -m pip'",
                "{\"id\":\"a\",\"decision\":\"allow\",\"run\":[\"find\"],\"options\":[\"-exec\"]} | run allows 'find -exec'",
                "{\"id\":\"a\",\"decision\":\"allow\",\"run\":[\"sed\",\"-n\"],\"operands\":\"text\"} | run allows 'sed'",
                "{\"id\":\"a\",\"decision\":\"allow\",\"run\":[[\"ls\",\"sudo\"]]} | run allows 'sudo'",
                "{\"id\":\"a\",\"decision\":\"allow\",\"run\":[\"./ls\"]} | run[0] is './ls', expected the bare name of a program",
                "{\"id\":\"a\",\"decision\":\"allow\",\"run\":[\"ls\"],\"options\":[\"l\"]} | option is 'l', expected one or two dashes",
                "{\"id\":\"a\",\"decision\":\"allow\",\"run\":[\"ls\"],\"operands\":\"file\"} | operands is 'file', expected one of none, text",
                "{\"id\":\"a\",\"decision\":\"allow\",\"run\":[\"ls\"],\"hasOption\":[\"-l\"]} | hasOption is there, expected options",
                "{\"id\":\"a\",\"decision\":\"allow\",\"run\":[\"ls\"],\"exact\":true,\"options\":[\"-l\"]} | exact is true, expected neither options nor operands",
                "{\"id\":\"a\",\"decision\":\"allow\",\"read\":\"@secret\"} | decision is allow, expected ask or deny",
                "{\"id\":\"a\",\"decision\":\"allow\",\"read\":[\"../x\"]} | pattern is '../x'",
                "{\"id\":\"a\",\"decision\":\"allow\",\"fetch\":{\"host\":\"*.org\"}} | host is '*.org'",
                "{\"id\":\"a\",\"decision\":\"allow\",\"run\":[\"ls\"],\"scope\":{\"until\":\"soon\"}} | rules[0].scope.until",
                "{\"id\":\"a\",\"decision\":\"allow\",\"run\":[\"ls\"],\"examples\":{\"match\":[[\"ls\",\"-l\"]]}} | examples.match[0] [ls, -l] is not matched",
                "{\"id\":\"a\",\"decision\":\"allow\",\"run\":[\"ls\"],\"examples\":{\"differ\":[[\"ls\"]]}} | examples.differ[0] [ls] is matched",
                "{\"id\":\"a\",\"decision\":\"deny\",\"run\":[\"rm\"],\"hasOption\":[\"-r\"],\"examples\":{\"match\":[[\"rm\",\"--\",\"-r\"]]}} | is not matched",
                "{\"id\":\"a b\",\"decision\":\"deny\",\"run\":[\"rm\"]} | id is 'a b', expected 1 to 100 letters",
                "{\"id\":\"a\",\"decision\":\"deny\",\"run\":[\"rm\"]},{\"id\":\"a\",\"decision\":\"deny\",\"run\":[\"dd\"]} | id is 'a' in two rules, expected each once",
                "{\"id\":\"a\",\"decision\":\"deny\",\"write\":[\"x\"],\"most\":3} | rules[0].most is there beside write",
            })
    void aBrokenRuleIsRefusedWithFieldValueAndExpectation(String rule, String expected) {
        assertThatThrownBy(() -> ApprovalPolicy.parse("p", "{\"workspace\":\"/w\",\"rules\":[\n" + rule + "]}"))
                .isInstanceOf(InvalidPolicyException.class)
                .hasMessageMatching("(?s)p:2:\\d+: .*")
                .satisfies(failure -> assertThat(shown(failure)).contains(expected));
    }

    @Test
    void everyProblemOfAFileIsNamed() {
        assertThatThrownBy(
                        () -> ApprovalPolicy.parse(
                                "p",
                                "{\"workspace\":\"/w\",\"rules\":[{\"id\":\"a\",\"decision\":\"x\"},\n{\"id\":\"b\",\"decision\":\"y\"}]}"))
                .isInstanceOfSatisfying(
                        InvalidPolicyException.class,
                        failure -> assertThat(failure.problems())
                                .hasSize(2)
                                .last()
                                .asString()
                                .startsWith("p:2:"));
    }

    @Test
    void whatIsNoJsonIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> ApprovalPolicy.parse("p", "{\"workspace\":\n  oops}"))
                .isInstanceOf(InvalidPolicyException.class)
                .hasMessageStartingWith("p:2:3:");
        assertThatThrownBy(() -> ApprovalPolicy.load(Path.of("no-such-file.json")))
                .isInstanceOf(InvalidPolicyException.class)
                .hasMessageContaining("no-such-file.json cannot be read");
    }

    @Test
    void exactCommandsOfBannedProgramsAreFine() {
        assertThat(ApprovalFixture.policy().rules())
                .extracting(ApprovalRule::id)
                .contains("mvn-test", "npm-test", "pytest");
    }

    @Test
    void theListOfBannedProgramsIsLong() {
        assertThat(BannedPrograms.standard().size()).isGreaterThanOrEqualTo(120);
    }

    @Test
    void theStandardPolicyReadsAndChangesNothing() {
        Approvals standard = Approvals.of(ApprovalPolicy.standard("/srv/app", "/home/agent"));

        assertThat(standard.decide(new Action.Shell("git log --oneline -n 5"), ApprovalFixture.context())
                        .isAllowed())
                .isTrue();
        assertThat(standard.decide(new Action.Edit("docs/a.md"), ApprovalFixture.context())
                        .verdict())
                .isEqualTo(Verdict.ASK);
        assertThat(standard.policy().rules().stream()
                        .filter(rule -> rule.verdict() == Verdict.ALLOW)
                        .map(ApprovalRule::target)
                        .filter(target -> target instanceof RuleTarget.Paths paths && paths.isWrite()))
                .isEmpty();
    }

    /** Without the place, in the words of a program's message. */
    private static String shown(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return message + "\n" + message.replaceAll("p:\\d+:\\d+: (\\S+) ", "$1 ");
    }
}
