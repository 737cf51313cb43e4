package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.ModelSelection.OnRefusal;
import dev.architect.chat.OutputSchema;
import dev.architect.chat.ReasoningEffort;
import dev.architect.chat.ToolCallDelta;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CostStatus;
import dev.architect.event.Event;
import dev.architect.model.Capability;
import dev.architect.model.FailureKind;
import dev.architect.model.FinishState;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.route.BreakerState;
import dev.architect.route.NoRouteException;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Streams that break: continued where the next model takes a beginning, begun again where it does not, and never doubled. */
final class RouterRescueTest {

    private static final String ANSWER =
            "The quick brown fox jumps over the lazy dog and runs away into the woods, where nobody sees it again.";
    private static final Set<Capability> WITH_PREFILL = EnumSet.allOf(Capability.class);
    private static final String LONG_ENOUGH = ANSWER.substring(0, 50);

    private final RouterFixture fixture = new RouterFixture();
    private final Shown shown = new Shown();

    @Test
    void theNextModelContinuesWhatWasDelivered() {
        fixture.ollama.then(breakAfter("The quick brown fox jumps over the lazy "));
        continuing(fixture);

        ChatResponse response = fixture.stream("Hi", shown);

        ProviderCall call = fixture.openai.calls().get(0);
        assertThat(call.prefix()).isEqualTo("The quick brown fox jumps over the lazy");
        assertThat(shown.text()).isEqualTo(ANSWER);
        assertThat(shown.restarts).isZero();
        assertThat(response.text()).isEqualTo(ANSWER);
        assertThat(response.finish()).isEqualTo(FinishState.RESCUED);
        assertThat(response.usage()).isEqualTo(TokenUsage.of(30, 7));
        assertThat(fixture.ledger)
                .extracting(entry -> entry.outcome())
                .containsExactly(CallOutcome.FAILED, CallOutcome.ANSWERED);
        assertThat(fixture.ledger.get(0).charge().cost().status()).isEqualTo(CostStatus.ESTIMATED);
    }

    @Test
    void everyCutEndsWithTheWholeAnswerOnceWhetherItIsContinuedOrNot() {
        for (boolean takesPrefill : new boolean[] {true, false}) {
            for (int cut = 0; cut <= ANSWER.length(); cut++) {
                RouterFixture one = new RouterFixture();
                Shown reader = new Shown();
                one.ollama.then(breakAfter(ANSWER.substring(0, cut)));
                if (takesPrefill) {
                    continuing(one);
                } else {
                    one.openai.then(ScriptedStep.answer(ANSWER, TokenUsage.of(1, 1)));
                }

                ChatResponse response = one.stream("Hi", reader);

                assertThat(reader.text())
                        .as("cut at %d, prefill %s", cut, takesPrefill)
                        .isEqualTo(ANSWER);
                assertThat(response.text()).isEqualTo(ANSWER);
                assertThat(reader.restarts).isZero();
                assertThat(response.finish()).isEqualTo(cut == 0 ? FinishState.COMPLETE : FinishState.RESCUED);
                one.close();
            }
        }
    }

    @Test
    void aRefusedBeginningIsAskedForAnewAndNeverSentAgain() {
        fixture.ollama.then(breakAfter(LONG_ENOUGH), breakAfter(LONG_ENOUGH));
        fixture.openai.withCapabilities("gpt-4o-mini", WITH_PREFILL);
        fixture.openai.then(
                ScriptedStep.fail(
                        FailureKind.INVALID_REQUEST,
                        failure -> failure.status(400).code("invalid_prefill")),
                ScriptedStep.answer(ANSWER, TokenUsage.of(1, 1)),
                ScriptedStep.answer(ANSWER, TokenUsage.of(1, 1)));

        ChatResponse response = fixture.stream("Hi", shown);
        ChatResponse second = fixture.stream("Hi", new Shown());

        assertThat(response.text()).isEqualTo(ANSWER);
        assertThat(shown.text()).isEqualTo(ANSWER);
        assertThat(second.finish()).isEqualTo(FinishState.RESCUED);
        assertThat(fixture.openai.calls()).extracting(ProviderCall::isPrefilled).containsExactly(true, false, false);
        assertThat(fixture.events(Event.FailedOver.class))
                .as("one for each request")
                .hasSize(2);
        assertThat(fixture.ledger.get(1).failure()).contains(FailureKind.INVALID_REQUEST);
        assertThat(fixture.ledger.get(1).charge().cost().status()).isEqualTo(CostStatus.NOT_BILLED);
    }

