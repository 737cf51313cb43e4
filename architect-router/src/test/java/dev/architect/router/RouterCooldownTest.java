package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.model.FailureKind;
import dev.architect.route.NoRouteException;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** No calls go to a model for a while after a rate limit. */
class RouterCooldownTest {

    private final RouterFixture fixture = new RouterFixture();

    @Test
    void limitedModelCoolsDownUntilTheTimeItNamed() {
        fixture.ollama.then(limited(Duration.ofSeconds(7)));

        fixture.chat("Hi");
        fixture.time.advance(Duration.ofSeconds(7).minusNanos(1));
        assertThat(fixture.chat("Hi").text()).isEqualTo("cheap");
        assertThat(fixture.ollama.callCount()).isEqualTo(1);

        fixture.time.advance(Duration.ofNanos(1));
        assertThat(fixture.chat("Hi").text()).isEqualTo("free");
    }

    @Test
    void withoutATimeTheGuessDoublesUpToEightSeconds() {
        fixture.ollama.always(ScriptedStep.fail(FailureKind.RATE_LIMITED));
        int calls = 0;
        for (long millis : new long[] {500, 1_000, 2_000, 4_000, 8_000, 8_000}) {
            fixture.chat("Hi");
            assertThat(fixture.ollama.callCount()).isEqualTo(++calls);
            fixture.time.advance(Duration.ofMillis(millis - 1));
            fixture.chat("Hi");
            assertThat(fixture.ollama.callCount()).as("within %d ms", millis).isEqualTo(calls);
            fixture.time.advance(Duration.ofMillis(1));
        }
    }

    @Test
    void answerMakesTheNextGuessShort() {
        fixture.ollama.then(
                ScriptedStep.fail(FailureKind.RATE_LIMITED),
                ScriptedStep.answer("free", TokenUsage.of(1, 1)),
                ScriptedStep.fail(FailureKind.RATE_LIMITED));
        fixture.chat("Hi");
        fixture.time.advance(Duration.ofMillis(500));
        fixture.chat("Hi");
        fixture.chat("Hi");

        fixture.time.advance(Duration.ofMillis(500));

        assertThat(fixture.chat("Hi").text()).isEqualTo("free");
    }

    @Test
    void absurdTimesAreCut() {
        fixture.ollama.then(limited(Duration.ofDays(1)));
        fixture.chat("Hi");

        fixture.time.advance(Duration.ofSeconds(60));

        assertThat(fixture.chat("Hi").text()).isEqualTo("free");
    }

    @Test
    void usedUpQuotaRestsForAMinute() {
        fixture.ollama.then(ScriptedStep.fail(FailureKind.QUOTA_EXHAUSTED));
        fixture.chat("Hi");

        fixture.time.advance(Duration.ofSeconds(59));
        assertThat(fixture.chat("Hi").text()).isEqualTo("cheap");
        fixture.time.advance(Duration.ofSeconds(1));

        assertThat(fixture.chat("Hi").text()).isEqualTo("free");
    }

    @Test
    void whenAllCoolDownNoneIsCalledAndTheErrorStatesWhenOneCouldBe() {
        fixture.ollama.then(limited(Duration.ofSeconds(30)));
        fixture.openai.then(limited(Duration.ofSeconds(10)));
        fixture.claude.then(limited(Duration.ofSeconds(20)));
        NoRouteException failure = catchThrowableOfType(NoRouteException.class, () -> fixture.chat("Hi"));
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(10));

        failure = catchThrowableOfType(NoRouteException.class, () -> fixture.chat("Hi"));

        assertThat(failure.isUnavailable()).isTrue();
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(10));
        assertThat(fixture.ledger).hasSize(3);
    }

    @Test
    void coolingModelIsNotCalledAfterAFailure() {
        fixture.ollama.then(limited(Duration.ofSeconds(30)));
        fixture.chat("Hi");
        fixture.openai.then(ScriptedStep.fail(FailureKind.OVERLOADED));
        fixture.claude.then(ScriptedStep.fail(FailureKind.OVERLOADED));

        NoRouteException failure = catchThrowableOfType(NoRouteException.class, () -> fixture.chat("Hi"));

        assertThat(failure.isTransient()).isTrue();
        assertThat(fixture.ollama.callCount()).isEqualTo(1);
    }

    private static ScriptedStep limited(Duration retryAfter) {
        return ScriptedStep.fail(
                FailureKind.RATE_LIMITED, failure -> failure.status(429).retryAfter(retryAfter));
    }
}
