package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatResponse;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.route.BreakerState;
import dev.architect.route.NoRouteException;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.thread.ThreadRunner;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls that are repeated on the same model, and requests that wait for a model that rests. */
final class RouterRetryTest {

    private static final String TWO_OF_ONE_PROVIDER = """
            baseline: claude/claude-sonnet-4-6
            retry: {attempts: 2, firstDelay: 500ms, longestDelay: 8s, patience: 5s, longestWait: 60s, budgetPercent: 10}
            models:
              - {model: ollama/first, quality: 90, maxConcurrent: 4, contextTokens: 8192}
              - {model: ollama/second, quality: 80, maxConcurrent: 4, contextTokens: 128000}
            """;
    private static final String ONE = """
            baseline: claude/claude-sonnet-4-6
            retry: {attempts: 2}
            models:
              - {model: openai/gpt-4o-mini, quality: 66, maxConcurrent: 4, contextTokens: 128000}
            """;
    private static final ScriptedStep OK = ScriptedStep.answer("ok", TokenUsage.of(1, 1));

    private final ThreadRunner threads = new ThreadRunner("retry-test");
    private RouterFixture fixture = new RouterFixture(TWO_OF_ONE_PROVIDER, setup -> setup);

    @AfterEach
    void end() {
        fixture.close();
        threads.close();
    }

    @Test
    void aStatedDelayIsWaitedForThoughAnotherModelIsFree() throws Exception {
        fixture.ollama.then(limited(Duration.ofSeconds(2)));
        FutureTask<ChatResponse> request = start(() -> fixture.chat("Hi"));
        fixture.time.awaitWaiting(1);

        fixture.time.advance(Duration.ofSeconds(2).minusNanos(1));
        assertThat(fixture.ollama.callCount()).isEqualTo(1);
        fixture.time.advance(Duration.ofMillis(251));

        assertThat(result(request).position()).isZero();
        assertThat(models()).containsExactly("first", "first");
        assertThat(fixture.ledger).extracting(entry -> entry.route().position()).containsExactly(0, 0);
    }

    @Test
    void aDelayBeyondThePatienceFailsOverAtOnce() {
        fixture.ollama.then(limited(Duration.ofSeconds(6)));

        assertThat(fixture.chat("Hi").position()).isEqualTo(1);
        assertThat(models()).containsExactly("first", "second");
    }

    @Test
    void aServerErrorIsRepeatedOnce() throws Exception {
        fixture.ollama.then(ScriptedStep.fail(FailureKind.UNAVAILABLE, failure -> failure.status(500)));
        fixture.ollama.then(ScriptedStep.fail(FailureKind.UNAVAILABLE, failure -> failure.status(500)));
        FutureTask<ChatResponse> request = start(() -> fixture.chat("Hi"));
        fixture.time.awaitWaiting(1);
        fixture.time.advance(Duration.ofMillis(501));

        assertThat(result(request).position()).isEqualTo(1);
        assertThat(models()).containsExactly("first", "first", "second");
    }

    @Test
    void aConnectionLostAfterALongSilenceIsNotAskedTwice() {
        fixture.ollama.then(ScriptedStep.after(
                fixture.time,
                Duration.ofSeconds(4),
                ScriptedStep.fail(FailureKind.UNAVAILABLE, failure -> failure.delivery(DeliveryStatus.UNKNOWN))));

        assertThat(fixture.chat("Hi").position()).isEqualTo(1);
        assertThat(models()).containsExactly("first", "second");
    }

    @Test
    void lackOfCapacityIsRepeatedTwice() throws Exception {
        fixture.ollama.then(
                ScriptedStep.fail(FailureKind.OVERLOADED),
                ScriptedStep.fail(FailureKind.OVERLOADED),
                ScriptedStep.fail(FailureKind.OVERLOADED));
        FutureTask<ChatResponse> request = start(() -> fixture.chat("Hi"));
        for (int repetition = 0; repetition < 2; repetition++) {
            fixture.time.awaitWaiting(1);
            fixture.time.advance(Duration.ofSeconds(1).plusNanos(1));
        }

        assertThat(result(request).position()).isEqualTo(1);
        assertThat(models()).containsExactly("first", "first", "first", "second");
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureKind.class,
            names = {"TIMEOUT", "PROTOCOL", "QUOTA_EXHAUSTED", "MODEL_NOT_FOUND", "CONTEXT_TOO_LONG", "UNSUPPORTED"})
    void nothingElseIsRepeated(FailureKind kind) {
        fixture.ollama.then(ScriptedStep.fail(kind));

        assertThat(fixture.chat("Hi").position()).isEqualTo(1);
        assertThat(models()).containsExactly("first", "second");
    }