    @Test
    void theRefusalOfABeginningIsNeverTheFinalErrorAndTripsNoBreaker() {
        fixture.ollama.always(breakAfter(LONG_ENOUGH));
        fixture.openai.withCapabilities("gpt-4o-mini", WITH_PREFILL);
        fixture.openai.then(ScriptedStep.fail(FailureKind.INVALID_REQUEST, failure -> failure.status(400)));
        fixture.openai.always(ScriptedStep.fail(FailureKind.OVERLOADED));
        fixture.claude.always(ScriptedStep.fail(FailureKind.OVERLOADED));

        NoRouteException failure = catchThrowableOfType(NoRouteException.class, () -> fixture.stream("Hi", shown));

        assertThat(failure.failures())
                .extracting(ProviderException::kind)
                .containsExactly(FailureKind.PROTOCOL, FailureKind.OVERLOADED, FailureKind.OVERLOADED);
        assertThat(fixture.router.providers())
                .allSatisfy(provider -> assertThat(provider.breaker()).isEqualTo(BreakerState.CLOSED));
    }

    @Test
    void aModelThatBeginsAnewInsteadIsFoundOut() {
        fixture.ollama.then(breakAfter(LONG_ENOUGH));
        fixture.openai.withCapabilities("gpt-4o-mini", WITH_PREFILL);
        fixture.openai.always(ScriptedStep.answer(ANSWER, TokenUsage.of(1, 1)));

        ChatResponse response = fixture.stream("Hi", shown);

        assertThat(shown.text()).isEqualTo(ANSWER);
        assertThat(response.text()).isEqualTo(ANSWER);
        assertThat(fixture.openai.calls()).extracting(ProviderCall::isPrefilled).containsExactly(true, false);
        assertThat(fixture.ledger.get(1).outcome()).isEqualTo(CallOutcome.CANCELLED);
        assertThat(fixture.ledger.get(1).charge().cost().status()).isEqualTo(CostStatus.ESTIMATED);
    }

    @Test
    void aModelThatThinksFirstHasNotContinued() {
        fixture.ollama.then(breakAfter(LONG_ENOUGH));
        fixture.openai.withCapabilities("gpt-4o-mini", WITH_PREFILL);
        fixture.openai.always((model, call, listener) -> {
            listener.onReasoning("Hm.");
            return ScriptedStep.answer(ANSWER, TokenUsage.of(1, 1)).perform(model, call, listener);
        });

        assertThat(fixture.stream("Hi", shown).text()).isEqualTo(ANSWER);
        assertThat(shown.text()).isEqualTo(ANSWER);
    }

    @Test
    void aContinuationThatBreaksIsContinued() {
        fixture.ollama.then(breakAfter(ANSWER.substring(0, 40)));
        fixture.openai.withCapabilities("gpt-4o-mini", WITH_PREFILL);
        fixture.openai.then(breakAfter(ANSWER.substring(40, 70)));
        fixture.claude.withCapabilities("claude-sonnet-4-6", WITH_PREFILL);
        fixture.claude.then(rest());

        assertThat(fixture.stream("Hi", shown).text()).isEqualTo(ANSWER);
        assertThat(shown.text()).isEqualTo(ANSWER);
        assertThat(fixture.claude.calls().get(0).prefix())
                .isEqualTo(ANSWER.substring(0, 70).stripTrailing());
    }

    @Test
    void theLimitOfTokensIsThatOfTheWholeAnswer() {
        fixture.ollama.then(breakAfter(ANSWER.substring(0, 80)));
        continuing(fixture);

        fixture.router.chat(
                ChatRequest.builder("Hi").maxOutputTokens(100).build(), fixture.scope(shown, Duration.ofSeconds(90)));

        assertThat(fixture.openai.calls().get(0).request().generation().maxOutputTokens())
                .contains(80);
    }

