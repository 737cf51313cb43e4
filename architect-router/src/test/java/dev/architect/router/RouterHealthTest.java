package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.event.Event;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.route.BreakerCause;
import dev.architect.route.BreakerState;
import dev.architect.route.BreakerTarget;
import dev.architect.route.BreakerTrip;
import dev.architect.route.HealthHint;
import dev.architect.route.ModelHealth;
import dev.architect.route.NoRouteException;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Slow calls, what an operator orders, and what other nodes say. */
class RouterHealthTest {

    private static final String SLOW_POLICY = """
            baseline: claude/claude-sonnet-4-6
            breaker: {slowFirstToken: 2s, slowTotal: 20s}
            models:
              - {model: ollama/llama3.2, quality: 45, contextTokens: 8192}
              - {model: openai/gpt-4o-mini, quality: 66, contextTokens: 128000}
            """;
    private static final ModelId OLLAMA = ModelId.parse("ollama/llama3.2");
    private static final ScriptedStep FREE = ScriptedStep.answer("free", TokenUsage.of(100, 10));

    private final RouterFixture fixture = new RouterFixture();

    @Test
    void streamsThatBeginLateOpenTheBreakerAlthoughAllAreAnswered() {
        RouterFixture slow = new RouterFixture(SLOW_POLICY, setup -> setup);
        slow.ollama.always(ScriptedStep.after(slow.time, Duration.ofSeconds(3), FREE));

        for (int i = 0; i < 5; i++) {
            assertThat(slow.stream("Hi", delta -> {}).text()).isEqualTo("free");
        }

        assertThat(slow.stream("Hi", delta -> {}).text()).isEqualTo("cheap");
        assertThat(health(slow, 0).cause()).contains(BreakerCause.SLOW_CALLS);
    }