    @Test
    void whatTheProviderForbidsIsNotRepeated() {
        fixture.ollama.then(ScriptedStep.fail(FailureKind.OVERLOADED, failure -> failure.isTransient(false)));

        fixture.chat("Hi");

        assertThat(models()).containsExactly("first", "second");
    }

    @Test
    void aSingleModelIsRepeatedToo() throws Exception {
        use(ONE);
        fixture.openai.then(limited(Duration.ofSeconds(30)), OK);
        FutureTask<ChatResponse> request = start(() -> fixture.chat("Hi"));
        fixture.time.awaitWaiting(1);
        fixture.time.advance(Duration.ofSeconds(31));

        assertThat(result(request).text()).isEqualTo("ok");
        assertThat(fixture.openai.callCount()).isEqualTo(2);
    }

    @Test
    void aDelayBeyondTheDeadlineIsAnErrorAtOnce() {
        use(ONE);
        fixture.openai.then(limited(Duration.ofDays(1)));

        NoRouteException failure = catchThrowableOfType(NoRouteException.class, () -> fixture.chat("Hi"));

        assertThat(failure.isUnavailable()).isTrue();
        assertThat(failure.retryAfter().orElseThrow()).isPositive();
        assertThat(fixture.openai.callCount()).isEqualTo(1);
    }

    @Test
    void anOutageIsNotMultipliedByRepetitions() throws Exception {
        use(ONE);
        fixture.openai.always(ScriptedStep.fail(FailureKind.RATE_LIMITED));
        int repetitions = 0;
        for (int request = 0; request < 40; request++) {
            int before = fixture.openai.callCount();
            FutureTask<NoRouteException> failing =
                    start(() -> catchThrowableOfType(NoRouteException.class, () -> fixture.chat("Hi")));
            while (!failing.isDone()) {
                fixture.time.untilNextDeadline().ifPresent(fixture.time::advance);
                Thread.onSpinWait();
            }
            repetitions += fixture.openai.callCount() - before - 1;
            fixture.time.advance(Duration.ofSeconds(10));
        }

        // Ten are free, and forty requests pay for four more.
        assertThat(repetitions).isBetween(10, 14);
    }

    @Test
    void aRequestWaitsForTheEndOfACooldown() throws Exception {
        use(ONE);
        fixture.openai.then(ScriptedStep.fail(
                FailureKind.RATE_LIMITED,
                failure -> failure.retryAfter(Duration.ofSeconds(20)).isTransient(false)));
        catchThrowableOfType(NoRouteException.class, () -> fixture.chat("Hi"));

        FutureTask<ChatResponse> second = start(() -> fixture.chat("Hi"));
        fixture.time.awaitWaiting(1);
        assertThat(fixture.openai.callCount()).isEqualTo(1);
        fixture.time.advance(Duration.ofSeconds(20));

        assertThat(result(second).text()).isEqualTo("cheap");
    }

    @Test
    void thoseWhoWaitForATrialGoWithItsFirstToken() throws Exception {
        use(ONE);
        fixture.openai.always(ScriptedStep.fail(FailureKind.AUTHENTICATION));
        catchThrowableOfType(NoRouteException.class, () -> fixture.chat("Hi"));
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        fixture.openai.always(OK);
        fixture.openai.then((model, call, listener) -> {
            started.countDown();
            await(first);
            listener.onText("ok");
            await(end);
            return OK.perform(model, call, text -> {});
        });
        FutureTask<ChatResponse> trial = start(() -> fixture.stream("Hi", text -> {}));
        started.await();
        FutureTask<ChatResponse> other = start(() -> fixture.stream("Hi", text -> {}));
        fixture.time.awaitWaiting(1);

        first.countDown();

        assertThat(result(other).text()).as("while the trial still streams").isEqualTo("ok");
        end.countDown();
        result(trial);
    }

