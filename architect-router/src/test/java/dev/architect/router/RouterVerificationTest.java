package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.answer.AnswerChecker;
import dev.architect.chat.AcceptedAnswers;
import dev.architect.chat.AnswerVerdict;
import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.RejectedAnswerException;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.Cost;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.MoneyTotal;
import dev.architect.event.Event;
import dev.architect.model.FailureKind;
import dev.architect.model.StopReason;
import dev.architect.request.RequestScope;
import dev.architect.route.UnservableRequestException;
import dev.architect.router.policy.PolicyException;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.router.policy.VerificationSettings;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.RoutingContext;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RouterVerificationTest {

    private static final String CHECKED = RouterFixture.POLICY + "verification: {checks: [{checker: judge}]}\n";
    private static final AnswerChecker NOT_FREE = (request, answer) ->
            answer.text().equals("free") ? AnswerVerdict.rejected("too-cheap") : AnswerVerdict.accepted();

    @Test
    void aRejectedAnswerIsReplacedByThatOfTheNextBetterModelAndBothAreBilled() {
        try (RouterFixture fixture = fixture(CHECKED, NOT_FREE)) {
            ChatResponse answer = fixture.chat("Hi");

            assertThat(answer.text()).isEqualTo("cheap");
            assertThat(answer.verdict()).isEqualTo(AnswerVerdict.accepted());
            assertThat(answer.position()).isEqualTo(1);
            assertThat(fixture.ledger)
                    .extracting(LedgerEntry::outcome)
                    .containsExactly(CallOutcome.REJECTED, CallOutcome.ANSWERED);
            assertThat(fixture.ledger.get(0).charge().cost().amount()).isPresent();
            assertThat(fixture.ledger.get(0).charge().baseline()).isEqualTo(Cost.NOT_BILLED);
            assertThat(answer.cost().spent()).isEqualTo(sum(fixture));
            assertThat(fixture.events(Event.AnswerChecked.class))
                    .extracting(event -> event.verdict().reason())
                    .containsExactly("too-cheap", "");
            assertThat(fixture.events(Event.AnswerChecked.class))
                    .extracting(Event.AnswerChecked::requestId)
                    .containsOnly(answer.requestId());
        }
    }

    @Test
    void aModelThatIsNoBetterIsNotAsked() {
        String policy = CHECKED.replace("openai/gpt-4o-mini, quality: 66", "openai/gpt-4o-mini, quality: 45");
        try (RouterFixture fixture = fixture(policy, NOT_FREE)) {
            assertThat(fixture.chat("Hi").text()).isEqualTo("dear");
            assertThat(fixture.openai.callCount()).isZero();
        }
    }

    @Test
    void withoutABetterModelTheLastAnswerIsReturnedWithItsVerdict() {
        try (RouterFixture fixture = fixture(CHECKED, (request, answer) -> AnswerVerdict.rejected("never"))) {
            ChatResponse answer = fixture.chat("Hi");

            assertThat(answer.text()).isEqualTo("dear");
            assertThat(answer.verdict()).isEqualTo(AnswerVerdict.rejected("never"));
            assertThat(answer.cost().spent()).isEqualTo(sum(fixture));
            assertThat(fixture.ledger).hasSize(3);
            assertThatThrownBy(() -> AcceptedAnswers.DEFAULT.check(answer))
                    .isInstanceOf(RejectedAnswerException.class)
                    .hasMessageContaining("never");
        }
    }

    @Test
    void aFailureOfTheBetterModelLeavesTheRejectedAnswer() {
        for (FailureKind kind : List.of(FailureKind.INVALID_REQUEST, FailureKind.UNAVAILABLE)) {
            try (RouterFixture fixture = fixture(CHECKED, NOT_FREE)) {
                fixture.openai.always(ScriptedStep.fail(kind));
                fixture.claude.always(ScriptedStep.fail(kind));

                ChatResponse answer = fixture.chat("Hi");

                assertThat(answer.text()).isEqualTo("free");
                assertThat(answer.verdict().isRejected()).isTrue();
            }
        }
    }

    @Test
    void escalationsAndMoneyAreLimited() {
        AnswerChecker never = (request, answer) -> AnswerVerdict.rejected("never");
        try (RouterFixture fixture = fixture(CHECKED.replace("{checks:", "{escalations: 1, checks:"), never)) {
            assertThat(fixture.chat("Hi").text()).isEqualTo("cheap");
        }
        // The dear one costs more than that, the cheap one less.
        try (RouterFixture fixture = fixture(CHECKED.replace("{checks:", "{maxSpend: 0.0005, checks:"), never)) {
            assertThat(fixture.chat("Hi").text()).isEqualTo("cheap");
            assertThat(fixture.claude.callCount()).isZero();
        }
        try (RouterFixture fixture = fixture(CHECKED.replace("{checks:", "{maxSpend: 0, checks:"), never)) {
            assertThat(fixture.chat("Hi").text()).isEqualTo("free");
        }
    }

    @Test
    void aCheckerThatThrowsIsUnsureAndRejectsNothing() {
        try (RouterFixture fixture = fixture(CHECKED, (request, answer) -> {
            throw new NoClassDefFoundError("absent");
        })) {
            assertThat(fixture.chat("Hi").verdict()).isEqualTo(AnswerVerdict.unsure());
            assertThat(fixture.ledger).hasSize(1);
            assertThat(fixture.router.freeCalls()).isEqualTo(9);
        }
    }

    @Test
    void onlyCompleteAnswersOfTextAreChecked() {
        try (RouterFixture fixture = fixture(CHECKED, (request, answer) -> AnswerVerdict.rejected("never"))) {
            fixture.ollama.always(ScriptedStep.answer(ProviderAnswer.builder("llama3.2", "cut", StopReason.LENGTH)
                    .usage(TokenUsage.of(1, 1), UsageSource.REPORTED)
                    .build()));

            assertThat(fixture.chat("Hi").verdict()).isEqualTo(AnswerVerdict.unchecked());
        }
    }

    @Test
    void rulesAreByComplexityAndTag() {
        String policy = RouterFixture.POLICY
                + "verification: {checks: [{checker: judge, complexity: [simple], tags: {kind: invoice}}]}\n";
        try (RouterFixture fixture = fixture(policy, NOT_FREE)) {
            assertThat(fixture.chat("Hi").text()).isEqualTo("free");

            ChatResponse tagged = fixture.router.chat(
                    ChatRequest.of("Hi"), context(fixture, RequestScope.create().withTag("kind", "invoice"), null));

            assertThat(tagged.text()).isEqualTo("cheap");
        }
    }

    @Test
    void aRequestNamesItsOwnCheckers() {
        try (RouterFixture fixture = fixture(RouterFixture.POLICY, NOT_FREE)) {
            ChatRequest request = ChatRequest.builder("Hi")
                    .accepted(AcceptedAnswers.DEFAULT.checkedBy("judge"))
                    .build();
            ChatRequest unknown = ChatRequest.builder("Hi")
                    .accepted(AcceptedAnswers.DEFAULT.checkedBy("judges"))
                    .build();

            assertThat(fixture.chat(request).text()).isEqualTo("cheap");
            assertThat(fixture.chat("Hi").text()).isEqualTo("free");
            assertThatThrownBy(() -> fixture.router.check(unknown))
                    .isInstanceOf(UnservableRequestException.class)
                    .hasMessageContaining("accepted.checks is 'judges'")
                    .hasMessageContaining("did you mean 'judge'?");
        }
    }

    @Test
    void aListenerGetsOnlyTheAnswerThatIsReturned() {
        try (RouterFixture fixture = fixture(CHECKED, NOT_FREE)) {
            Record record = new Record();

            fixture.stream("Hi", record);

            assertThat(record.seen).containsExactly("cheap", "stop COMPLETE");
        }
    }

    @Test
    void aLiveListenerIsToldThatTheRejectedAnswerIsVoid() {
        try (RouterFixture fixture = fixture(CHECKED.replace("{checks:", "{delivery: live, checks:"), NOT_FREE)) {
            Record record = new Record();

            fixture.stream("Hi", record);

            assertThat(record.seen).containsExactly("free", "restart", "cheap", "stop COMPLETE");
        }
    }

    @Test
    void aLiveListenerGetsTheRejectedAnswerAgainWhenABetterOneBreaks() {
        try (RouterFixture fixture = fixture(CHECKED.replace("{checks:", "{delivery: live, checks:"), NOT_FREE)) {
            fixture.openai.always((model, call, listener) -> {
                listener.onText("half");
                return ScriptedStep.fail(FailureKind.PROTOCOL).perform(model, call, listener);
            });
            fixture.claude.always(ScriptedStep.fail(FailureKind.INVALID_REQUEST));
            Record record = new Record();

            assertThat(fixture.stream("Hi", record).text()).isEqualTo("free");

            assertThat(record.seen).containsExactly("free", "restart", "half", "restart", "free", "stop COMPLETE");
        }
    }

    @Test
    void theDeadlineEndsTheSearchForABetterAnswer() {
        try (RouterFixture fixture = fixture(CHECKED, NOT_FREE)) {
            fixture.ollama.always((model, call, listener) -> {
                fixture.time.advance(Duration.ofSeconds(89));
                return ScriptedStep.answer("free", TokenUsage.of(1, 1)).perform(model, call, listener);
            });
            fixture.openai.always((model, call, listener) -> {
                assertThat(call.limits().total()).isLessThanOrEqualTo(Duration.ofSeconds(1));
                fixture.time.advance(Duration.ofSeconds(1));
                return ScriptedStep.fail(FailureKind.TIMEOUT).perform(model, call, listener);
            });

            assertThat(fixture.chat("Hi").text()).isEqualTo("free");
            assertThat(fixture.claude.callCount()).isZero();
        }
    }

    @Test
    void aPolicyThatNamesAnUnknownCheckerIsRefused() {
        assertThatThrownBy(() -> new RouterFixture(CHECKED, setup -> setup))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'judge'");
        assertThatThrownBy(() -> RoutingPolicy.parse(RouterFixture.POLICY
                        + "verification: {checks: [{checker: Judge}], maxSpend: -1, delivery: now}\n"))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("checker")
                .hasMessageContaining("maxSpend")
                .hasMessageContaining("buffered or live");
    }

    @Test
    void whatThePolicySaysIsRead() {
        VerificationSettings settings = RoutingPolicy.parse(RouterFixture.POLICY
                        + "verification: {checks: [{checker: a, complexity: [complex, simple]}], delivery: live, maxSpend: 0.25,"
                        + " escalations: 3}\n")
                .verification();

        assertThat(settings.toString())
                .isEqualTo("VerificationSettings[rules=[Rule[checker=a, complexities=[SIMPLE, COMPLEX], tags={}]],"
                        + " delivery=LIVE, maxSpend=Optional[$0.25], escalations=3]");
        assertThat(RoutingPolicy.parse(RouterFixture.POLICY).verification()).isEqualTo(VerificationSettings.STANDARD);
        assertThat(RoutingPolicy.parse(RouterFixture.POLICY).toBuilder().build().verification())
                .isEqualTo(VerificationSettings.STANDARD);
    }

    private static MoneyTotal sum(RouterFixture fixture) {
        return MoneyTotal.sum(fixture.ledger.stream()
                .flatMap(entry -> entry.charge().cost().amount().stream())
                .toList());
    }

    private static RouterFixture fixture(String policy, AnswerChecker judge) {
        return new RouterFixture(policy, setup -> setup.checker("judge", judge));
    }

    private static RoutingContext context(RouterFixture fixture, RequestScope scope, ChatListener listener) {
        return new RoutingContext(
                scope, Optional.empty(), Optional.ofNullable(listener), fixture.ledger::add, fixture.events::add);
    }

    private static final class Record implements ChatListener {
        private final List<String> seen = new ArrayList<>();

        @Override
        public void onText(String delta) {
            seen.add(delta);
        }

        @Override
        public void onStop(StopReason reason) {
            seen.add("stop " + reason);
        }

        @Override
        public void onRestart() {
            seen.add("restart");
        }
    }
}
