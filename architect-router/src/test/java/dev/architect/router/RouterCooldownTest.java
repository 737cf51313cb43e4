package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.model.FailureKind;
import dev.architect.route.NoRouteException;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Models that said they had too many calls are spared. */
class RouterCooldownTest {

    private final RouterFixture house = new RouterFixture();

    @Test
    void limitedModelIsSparedUntilTheTimeItNamed() {
        house.ollama.then(limited(Duration.ofSeconds(7)));

        house.ask("Hi");
        house.time.advance(Duration.ofSeconds(7).minusNanos(1));
        assertThat(house.ask("Hi").text()).isEqualTo("cheap");
        assertThat(house.ollama.callCount()).isEqualTo(1);

        house.time.advance(Duration.ofNanos(1));
        assertThat(house.ask("Hi").text()).isEqualTo("free");
    }

    @Test
    void withoutATimeTheGuessDoublesUpToEightSeconds() {
        house.ollama.always(ScriptedStep.fail(FailureKind.RATE_LIMITED));
        int calls = 0;
        for (long millis : new long[] {500, 1_000, 2_000, 4_000, 8_000, 8_000}) {
            house.ask("Hi");
            assertThat(house.ollama.callCount()).isEqualTo(++calls);
            house.time.advance(Duration.ofMillis(millis - 1));
            house.ask("Hi");
            assertThat(house.ollama.callCount()).as("within %d ms", millis).isEqualTo(calls);
            house.time.advance(Duration.ofMillis(1));
        }
    }

    @Test
    void answerMakesTheNextGuessShort() {
        house.ollama.then(
                ScriptedStep.fail(FailureKind.RATE_LIMITED),
                ScriptedStep.answer("free", TokenUsage.of(1, 1)),
                ScriptedStep.fail(FailureKind.RATE_LIMITED));
        house.ask("Hi");
        house.time.advance(Duration.ofMillis(500));
        house.ask("Hi");
        house.ask("Hi");

        house.time.advance(Duration.ofMillis(500));

        assertThat(house.ask("Hi").text()).isEqualTo("free");
    }

    @Test
    void absurdTimesAreCut() {
        house.ollama.then(limited(Duration.ofDays(1)));
        house.ask("Hi");

        house.time.advance(Duration.ofSeconds(60));

        assertThat(house.ask("Hi").text()).isEqualTo("free");
    }

    @Test
    void usedUpQuotaRestsForAMinute() {
        house.ollama.then(ScriptedStep.fail(FailureKind.QUOTA_EXHAUSTED));
        house.ask("Hi");

        house.time.advance(Duration.ofSeconds(59));
        assertThat(house.ask("Hi").text()).isEqualTo("cheap");
        house.time.advance(Duration.ofSeconds(1));

        assertThat(house.ask("Hi").text()).isEqualTo("free");
    }

    @Test
    void whenAllAreSparedTheOneWhoseTimeComesFirstIsAsked() {
        house.ollama.then(limited(Duration.ofSeconds(30)));
        house.openai.then(limited(Duration.ofSeconds(10)));
        house.claude.then(limited(Duration.ofSeconds(20)));
        NoRouteException failure = catchThrowableOfType(NoRouteException.class, () -> house.ask("Hi"));
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(10));

        assertThat(house.ask("Hi").text()).isEqualTo("cheap");
        assertThat(house.ollama.callCount() + house.claude.callCount()).isEqualTo(2);
    }

    @Test
    void sparedModelIsNotAskedAfterAFailure() {
        house.ollama.then(limited(Duration.ofSeconds(30)));
        house.ask("Hi");
        house.openai.then(ScriptedStep.fail(FailureKind.OVERLOADED));
        house.claude.then(ScriptedStep.fail(FailureKind.OVERLOADED));

        NoRouteException failure = catchThrowableOfType(NoRouteException.class, () -> house.ask("Hi"));

        assertThat(failure.isTransient()).isTrue();
        assertThat(house.ollama.callCount()).isEqualTo(1);
    }

    private static ScriptedStep limited(Duration retryAfter) {
        return ScriptedStep.fail(
                FailureKind.RATE_LIMITED, failure -> failure.status(429).retryAfter(retryAfter));
    }
}
