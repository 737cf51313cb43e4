package dev.architect.benchmarks.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.benchmarks.InvalidOptionException;
import dev.architect.benchmarks.failover.RunRecord.AskedRequest;
import dev.architect.benchmarks.failover.server.CanonicalAnswer;
import dev.architect.benchmarks.failover.server.FaultAction;
import dev.architect.benchmarks.failover.server.FaultProfile;
import dev.architect.benchmarks.failover.server.LoggedCall;
import dev.architect.benchmarks.failover.subject.Subject;
import dev.architect.benchmarks.failover.subject.SubjectKind;
import dev.architect.benchmarks.failover.subject.SubjectOutcome;
import dev.architect.benchmarks.failover.subject.SubjectSettings;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FailoverSuiteTest {

    private static final SubjectOutcome WHOLE =
            SubjectOutcome.answered(CanonicalAnswer.TEXT, Optional.of("fb-ok"), OptionalLong.of(60));

    @ParameterizedTest
    @ValueSource(strings = {"openai", "claude", "gemini", "ollama", "openai-responses"})
    void ourAdapterReadsEveryDialectCompletely(String dialect) throws Exception {
        RunRecord run = run("architect-two-providers", dialect, FailoverScenario.S16);

        assertThat(run.healthy().outcome())
                .isEqualTo(SubjectOutcome.answered(
                        CanonicalAnswer.TEXT, Optional.of("fb-ok"), OptionalLong.of(CanonicalAnswer.TOKENS)));
        assertThat(judge(FailoverScenario.S16, true, run)).isEqualTo(new Judgement(Verdict.PASS, List.of(), List.of()));
    }

    @ParameterizedTest
    @EnumSource(names = {"S02", "S04", "S05", "S08", "S11", "S12", "S13", "S14", "S16"})
    void twoProvidersPass(FailoverScenario scenario) throws Exception {
        RunRecord run = run("architect-two-providers", "openai", scenario);

        assertThat(judge(scenario, true, run).verdict()).as("%s", run.asMap()).isEqualTo(Verdict.PASS);
    }

    @ParameterizedTest
    @EnumSource(
            names = {"X01", "X02", "X03", "X04", "X05_MS", "X05_DAY", "X06", "X07", "X08", "X09", "X10", "W08", "W10"})
    void twoProvidersPassOurOwn(FailoverScenario scenario) throws Exception {
        RunRecord run = run("architect-two-providers", "claude", scenario);

        Judgement judgement = judge(scenario, true, run);
        assertThat(judgement.verdict()).as("%s %s", judgement, run.asMap()).isEqualTo(Verdict.PASS);
        assertThat(run.recordProblem())
                .as("the ledger has what the server counted")
                .isEmpty();
    }

    /** The name of a model of Ollama that is not known does not exclude it. */
    @ParameterizedTest
    @EnumSource(names = {"S08", "S14"})
    void aFallbackThatTakesABeginningIsAskedToContinue(FailoverScenario scenario) throws Exception {
        RunRecord run = run("architect-two-providers", "ollama", scenario);

        assertThat(judge(scenario, true, run)).isEqualTo(new Judgement(Verdict.PASS, List.of(), List.of()));
        assertThat(run.calls())
                .extracting(LoggedCall::lastRole)
                .isEqualTo(
                        scenario == FailoverScenario.S08
                                ? List.of("user", "assistant")
                                : List.of("user", "assistant", "user"));
        assertThat(run.calls().get(1).action())
                .isEqualTo(scenario == FailoverScenario.S08 ? FaultAction.ANSWER : FaultAction.INVALID_PREFILL);
    }

    @Test
    void aPartPresentedAsTheWholeIsAFailure() throws Exception {
        String part =
                String.join("", CanonicalAnswer.tokens(CanonicalAnswer.TEXT).subList(0, 40));
        RunRecord run = run(
                toy(() -> SubjectOutcome.answered(part, Optional.empty(), OptionalLong.empty()), () -> WHOLE), 20_000);

        Judgement judgement = judge(FailoverScenario.S08, true, run);

        assertThat(judgement.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(judgement.reasons()).contains("presented 40 words as success, expected the 60 of the answer");
    }

    @Test
    void aClientThatNeverReturnsIsAFailure() throws Exception {
        RunRecord run = run(toy(FailoverSuiteTest::hang, () -> WHOLE), 100);

        Judgement judgement = judge(FailoverScenario.S08, true, run);

        assertThat(judgement.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(judgement.reasons()).anySatisfy(reason -> assertThat(reason).startsWith("not bounded"));
    }

    @Test
    void aClientThatIsDeadAfterwardsIsAFailure() throws Exception {
        RuntimeException broken = new java.util.NoSuchElementException("no connection left");
        RunRecord run = run(toy(() -> WHOLE, () -> SubjectOutcome.failed("", broken)), 20_000);

        Judgement judgement = judge(FailoverScenario.S08, true, run);

        assertThat(judgement.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(judgement.reasons()).anySatisfy(reason -> assertThat(reason).startsWith("not alive"));
    }

    @Test
    void anErrorIsSafeOnlyWhenAProgramCanTellItsKind() {
        RunRecord typed = record(SubjectOutcome.failed("", new java.util.NoSuchElementException()), call(0, 1));
        RunRecord untyped = record(SubjectOutcome.failed("", new RuntimeException("?")), call(0, 1));

        assertThat(judge(FailoverScenario.S08, true, typed).verdict()).isEqualTo(Verdict.SAFE);
        assertThat(judge(FailoverScenario.S08, true, untyped).verdict()).isEqualTo(Verdict.FAIL);
    }

    @ParameterizedTest
    @CsvSource({"2100, PASS, true", "1900, PASS, false", "600, PARTIAL, false"})
    void theGapAfterARateLimitIsMeasuredByTheServer(int gap, Verdict verdict, boolean isTargetMet) {
        RunRecord run = record(WHOLE, call(1, 1, FailoverScenario.S01), call(1 + gap, 2, FailoverScenario.S01));

        Judgement judgement = judge(FailoverScenario.S01, true, run);

        assertThat(judgement.verdict()).isEqualTo(verdict);
        assertThat(judgement.missed().isEmpty()).isEqualTo(isTargetMet);
    }

    @Test
    void aThirdCallWithTheSamePromptIsAFailure() {
        RunRecord run = record(WHOLE, call(1, 1, FailoverScenario.S12), call(2, 2, FailoverScenario.S12));

        assertThat(judge(FailoverScenario.S12, true, run).verdict()).isEqualTo(Verdict.FAIL);
    }

    @Test
    void aRefusalIsIdealAndRoutingAroundItIsPartial() {
        LoggedCall refused = call(1, 1, FailoverScenario.S13);
        SubjectOutcome told = SubjectOutcome.failed("", new IllegalArgumentException("content_policy_violation"));
        SubjectOutcome silent = SubjectOutcome.failed("", new java.util.NoSuchElementException("bad request"));
        LoggedCall other = new LoggedCall(9, "fb-ok", 1, true, "user", 7, FaultAction.ANSWER, 20, -1);

        assertThat(judge(FailoverScenario.S13, true, record(WHOLE, refused, other))
                        .verdict())
                .isEqualTo(Verdict.PARTIAL);
        assertThat(judge(FailoverScenario.S13, true, record(silent, refused)).verdict())
                .isEqualTo(Verdict.FAIL);
        assertThat(judge(FailoverScenario.S13, true, record(told, refused)).reasons())
                .noneSatisfy(reason -> assertThat(reason).contains("reason"));
    }

    @Test
    void aLostRequestOfAnOutageIsAFailureOnlyWithAFallback() {
        LoggedCall back = new LoggedCall(
                6_100, FailoverScenario.S15.primary(), 3, true, "user", 7, FaultAction.ANSWER, 6_400, -1);
        RunRecord run = record(SubjectOutcome.failed("", new java.util.NoSuchElementException()), back);

        assertThat(judge(FailoverScenario.S15, true, run).verdict()).isEqualTo(Verdict.FAIL);
        assertThat(judge(FailoverScenario.S15, false, run).verdict()).isEqualTo(Verdict.SAFE);
    }

    @Test
    void aWrongOptionIsNamedBeforeAnythingRuns() {
        assertThatThrownBy(() -> FailoverOptions.parse(List.of("--scenarios", "S17")))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageStartingWith("--scenarios has 'S17', expected all or of S01,S02");
        assertThatThrownBy(() -> FailoverOptions.parse(List.of("--subjects", "architect")))
                .hasMessageStartingWith("--subjects has 'architect', expected all or of architect-one-provider,");
        assertThatThrownBy(() -> FailoverOptions.parse(List.of("--dialects", "openai,")))
                .hasMessageStartingWith("--dialects has '', expected all or of openai,");
        assertThatThrownBy(() -> FailoverOptions.parse(List.of("--profile", "slow")))
                .hasMessage("--profile is 'slow', expected fast or full");
        assertThatThrownBy(() -> FailoverOptions.parse(List.of("--runs", "0")))
                .hasMessage("--runs is 0, expected at least 1");
        assertThat(FailoverOptions.parse(List.of()).scenarios()).hasSize(16).isEqualTo(FailoverScenario.PUBLISHED);
        assertThat(FailoverOptions.parse(List.of("--scenarios", "further")).scenarios())
                .isEqualTo(FailoverScenario.FURTHER);
        assertThat(FailoverOptions.parse(List.of("--scenarios", "s05,S06")).scenarios())
                .containsExactly(FailoverScenario.S05, FailoverScenario.S06);
    }

    private static RunRecord run(String subject, String dialect, FailoverScenario scenario) throws Exception {
        return ScenarioRunner.run(
                SubjectKind.named(subject).orElseThrow(),
                dialect,
                scenario,
                SubjectSettings.DEFAULTS,
                FaultProfile.FAST);
    }

    private static RunRecord run(SubjectKind kind, long maxMillis) throws Exception {
        return ScenarioRunner.run(
                kind, "openai", FailoverScenario.S08, SubjectSettings.DEFAULTS, FaultProfile.FAST, maxMillis);
    }

    private static Judgement judge(FailoverScenario scenario, boolean hasFallback, RunRecord run) {
        return ScenarioRules.judge(scenario, hasFallback, SubjectSettings.DEFAULTS, FaultProfile.FAST, run);
    }

    private static RunRecord record(SubjectOutcome outcome, LoggedCall... calls) {
        return new RunRecord(
                List.of(new AskedRequest(0, 3_000, outcome)),
                List.of(calls),
                new AskedRequest(3_000, 3_300, WHOLE),
                "");
    }

    private static LoggedCall call(int atMillis, int number) {
        return call(atMillis, number, FailoverScenario.S08);
    }

    private static LoggedCall call(int atMillis, int number, FailoverScenario scenario) {
        return new LoggedCall(atMillis, scenario.primary(), number, true, "user", 7, FaultAction.CUT, atMillis + 1, -1);
    }

    private static SubjectOutcome hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        return WHOLE;
    }

    private static SubjectKind toy(Supplier<SubjectOutcome> faulty, Supplier<SubjectOutcome> healthy) {
        return new SubjectKind("toy", true, Set.of("openai"), setup -> new Subject() {
            @Override
            public SubjectOutcome ask() {
                return faulty.get();
            }

            @Override
            public SubjectOutcome askHealthy() {
                return healthy.get();
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        });
    }
}
