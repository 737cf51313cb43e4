package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatRequest;
import dev.architect.event.Event;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.request.RequestScope;
import dev.architect.route.BreakerCause;
import dev.architect.route.BreakerState;
import dev.architect.route.BreakerTransition;
import dev.architect.route.ModelHealth;
import dev.architect.route.NoRouteException;
import dev.architect.route.ProviderStatus;
import dev.architect.spi.RoutingContext;
import dev.architect.task.Priority;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RouterBreakerTest {

    private final RouterFixture fixture = new RouterFixture();

    @Test
    void providerThatKeepsFailingIsLeftAlone() {
        fixture.ollama.always(ScriptedStep.fail(FailureKind.UNAVAILABLE));

        for (int i = 0; i < 20; i++) {
            assertThat(fixture.chat("Hi").text()).isEqualTo("cheap");
        }

        assertThat(fixture.ollama.callCount()).isEqualTo(5);
        assertThat(fixture.events(Event.BreakerChanged.class))
                .containsExactly(new Event.BreakerChanged(
                        RouterFixture.NOW, ModelId.parse("ollama/llama3.2"), BreakerState.OPEN));
        ProviderStatus ollama = fixture.router.providers().get(0);
        assertThat(ollama.breaker()).isEqualTo(BreakerState.OPEN);
        assertThat(ollama.breakers()).isEqualTo(Map.of("llama3.2", BreakerState.OPEN));
        ModelHealth health = ollama.health().get(0);
        assertThat(health.model()).isEqualTo("llama3.2");
        assertThat(health.state()).isEqualTo(BreakerState.OPEN);
        assertThat(health.cause()).contains(BreakerCause.FAILURES);
        assertThat(health.since()).isEqualTo(RouterFixture.NOW);
        assertThat(health.nextTrial().orElseThrow())
                .isBetween(RouterFixture.NOW.plusMillis(1_600), RouterFixture.NOW.plusMillis(2_400));
        assertThat(health.history())
                .containsExactly(new BreakerTransition(
                        RouterFixture.NOW, BreakerState.CLOSED, BreakerState.OPEN, BreakerCause.FAILURES, ""));
    }

    @Test
    void recoveredProviderIsUsedAgainAfterOneTrial() {
        fixture.ollama.always(ScriptedStep.fail(FailureKind.UNAVAILABLE));
        for (int i = 0; i < 5; i++) {
            fixture.chat("Hi");
        }
        fixture.ollama.always(ScriptedStep.answer("free", TokenUsage.of(1, 1)));
        assertThat(fixture.chat("Hi").text()).isEqualTo("cheap");

        fixture.time.advance(Duration.ofMillis(2_400));

        assertThat(fixture.chat("Hi").text()).isEqualTo("free");
        assertThat(fixture.events(Event.BreakerChanged.class))
                .extracting(Event.BreakerChanged::state)
                .containsExactly(BreakerState.OPEN, BreakerState.HALF_OPEN, BreakerState.CLOSED);
    }

    @Test
    void anUrgentRequestIsNoTrialWhileAnotherModelIsWell() {
        fixture.ollama.always(ScriptedStep.fail(FailureKind.UNAVAILABLE));
        for (int i = 0; i < 5; i++) {
            fixture.chat("Hi");
        }
        fixture.ollama.always(ScriptedStep.answer("free", TokenUsage.of(1, 1)));
        fixture.time.advance(Duration.ofMillis(2_400));

        assertThat(urgent()).isEqualTo("cheap");
        assertThat(fixture.ollama.callCount()).isEqualTo(5);
        fixture.time.advance(Duration.ofSeconds(8));
        assertThat(urgent()).as("nothing else has come").isEqualTo("free");
    }

    @Test
    void anOrdinaryRequestIsATrialAsSoonAsItIsDue() {
        fixture.ollama.always(ScriptedStep.fail(FailureKind.UNAVAILABLE));
        for (int i = 0; i < 5; i++) {
            fixture.chat("Hi");
        }
        fixture.ollama.always(ScriptedStep.answer("free", TokenUsage.of(1, 1)));
        fixture.time.advance(Duration.ofMillis(2_400));

        assertThat(fixture.chat("Hi").text()).isEqualTo("free");
        assertThat(urgent()).as("it is well again").isEqualTo("free");
    }

    private String urgent() {
        RoutingContext context = new RoutingContext(
                RequestScope.create().withTimeout(Duration.ofSeconds(90)).withPriority(Priority.URGENT),
                Optional.empty(),
                Optional.empty(),
                fixture.ledger::add,
                fixture.events::add);
        return fixture.router.chat(ChatRequest.of("Hi"), context).text();
    }

    @Test
    void outageOfAMinuteCostsFewCalls() {
        fixture.ollama.always(ScriptedStep.fail(FailureKind.UNAVAILABLE));

        for (int second = 0; second < 60; second++) {
            assertThat(fixture.chat("Hi").text()).isEqualTo("cheap");
            fixture.time.advance(Duration.ofSeconds(1));
        }

        assertThat(fixture.ollama.callCount()).isLessThanOrEqualTo(14);
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureKind.class,
            names = {"RATE_LIMITED", "QUOTA_EXHAUSTED", "CONTEXT_TOO_LONG", "UNSUPPORTED"})
    void whatIsNoIllnessDoesNotOpen(FailureKind kind) {
        fixture.ollama.always(ScriptedStep.fail(kind));

        for (int i = 0; i < 20; i++) {
            fixture.chat("Hi");
        }

        assertThat(fixture.events(Event.BreakerChanged.class)).isEmpty();
    }

    @Test
    void refusedKeyIsCalledOnce() {
        fixture.ollama.always(ScriptedStep.fail(FailureKind.AUTHENTICATION));

        fixture.chat("Hi");
        fixture.chat("Hi");

        assertThat(fixture.ollama.callCount()).isEqualTo(1);
    }

    @Test
    void whenAllAreOpenTheOneOpenLongestGetsATrial() {
        failUntilAllAreOpen();
        int before = fixture.openai.callCount();
        fixture.openai.always(ScriptedStep.answer("back", TokenUsage.of(1, 1)));

        assertThat(fixture.chat("Hi").text()).isEqualTo("back");
        assertThat(fixture.openai.callCount()).isEqualTo(before + 1);
    }

    @Test
    void trialThatFailsWhenAllAreOpenIsWorthRetrying() {
        failUntilAllAreOpen();
        int calls = fixture.ledger.size();

        NoRouteException failure = catchThrowableOfType(NoRouteException.class, () -> fixture.chat("Hi"));

        assertThat(failure.isTransient()).isTrue();
        assertThat(fixture.ledger).as("one trial, not one for each provider").hasSize(calls + 1);
    }

    @Test
    void pinnedModelBehindAnOpenBreakerGetsItsTrial() {
        fixture.claude.always(ScriptedStep.fail(FailureKind.AUTHENTICATION));
        ChatRequest pinned = ChatRequest.builder("Hi")
                .model(ModelId.parse("claude/claude-sonnet-4-6"))
                .build();
        catchThrowableOfType(NoRouteException.class, () -> fixture.chat(pinned));
        fixture.claude.always(ScriptedStep.answer("back", TokenUsage.of(1, 1)));

        assertThat(fixture.chat(pinned).text()).isEqualTo("back");
    }

    @Test
    void timeoutOfAShortRequestDoesNotCountAgainstTheProvider() {
        fixture.ollama.always(ScriptedStep.fail(FailureKind.TIMEOUT));

        for (int i = 0; i < 10; i++) {
            fixture.router.chat(ChatRequest.of("Hi"), fixture.scope(null, Duration.ofSeconds(9)));
        }

        assertThat(fixture.ollama.callCount()).isEqualTo(10);
        for (int i = 0; i < 10; i++) {
            fixture.chat("Hi");
        }
        assertThat(fixture.ollama.callCount()).isEqualTo(15);
    }

    /** OpenAI opens first, a second before the others. */
    private void failUntilAllAreOpen() {
        fixture.openai.then(ScriptedStep.fail(FailureKind.AUTHENTICATION));
        ChatRequest openAi = ChatRequest.builder("Hi")
                .model(ModelId.parse("openai/gpt-4o-mini"))
                .build();
        catchThrowableOfType(NoRouteException.class, () -> fixture.chat(openAi));
        fixture.time.advance(Duration.ofSeconds(1));
        fixture.openai.always(ScriptedStep.fail(FailureKind.AUTHENTICATION));
        fixture.ollama.always(ScriptedStep.fail(FailureKind.AUTHENTICATION));
        fixture.claude.always(ScriptedStep.fail(FailureKind.AUTHENTICATION));
        catchThrowableOfType(NoRouteException.class, () -> fixture.chat("Hi"));
        assertThat(fixture.router.providers())
                .extracting(ProviderStatus::breaker)
                .containsOnly(BreakerState.OPEN);
    }
}