    @Test
    void whatIsNotTextAloneBeginsAnew() {
        OutputSchema schema = new OutputSchema("fox", "{\"type\":\"object\"}");
        assertThat(prefixAfter(breakAfter(LONG_ENOUGH), ChatRequest.of("Hi"))).isNotEmpty();
        assertThat(prefixAfter(
                        breakAfter(LONG_ENOUGH),
                        ChatRequest.builder("Hi").outputSchema(schema).build()))
                .isEmpty();
        assertThat(prefixAfter(
                        breakAfter(LONG_ENOUGH),
                        ChatRequest.builder("Hi").effort(ReasoningEffort.HIGH).build()))
                .isEmpty();
        assertThat(prefixAfter(
                        (model, call, listener) -> {
                            listener.onReasoning("Hm.");
                            return breakAfter(LONG_ENOUGH).perform(model, call, listener);
                        },
                        ChatRequest.of("Hi")))
                .isEmpty();
        assertThat(prefixAfter(
                        (model, call, listener) -> {
                            listener.onText(LONG_ENOUGH);
                            listener.onToolCall(new ToolCallDelta(0, "1", "f", "{}"));
                            throw ProviderException.builder(model, FailureKind.PROTOCOL)
                                    .build();
                        },
                        ChatRequest.of("Hi")))
                .isEmpty();
    }

    @Test
    void aCutInsideTheArgumentsOfAToolCallBeginsAnew() {
        assertThat(prefixAfter(
                        (model, call, listener) -> {
                            listener.onText(LONG_ENOUGH);
                            throw ProviderException.builder(model, FailureKind.PROTOCOL)
                                    .receivedCharacters(LONG_ENOUGH.length() + 5)
                                    .build();
                        },
                        ChatRequest.of("Hi")))
                .isEmpty();
    }

    @Test
    void whiteSpaceAtTheSeamComesOnce() {
        String[][] seams = {
            {"The quick brown fox jumps over the lazy\n\n", "\n\ndog."},
            {"The quick brown fox jumps over the lazy ", "dog."},
            {"The quick brown fox jumps over the lazy", " dog."},
            {"The quick brown fox jumps over the la", "zy dog."}
        };
        for (String[] seam : seams) {
            RouterFixture one = new RouterFixture();
            Shown reader = new Shown();
            one.ollama.then(breakAfter(seam[0]));
            one.openai.withCapabilities("gpt-4o-mini", WITH_PREFILL);
            one.openai.then(ScriptedStep.answer(seam[1], TokenUsage.of(1, 1)));

            ChatResponse response = one.stream("Hi", reader);

            String expected = seam[0].endsWith("\n\n") ? seam[0] + "dog." : seam[0] + seam[1];
            assertThat(reader.text()).isEqualTo(expected);
            assertThat(response.text()).isEqualTo(expected);
            one.close();
        }
    }

    @Test
    void aBufferedListenerGetsTheAnswerOnceWhateverBroke() {
        fixture.ollama.then(breakAfter("Something else entirely, "));
        fixture.openai.then(ScriptedStep.answer(ANSWER, TokenUsage.of(1, 1)));
        List<String> order = new ArrayList<>();

        ChatResponse response = fixture.stream("Hi", ChatListener.buffered(new ChatListener() {
            @Override
            public void onText(String delta) {
                order.add(delta);
                assertThat(fixture.ledger).as("nothing comes before the end").hasSize(2);
            }

            @Override
            public void onStop(StopReason reason) {
                order.add(reason.name());
            }

            @Override
            public void onRestart() {
                order.add("restart");
            }
        }));

        assertThat(order).containsExactly(ANSWER, "COMPLETE");
        assertThat(response.finish()).isEqualTo(FinishState.RESCUED);
    }

    @Test
    void aBufferedListenerGetsAContinuedAnswerFromItsBeginning() {
        fixture.ollama.then(breakAfter(LONG_ENOUGH));
        continuing(fixture);

        fixture.stream("Hi", ChatListener.buffered(shown));

        assertThat(fixture.openai.calls().get(0).isPrefilled()).isTrue();
        assertThat(shown.text()).isEqualTo(ANSWER);
    }

    @Test
    void aBufferedListenerThatThrowsLosesNothingThatWasPaid() {
        fixture.ollama.then(ScriptedStep.answer(ANSWER, TokenUsage.of(1, 1)));

        assertThatThrownBy(() -> fixture.stream("Hi", ChatListener.buffered(delta -> {
                    throw new IllegalStateException("no more");
                })))
                .hasMessage("no more");

        assertThat(fixture.onlyEntry().outcome()).isEqualTo(CallOutcome.ANSWERED);
        assertThat(fixture.chat("Hi").text()).as("the permit is back").isEqualTo("free");
    }

