package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatRequest;
import dev.architect.event.Event;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.route.BreakerState;
import dev.architect.route.NoRouteException;
import dev.architect.route.ProviderStatus;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RouterBreakerTest {

    private final RouterFixture house = new RouterFixture();

    @Test
    void providerThatKeepsFailingIsLeftAlone() {
        house.ollama.always(ScriptedStep.fail(FailureKind.UNAVAILABLE));

        for (int i = 0; i < 20; i++) {
            assertThat(house.ask("Hi").text()).isEqualTo("cheap");
        }

        assertThat(house.ollama.callCount()).isEqualTo(5);
        assertThat(house.events(Event.BreakerChanged.class))
                .containsExactly(new Event.BreakerChanged(RouterFixture.NOW, "ollama", BreakerState.OPEN));
        assertThat(house.router.providers())
                .contains(new ProviderStatus("ollama", BreakerState.OPEN, 0, List.of("llama3.2")));
    }

    @Test
    void recoveredProviderIsUsedAgainAfterOneTrial() {
        house.ollama.always(ScriptedStep.fail(FailureKind.UNAVAILABLE));
        for (int i = 0; i < 5; i++) {
            house.ask("Hi");
        }
        house.ollama.always(ScriptedStep.answer("free", TokenUsage.of(1, 1)));
        assertThat(house.ask("Hi").text()).isEqualTo("cheap");

        house.time.advance(Duration.ofSeconds(2));

        assertThat(house.ask("Hi").text()).isEqualTo("free");
        assertThat(house.events(Event.BreakerChanged.class))
                .extracting(Event.BreakerChanged::state)
                .containsExactly(BreakerState.OPEN, BreakerState.HALF_OPEN, BreakerState.CLOSED);
    }

    @Test
    void outageOfAMinuteCostsFewCalls() {
        house.ollama.always(ScriptedStep.fail(FailureKind.UNAVAILABLE));

        for (int second = 0; second < 60; second++) {
            assertThat(house.ask("Hi").text()).isEqualTo("cheap");
            house.time.advance(Duration.ofSeconds(1));
        }

        assertThat(house.ollama.callCount()).isLessThanOrEqualTo(14);
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureKind.class,
            names = {"RATE_LIMITED", "QUOTA_EXHAUSTED", "CONTEXT_TOO_LONG", "UNSUPPORTED"})
    void whatIsNoIllnessDoesNotOpen(FailureKind kind) {
        house.ollama.always(ScriptedStep.fail(kind));

        for (int i = 0; i < 20; i++) {
            house.ask("Hi");
        }

        assertThat(house.events(Event.BreakerChanged.class)).isEmpty();
    }

    @Test
    void refusedKeyIsAskedOnce() {
        house.ollama.always(ScriptedStep.fail(FailureKind.AUTHENTICATION));

        house.ask("Hi");
        house.ask("Hi");

        assertThat(house.ollama.callCount()).isEqualTo(1);
    }

    @Test
    void whenAllAreOpenTheOneOpenLongestGetsATrial() {
        failUntilAllAreOpen();
        int before = house.openai.callCount();
        house.openai.always(ScriptedStep.answer("back", TokenUsage.of(1, 1)));

        assertThat(house.ask("Hi").text()).isEqualTo("back");
        assertThat(house.openai.callCount()).isEqualTo(before + 1);
    }

    @Test
    void trialThatFailsWhenAllAreOpenIsWorthRetrying() {
        failUntilAllAreOpen();
        int calls = house.ledger.size();

        NoRouteException failure = catchThrowableOfType(NoRouteException.class, () -> house.ask("Hi"));

        assertThat(failure.isTransient()).isTrue();
        assertThat(house.ledger).as("one trial, not one for each provider").hasSize(calls + 1);
    }

    @Test
    void pinnedModelBehindAnOpenBreakerGetsItsTrial() {
        house.claude.always(ScriptedStep.fail(FailureKind.AUTHENTICATION));
        ChatRequest pinned = ChatRequest.builder("Hi")
                .model(ModelId.parse("claude/claude-sonnet-4-6"))
                .build();
        catchThrowableOfType(NoRouteException.class, () -> house.ask(pinned));
        house.claude.always(ScriptedStep.answer("back", TokenUsage.of(1, 1)));

        assertThat(house.ask(pinned).text()).isEqualTo("back");
    }

    @Test
    void timeoutOfAHurriedCallerSaysNothingAboutTheProvider() {
        house.ollama.always(ScriptedStep.fail(FailureKind.TIMEOUT));

        for (int i = 0; i < 10; i++) {
            house.router.chat(ChatRequest.of("Hi"), house.scope(null, Duration.ofSeconds(9)));
        }

        assertThat(house.ollama.callCount()).isEqualTo(10);
        for (int i = 0; i < 10; i++) {
            house.ask("Hi");
        }
        assertThat(house.ollama.callCount()).isEqualTo(15);
    }

    /** OpenAI opens first, a second before the others. */
    private void failUntilAllAreOpen() {
        house.openai.then(ScriptedStep.fail(FailureKind.AUTHENTICATION));
        ChatRequest openAi = ChatRequest.builder("Hi")
                .model(ModelId.parse("openai/gpt-4o-mini"))
                .build();
        catchThrowableOfType(NoRouteException.class, () -> house.ask(openAi));
        house.time.advance(Duration.ofSeconds(1));
        house.openai.always(ScriptedStep.fail(FailureKind.AUTHENTICATION));
        house.ollama.always(ScriptedStep.fail(FailureKind.AUTHENTICATION));
        house.claude.always(ScriptedStep.fail(FailureKind.AUTHENTICATION));
        catchThrowableOfType(NoRouteException.class, () -> house.ask("Hi"));
        assertThat(house.router.providers()).extracting(ProviderStatus::breaker).containsOnly(BreakerState.OPEN);
    }
}
