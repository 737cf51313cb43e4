package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.event.Event;
import dev.architect.model.FailureKind;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RouterMetricsTest {

    private final RouterFixture fixture = new RouterFixture();

    @Test
    void breakersAndCallsInFlightAreGauges() {
        fixture.ollama.then(ScriptedStep.fail(FailureKind.AUTHENTICATION));
        fixture.openai.then((model, call, listener) -> {
            assertThat(gauge("in.flight", "openai")).isEqualTo(1);
            return ScriptedStep.answer("x", TokenUsage.of(1, 1)).perform(model, call, listener);
        });

        fixture.chat("Hi");

        assertThat(gauge("breaker", "ollama")).isEqualTo(2);
        assertThat(gauge("breaker", "openai")).isZero();
        assertThat(gauge("in.flight", "openai")).isZero();
        fixture.time.advance(Duration.ofMillis(2_400));
        fixture.ollama.then((model, call, listener) -> {
            assertThat(gauge("breaker", "ollama")).isEqualTo(1);
            return ScriptedStep.answer("x", TokenUsage.of(1, 1)).perform(model, call, listener);
        });
        fixture.chat("Hi");
        assertThat(gauge("breaker", "ollama")).isZero();
    }

    @Test
    void whatTheRouterItselfTakesIsATimerWithoutProvidersAndWaits() {
        RouterFixture[] late = new RouterFixture[1];
        try (RouterFixture own = new RouterFixture(
                RouterFixture.POLICY.replace("maxConcurrent: 1", "maxConcurrent: 1, expectedOutputTokens: 9"),
                setup -> setup.tokenCounter((model, text) -> {
                    // The planner counts, in the time of the router.
                    if (late[0] != null) {
                        late[0].time.advance(Duration.ofMillis(3));
                        late[0] = null;
                    }
                    return text.length();
                }))) {
            own.ollama.always((model, call, listener) -> {
                own.time.advance(Duration.ofSeconds(30));
                return ScriptedStep.answer("x", TokenUsage.of(1, 1)).perform(model, call, listener);
            });
            late[0] = own;

            own.chat("Hi");

            Timer overhead = own.meters.get("architect.router.overhead").timer();
            assertThat(overhead.count()).isEqualTo(1);
            assertThat(overhead.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(3);
        }
    }

    @Test
    void aStreamedCallTellsWhenItsFirstTokenCame() {
        fixture.ollama.always((model, call, listener) -> {
            fixture.time.advance(Duration.ofMillis(700));
            listener.onText("x");
            fixture.time.advance(Duration.ofMillis(700));
            return ScriptedStep.answer("y", TokenUsage.of(1, 1)).perform(model, call, listener);
        });

        fixture.stream("Hi", text -> {});
        fixture.chat("Hi");

        assertThat(fixture.events(Event.CallEnded.class))
                .extracting(Event.CallEnded::firstToken)
                .containsExactly(Optional.of(Duration.ofMillis(700)), Optional.empty());
    }

    @Test
    void aRegistryThatFailsTakesNoAnswerAway() {
        MeterRegistry broken = new SimpleMeterRegistry();
        broken.config().meterFilter(new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                throw new IllegalStateException("registry");
            }
        });
        try (RouterFixture own =
                new RouterFixture(RouterFixture.POLICY + "cache: {}\n", setup -> setup.metrics(broken))) {
            assertThat(own.chat("Hi").text()).isEqualTo("free");
        }
    }

    @Test
    void noMeterHoldsTextOfThePrompt() {
        fixture.chat("xylophone");

        assertThat(fixture.meters.getMetersAsString())
                .doesNotContain("xylophone")
                .contains("architect.router.in.flight");
    }

    private double gauge(String name, String provider) {
        return fixture.meters
                .get("architect.router." + name)
                .tags("provider", provider)
                .gauge()
                .value();
    }
}