    @Test
    void whatCannotBeCompletedIsAFailureThatHasThePart() {
        fixture.ollama.always(breakAfter("half an answer "));
        fixture.openai.always(ScriptedStep.fail(FailureKind.OVERLOADED));
        fixture.claude.always(ScriptedStep.fail(FailureKind.OVERLOADED));

        NoRouteException failure = catchThrowableOfType(NoRouteException.class, () -> fixture.stream("Hi", shown));

        assertThat(failure.partialText()).contains("half an answer ");
        assertThat(failure.toString()).doesNotContain("half an answer");
    }

    @Test
    void aFinalRefusalHasThePartToo() {
        fixture.ollama.always(breakAfter("half an answer "));
        fixture.openai.always(ScriptedStep.fail(FailureKind.CONTENT_REFUSED));

        ProviderException failure = catchThrowableOfType(ProviderException.class, () -> fixture.stream("Hi", shown));

        assertThat(failure.kind()).isEqualTo(FailureKind.CONTENT_REFUSED);
        assertThat(failure.partialText()).contains("half an answer ");
        assertThat(failure.toString()).doesNotContain("half an answer");
    }

    @Test
    void aFailureWithoutAnyPartHasNone() {
        fixture.ollama.always(ScriptedStep.fail(FailureKind.INVALID_REQUEST));

        ProviderException failure = catchThrowableOfType(ProviderException.class, () -> fixture.stream("Hi", shown));

        assertThat(failure.partialText()).isEmpty();
    }

    @Test
    void anAnswerOfOneCallIsComplete() {
        fixture.ollama.then(ScriptedStep.fail(FailureKind.OVERLOADED));

        assertThat(fixture.stream("Hi", shown).finish()).isEqualTo(FinishState.COMPLETE);
    }

    @Test
    void anAnswerAfterARefusalIsNotRescued() {
        fixture.ollama.then(ScriptedStep.answer(
                ProviderAnswer.builder("llama3.2", "I will not talk about foxes, nor about dogs.", StopReason.REFUSED)
                        .build()));
        fixture.openai.withCapabilities("gpt-4o-mini", WITH_PREFILL);
        fixture.openai.then(ScriptedStep.answer(ANSWER, TokenUsage.of(1, 1)));

        ChatResponse response = fixture.router.chat(
                ChatRequest.builder("Hi").onRefusal(OnRefusal.NEXT_MODEL).build(),
                fixture.scope(shown, Duration.ofSeconds(90)));

        assertThat(fixture.openai.calls().get(0).isPrefilled()).isFalse();
        assertThat(shown.text()).isEqualTo(ANSWER);
        assertThat(response.finish()).isEqualTo(FinishState.COMPLETE);
    }

    private static String prefixAfter(ScriptedStep first, ChatRequest request) {
        try (RouterFixture one = new RouterFixture()) {
            one.ollama.then(first);
            one.openai.withCapabilities("gpt-4o-mini", WITH_PREFILL);
            one.openai.then(ScriptedStep.answer(ANSWER, TokenUsage.of(1, 1)));
            one.router.chat(request, one.scope(new Shown(), Duration.ofSeconds(90)));
            return one.openai.calls().get(0).prefix();
        }
    }

    private static ScriptedStep breakAfter(String text) {
        return ScriptedStep.breakAfter(text, FailureKind.PROTOCOL, TokenUsage.UNKNOWN);
    }

    private static void continuing(RouterFixture fixture) {
        fixture.openai.withCapabilities("gpt-4o-mini", WITH_PREFILL);
        fixture.openai.then(rest());
    }

    private static ScriptedStep rest() {
        return (model, call, listener) -> ScriptedStep.answer(
                        ANSWER.substring(call.prefix().length()), TokenUsage.of(30, 7))
                .perform(model, call, listener);
    }

    /** What a person sees. */
    private static final class Shown implements ChatListener {
        private final StringBuilder text = new StringBuilder();
        private int restarts;

        @Override
        public void onText(String delta) {
            text.append(delta);
        }

        @Override
        public void onRestart() {
            restarts++;
            text.setLength(0);
        }

        String text() {
            return text.toString();
        }
    }
}
