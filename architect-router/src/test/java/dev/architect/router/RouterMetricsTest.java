package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.model.FailureKind;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RouterMetricsTest {

    private final RouterFixture fixture = new RouterFixture();

    @Test
    void callsTokensCostAndFailoversAreMeasured() {
        fixture.ollama.then(ScriptedStep.fail(FailureKind.OVERLOADED, failure -> failure.status(503)));
        fixture.openai.then(ScriptedStep.after(
                fixture.time, Duration.ofSeconds(2), ScriptedStep.answer("x", TokenUsage.of(1_000, 100))));

        fixture.chat("Hi");

        assertThat(count("calls", "provider", "ollama", "outcome", "failed", "failure", "overloaded"))
                .isEqualTo(1);
        assertThat(count("calls", "provider", "openai", "outcome", "answered", "failure", "none"))
                .isEqualTo(1);
        assertThat(count("tokens", "provider", "openai", "side", "prompt")).isEqualTo(1_000);
        assertThat(count("tokens", "provider", "openai", "side", "completion")).isEqualTo(100);
        assertThat(count("cost", "provider", "openai", "status", "priced")).isEqualTo(210_000_000);
        assertThat(count("failovers", "provider", "ollama", "failure", "overloaded"))
                .isEqualTo(1);
        assertThat(fixture.meters
                        .get("architect.router.call.duration")
                        .tags("provider", "openai", "outcome", "answered")
                        .timer()
                        .totalTime(TimeUnit.SECONDS))
                .isEqualTo(2);
    }

    @Test
    void unpricedCallsAreCounted() {
        RouterFixture other = new RouterFixture(
                RouterFixture.POLICY
                        .replace("ollama/llama3.2", "openai/unheard-of")
                        .replace("128000", "1"),
                setup -> setup);
        other.claude.always(ScriptedStep.fail(FailureKind.AUTHENTICATION));

        other.chat("Hi");

        assertThat(other.meters.get("architect.router.unpriced").counter().count())
                .isEqualTo(1);
    }

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
        fixture.time.advance(Duration.ofSeconds(2));
        fixture.ollama.then((model, call, listener) -> {
            assertThat(gauge("breaker", "ollama")).isEqualTo(1);
            return ScriptedStep.answer("x", TokenUsage.of(1, 1)).perform(model, call, listener);
        });
        fixture.chat("Hi");
        assertThat(gauge("breaker", "ollama")).isZero();
    }

    @Test
    void noMeterHoldsTextOfThePrompt() {
        fixture.chat("xylophone");

        assertThat(fixture.meters.getMetersAsString())
                .doesNotContain("xylophone")
                .contains("architect.router.calls");
    }

    private double count(String name, String... tags) {
        return fixture.meters
                .get("architect.router." + name)
                .tags(tags)
                .counter()
                .count();
    }

    private double gauge(String name, String provider) {
        return fixture.meters
                .get("architect.router." + name)
                .tags("provider", provider)
                .gauge()
                .value();
    }
}
