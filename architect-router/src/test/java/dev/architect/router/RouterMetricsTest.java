package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.model.FailureKind;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
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