    @Test
    void aSickModelLeavesItsSiblingAlone() {
        use(TWO_OF_ONE_PROVIDER.replace("attempts: 2", "attempts: 0"));
        fixture.ollama.always((model, call, listener) -> {
            if (model.model().equals("first")) {
                return ScriptedStep.fail(FailureKind.TIMEOUT).perform(model, call, listener);
            }
            return OK.perform(model, call, listener);
        });

        for (int request = 0; request < 40; request++) {
            assertThat(fixture.chat("Hi").text()).isEqualTo("ok");
        }

        assertThat(models()).filteredOn("first"::equals).hasSize(5);
        assertThat(fixture.router.providers().get(0).breaker()).isEqualTo(BreakerState.CLOSED);
        assertThat(fixture.router.providers().get(0).breakers()).containsOnlyKeys("first");
    }

    @Test
    void threeSickModelsOpenTheFourthOfTheirProvider() {
        use("""
                baseline: claude/claude-sonnet-4-6
                retry: {attempts: 0, longestWait: 0s}
                breaker: {failures: 1, calls: 1}
                models:
                  - {model: ollama/a, quality: 99, contextTokens: 8192}
                  - {model: ollama/b, quality: 98, contextTokens: 8192}
                  - {model: ollama/c, quality: 97, contextTokens: 8192}
                  - {model: ollama/d, quality: 96, contextTokens: 8192}
                  - {model: openai/gpt-4o-mini, quality: 66, contextTokens: 128000}
                """);
        fixture.ollama.always(ScriptedStep.fail(FailureKind.TIMEOUT));

        assertThat(fixture.chat("Hi").text()).isEqualTo("cheap");

        assertThat(models()).containsExactly("a", "b", "c");
        assertThat(fixture.router.providers().get(0).breaker()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void aRefusedKeyOpensAllModelsOfTheProvider() {
        fixture.ollama.then(ScriptedStep.fail(FailureKind.AUTHENTICATION, failure -> failure.status(401)));

        catchThrowableOfType(NoRouteException.class, () -> fixture.chat("Hi"));

        assertThat(models()).containsExactly("first");
        assertThat(fixture.router.providers().get(0).breaker()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void aModelThatTheKeyMayNotUseIsLeftOutAlone() {
        fixture.ollama.then(ScriptedStep.fail(FailureKind.AUTHENTICATION, failure -> failure.status(403)));

        assertThat(fixture.chat("Hi").model()).isEqualTo(ModelId.parse("ollama/second"));
    }

    @Test
    void aCutStreamGoesOnInTheNextAnswer() {
        List<String> delivered = new ArrayList<>();
        fixture.ollama.then(
                ScriptedStep.breakAfter("one two ", FailureKind.PROTOCOL, TokenUsage.UNKNOWN),
                ScriptedStep.answer("one two three", TokenUsage.of(1, 3)));

        ChatResponse response = fixture.stream("Hi", new ChatListener() {
            @Override
            public void onText(String delta) {
                delivered.add(delta);
            }

            @Override
            public void onRestart() {
                delivered.add("<restart>");
            }
        });

        assertThat(delivered).containsExactly("one ", "two ", "three");
        assertThat(response.text()).isEqualTo("one two three");
        assertThat(models()).containsExactly("first", "second");
        assertThat(fixture.ledger.get(0).metering().usage().completionTokens()).isEqualTo(2);
    }

    @Test
    void streamsHaveTheirLimitsAndWholeAnswersTheirs() {
        fixture.ollama.always(OK);
        fixture.stream("Hi", text -> {});
        fixture.chat("Hi");

        assertThat(fixture.ollama.calls().get(0).limits().headers()).isEqualTo(Duration.ofSeconds(10));
        assertThat(fixture.ollama.calls().get(0).timeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(fixture.ollama.calls().get(1).limits().headers()).isEqualTo(Duration.ofMinutes(1));
    }

    private void use(String policy) {
        fixture.close();
        fixture = new RouterFixture(policy, setup -> setup);
    }

    private List<String> models() {
        return fixture.ollama.calls().stream().map(call -> call.model()).toList();
    }

    private static ScriptedStep limited(Duration retryAfter) {
        return ScriptedStep.fail(
                FailureKind.RATE_LIMITED,
                failure -> failure.status(429).retryAfter(retryAfter).delivery(DeliveryStatus.ANSWERED));
    }

    private <T> FutureTask<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        threads.start("caller", task);
        return task;
    }

    private static <T> T result(FutureTask<T> task) throws Exception {
        return task.get(60, TimeUnit.SECONDS);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