    @Test
    void theEndOfALongStreamThatBeganInTimeIsNotSlow() {
        RouterFixture slow = new RouterFixture(SLOW_POLICY, setup -> setup);
        slow.ollama.always((model, call, listener) -> {
            listener.onText("free");
            slow.time.advance(Duration.ofMinutes(1));
            return ScriptedStep.answer("free", TokenUsage.of(1, 1)).perform(model, call, delta -> {});
        });

        for (int i = 0; i < 20; i++) {
            slow.stream("Hi", delta -> {});
        }

        assertThat(health(slow, 0).state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void wholeAnswersHaveAThresholdOfTheirOwn() {
        RouterFixture slow = new RouterFixture(SLOW_POLICY, setup -> setup);
        slow.ollama.always(ScriptedStep.after(slow.time, Duration.ofSeconds(19), FREE));
        for (int i = 0; i < 10; i++) {
            slow.chat("Hi");
        }
        assertThat(health(slow, 0).state()).isEqualTo(BreakerState.CLOSED);

        slow.ollama.always(ScriptedStep.after(slow.time, Duration.ofSeconds(21), FREE));
        for (int i = 0; i < 20; i++) {
            slow.chat("Hi");
        }

        assertThat(health(slow, 0).history().get(0).cause()).isEqualTo(BreakerCause.SLOW_CALLS);
    }

    @Test
    void withoutAThresholdNothingIsSlow() {
        fixture.ollama.always(ScriptedStep.after(fixture.time, Duration.ofSeconds(30), FREE));

        for (int i = 0; i < 20; i++) {
            assertThat(fixture.chat("Hi").text()).isEqualTo("free");
        }
    }

    @Test
    void firstTokensThatDoNotComeInTimeCountAsSlow() {
        ScriptedStep late =
                ScriptedStep.fail(FailureKind.TIMEOUT, failure -> failure.delivery(DeliveryStatus.ANSWERED));
        // Three in four: too many for failures, too few for slow calls.
        for (int i = 0; i < 24; i++) {
            fixture.ollama.then(i % 4 == 0 ? FREE : late);
            fixture.stream("Hi", delta -> {});
        }
        assertThat(health(fixture, 0).state()).isEqualTo(BreakerState.CLOSED);

        fixture.ollama.always(late);
        for (int i = 0; i < 20; i++) {
            fixture.stream("Hi", delta -> {});
        }

        assertThat(health(fixture, 0).cause()).contains(BreakerCause.SLOW_CALLS);
    }

    @Test
    void aTrippedModelGetsNoCallUntilItsTimeIsOver() {
        List<Event> published = new ArrayList<>();
        fixture.router.listen(published::add);

        fixture.router.trip(
                BreakerTarget.model(OLLAMA), new BreakerTrip("bad answers", RouterFixture.NOW.plusSeconds(600)));

        assertThat(published).containsExactly(new Event.BreakerChanged(RouterFixture.NOW, OLLAMA, BreakerState.OPEN));
        for (int i = 0; i < 10; i++) {
            assertThat(fixture.chat("Hi").text()).isEqualTo("cheap");
            fixture.time.advance(Duration.ofSeconds(59));
        }
        assertThat(fixture.ollama.callCount()).isZero();
        ModelHealth health = health(fixture, 0);
        assertThat(health.trip().orElseThrow().reason()).isEqualTo("bad answers");
        assertThat(health.nextTrial()).contains(RouterFixture.NOW.plusSeconds(600));
        fixture.time.advance(Duration.ofSeconds(10));

        assertThat(fixture.chat("Hi").text()).isEqualTo("free");
        assertThat(health(fixture, 0).state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void aTripOfAProviderBindsAllItsModelsAndThoseThatComeLater() {
        fixture.router.trip(BreakerTarget.provider("ollama"), BreakerTrip.untilReset("maintenance"));
        assertThat(fixture.chat("Hi").text()).isEqualTo("cheap");

        fixture.router.reload(RoutingPolicy.parse("""
                baseline: claude/claude-sonnet-4-6
                breaker: {failures: 2, calls: 4}
                models:
                  - {model: ollama/llama3.2, quality: 45, contextTokens: 8192}
                  - {model: ollama/other, quality: 45, contextTokens: 8192}
                  - {model: openai/gpt-4o-mini, quality: 66, contextTokens: 128000}
                """));

        assertThat(fixture.chat("Hi").text()).isEqualTo("cheap");
        assertThat(fixture.router.providers().get(0).health())
                .hasSize(2)
                .allSatisfy(health -> assertThat(health.trip()).isPresent());

        fixture.router.reset(BreakerTarget.provider("ollama"), "over");

        assertThat(fixture.chat("Hi").text()).isEqualTo("free");
        assertThat(fixture.router.providers().get(0).health())
                .allSatisfy(health -> assertThat(health.state()).isEqualTo(BreakerState.CLOSED));
    }

    @Test
    void whenEverythingIsTrippedARequestFailsAtOnceAndWithoutACall() {
        for (String provider : List.of("ollama", "openai", "claude")) {
            fixture.router.trip(BreakerTarget.provider(provider), BreakerTrip.untilReset("stop"));
        }

        NoRouteException failure = catchThrowableOfType(NoRouteException.class, () -> fixture.chat("Hi"));

        assertThat(failure.isTransient()).isTrue();
        assertThat(failure.retryAfter()).contains(Duration.ofMinutes(5));
        assertThat(fixture.ledger).isEmpty();
        assertThat(fixture.router.freeCalls()).isZero();
    }

    @Test
    void aResetLetsCallsThroughAtOnce() {
        fixture.ollama.always(ScriptedStep.fail(FailureKind.UNAVAILABLE));
        for (int i = 0; i < 5; i++) {
            fixture.chat("Hi");
        }
        fixture.ollama.always(FREE);
        assertThat(fixture.chat("Hi").text()).isEqualTo("cheap");

        fixture.router.reset(BreakerTarget.model(OLLAMA), "repaired");

        assertThat(fixture.chat("Hi").text()).isEqualTo("free");
        assertThat(health(fixture, 0).cause()).contains(BreakerCause.MANUAL);
    }

    @Test
    void unknownTargetsAndTimesThatAreOverAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fixture.router.reset(BreakerTarget.provider("opnai"), "typo"))
                .withMessageContaining("target is 'opnai', expected a provider or model of [")
                .withMessageContaining("openai/gpt-4o-mini");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        fixture.router.trip(BreakerTarget.model(OLLAMA), new BreakerTrip("late", RouterFixture.NOW)))
                .withMessage("until is 2026-11-22T12:00:00Z, expected a time to come");
        assertThat(health(fixture, 0).history()).isEmpty();
    }

    @Test
    void aListenerThatThrowsStopsNoOrder() {
        fixture.router.listen(event -> {
            throw new NoClassDefFoundError("absent/Host");
        });

        fixture.router.trip(BreakerTarget.model(OLLAMA), BreakerTrip.untilReset("stop"));

        assertThat(fixture.chat("Hi").text()).isEqualTo("cheap");
    }

    @Test
    void aModelThatIsSickOnAnotherNodeGetsFewerCallsAndIsNotLeftAlone() {
        RouterFixture other = otherNode();
        other.ollama.always(ScriptedStep.fail(FailureKind.UNAVAILABLE));
        for (int i = 0; i < 5; i++) {
            other.chat("Hi");
        }

        fixture.router.acceptHints(other.router.healthHints());

        assertThat(health(fixture, 0).state()).isEqualTo(BreakerState.CLOSED);
        assertThat(health(fixture, 0).suspect()).isTrue();
        assertThat(fixture.chat("Hi").text()).as("its own call").isEqualTo("free");
        assertThat(health(fixture, 0).suspect()).as("was answered").isFalse();
        fixture.router.acceptHints(other.router.healthHints());
        assertThat(health(fixture, 0).suspect()).as("nothing new").isFalse();
    }

    @Test
    void fewerFailuresOfItsOwnOpenAModelThatIsSickElsewhere() {
        RouterFixture other = otherNode();
        other.ollama.always(ScriptedStep.fail(FailureKind.UNAVAILABLE));
        for (int i = 0; i < 5; i++) {
            other.chat("Hi");
        }
        fixture.router.acceptHints(other.router.healthHints());
        fixture.ollama.always(ScriptedStep.fail(FailureKind.UNAVAILABLE));

        for (int i = 0; i < 10; i++) {
            fixture.chat("Hi");
        }

        assertThat(fixture.ollama.callCount()).isEqualTo(3);
    }

    @Test
    void ordersOfOperatorsBindEveryNode() {
        RouterFixture other = otherNode();
        other.router.trip(BreakerTarget.provider("ollama"), BreakerTrip.untilReset("stop"));
        List<HealthHint> tripped = other.router.healthHints();

        fixture.router.acceptHints(tripped);
        assertThat(fixture.chat("Hi").text()).isEqualTo("cheap");
        // By a clock that runs behind: the later order holds all the same.
        fixture.time.jumpWall(Duration.ofMinutes(-10));
        fixture.router.reset(BreakerTarget.model(OLLAMA), "go on");
        other.router.acceptHints(fixture.router.healthHints());
        fixture.router.acceptHints(tripped);

        assertThat(other.chat("Hi").text()).isEqualTo("free");
        assertThat(fixture.chat("Hi").text()).as("the earlier order came again").isEqualTo("free");
        assertThat(health(other, 0).history().get(1).note()).isEqualTo("go on");
    }

    @Test
    void anOldResetClosesNothingThatCallsHaveOpenedSince() {
        RouterFixture other = otherNode();
        other.router.reset(BreakerTarget.model(OLLAMA), "long ago");
        List<HealthHint> old = other.router.healthHints();
        fixture.time.advance(Duration.ofHours(1));
        fixture.ollama.always(ScriptedStep.fail(FailureKind.UNAVAILABLE));
        for (int i = 0; i < 5; i++) {
            fixture.chat("Hi");
        }

        fixture.router.acceptHints(old);

        assertThat(health(fixture, 0).state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void hintsAboutUnknownModelsAndItsOwnAreIgnored() {
        fixture.ollama.always(ScriptedStep.fail(FailureKind.UNAVAILABLE));
        for (int i = 0; i < 5; i++) {
            fixture.chat("Hi");
        }
        List<HealthHint> own = fixture.router.healthHints();
        fixture.router.reset(BreakerTarget.model(OLLAMA), "repaired");

        fixture.router.acceptHints(own);
        fixture.router.acceptHints(List.of(
                new HealthHint("elsewhere", ModelId.parse("ollama/unknown"), 1, BreakerState.OPEN, Optional.empty())));

        assertThat(health(fixture, 0).suspect()).isFalse();
    }

    /** Another node with the same models; its random numbers, and so its name, are others. */
    private static RouterFixture otherNode() {
        RouterFixture other = new RouterFixture();
        other.time.random(2);
        return other;
    }

    private static ModelHealth health(RouterFixture of, int provider) {
        return of.router.providers().get(provider).health().get(0);
    }
}
