package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatRequest;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.route.BreakerState;
import dev.architect.route.Exclusion;
import dev.architect.route.NoRouteException;
import dev.architect.route.ProviderStatus;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RouterGoneModelTest {

    private static final String SIMPLE = "What is the capital of France?";
    private static final ModelId LLAMA = ModelId.parse("ollama/llama3.2");
    private static final ScriptedStep GONE = ScriptedStep.fail(FailureKind.MODEL_NOT_FOUND);
    private static final ScriptedStep ANSWER = ScriptedStep.answer("free", TokenUsage.of(100, 10));

    private final RouterFixture fixture = new RouterFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void failsOverAndLeavesTheUnknownModelOutFromThenOn() {
        fixture.ollama.then(GONE);

        assertThat(fixture.chat(SIMPLE).text()).isEqualTo("cheap");
        assertThat(fixture.chat(SIMPLE).text()).isEqualTo("cheap");

        assertThat(fixture.ollama.callCount()).isEqualTo(1);
        assertThat(fixture.router.route(ChatRequest.of(SIMPLE)).exclusions())
                .filteredOn(exclusion -> exclusion.model().equals(LLAMA))
                .singleElement()
                .isEqualTo(new Exclusion.ModelGone(LLAMA, RouterFixture.NOW, RouterFixture.NOW.plusSeconds(60)));
    }

    @Test
    void showsTheModelInTheStatusOfItsProviderAndLeavesTheBreakerAlone() {
        fixture.ollama.always(GONE);
        for (int i = 0; i < 20; i++) {
            fixture.chat(SIMPLE);
            fixture.time.advance(Duration.ofHours(2));
        }

        ProviderStatus ollama = status();
        assertThat(ollama.breaker()).isEqualTo(BreakerState.CLOSED);
        assertThat(ollama.models()).containsExactly("llama3.2");
        assertThat(ollama.goneModels()).singleElement().satisfies(gone -> {
            assertThat(gone.model()).isEqualTo("llama3.2");
            assertThat(gone.since()).isEqualTo(RouterFixture.NOW);
        });
    }

    @Test
    void oneRequestChecksItAfterAMinuteAndAnAnswerBringsItBack() {
        fixture.ollama.then(GONE);
        fixture.chat(SIMPLE);

        fixture.time.advance(Duration.ofSeconds(59));
        assertThat(fixture.chat(SIMPLE).text()).isEqualTo("cheap");
        fixture.time.advance(Duration.ofSeconds(1));
        assertThat(fixture.chat(SIMPLE).text()).isEqualTo("free");

        assertThat(status().goneModels()).isEmpty();
        assertThat(fixture.chat(SIMPLE).text()).isEqualTo("free");
    }

    @Test
    void pauseBetweenChecksDoublesUpToAnHour() {
        fixture.ollama.always(GONE);
        fixture.chat(SIMPLE);

        for (int minutes : List.of(1, 2, 4, 8, 16, 32, 60, 60)) {
            int before = fixture.ollama.callCount();
            fixture.time.advance(Duration.ofMinutes(minutes).minusMillis(1));
            fixture.chat(SIMPLE);
            assertThat(fixture.ollama.callCount())
                    .as("before %d minutes", minutes)
                    .isEqualTo(before);
            fixture.time.advance(Duration.ofMillis(1));
            assertThat(fixture.chat(SIMPLE).text()).isEqualTo("cheap");
            assertThat(fixture.ollama.callCount())
                    .as("after %d minutes", minutes)
                    .isEqualTo(before + 1);
        }
    }

    @Test
    void callerSeesItNamedOnlyWhenNoCandidateIsLeft() {
        fixture.ollama.always(GONE);
        ChatRequest named = ChatRequest.builder(SIMPLE).model(LLAMA).build();

        NoRouteException first = catchThrowableOfType(NoRouteException.class, () -> fixture.chat(named));
        NoRouteException second = catchThrowableOfType(NoRouteException.class, () -> fixture.chat(named));

        assertThat(first.failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.MODEL_NOT_FOUND));
        assertThat(first).hasMessageContaining("ollama/llama3.2");
        assertThat(first.isTransient()).isFalse();
        assertThat(second.failures()).isEmpty();
        assertThat(second.route().candidates()).isEmpty();
        assertThat(second).hasMessageContaining("ollama/llama3.2 is unknown to its provider since");
        assertThat(fixture.ollama.callCount()).isEqualTo(1);
    }

    @Test
    void otherModelsOfTheProviderGoOn() {
        try (RouterFixture two = new RouterFixture("""
                baseline: claude/claude-sonnet-4-6
                models:
                  - {model: openai/gpt-4o-mini, quality: 66, contextTokens: 128000}
                  - {model: openai/gpt-5.4, quality: 91, contextTokens: 128000}
                """, setup -> setup)) {
            two.openai.then(GONE);

            assertThat(two.chat(SIMPLE).model().model()).isEqualTo("gpt-5.4");
            assertThat(two.chat(SIMPLE).model().model()).isEqualTo("gpt-5.4");
            assertThat(two.openai.callCount()).isEqualTo(3);
        }
    }

    /** Such a failure shows that the check did not happen: the next request makes it. */
    @ParameterizedTest
    @EnumSource(
            value = FailureKind.class,
            names = {"UNAVAILABLE", "TIMEOUT", "PROTOCOL", "OVERLOADED"})
    void checkThatFailsOtherwiseIsMadeAgain(FailureKind kind) {
        fixture.ollama.then(GONE, ScriptedStep.fail(kind), ANSWER);
        fixture.chat(SIMPLE);
        fixture.time.advance(Duration.ofMinutes(1));

        assertThat(fixture.chat(SIMPLE).text()).isEqualTo("cheap");
        assertThat(fixture.chat(SIMPLE).text()).isEqualTo("free");
    }

    @Test
    void onlyOneRequestAtATimeChecks() throws Exception {
        try (RouterFixture wide = new RouterFixture(
                RouterFixture.POLICY.replace("quality: 45, maxConcurrent: 1", "quality: 45, maxConcurrent: 4"),
                setup -> setup)) {
            CountDownLatch started = new CountDownLatch(1);
            CountDownLatch released = new CountDownLatch(1);
            wide.ollama.then(GONE, ScriptedStep.blockUntil(started, released, ANSWER));
            wide.chat(SIMPLE);
            wide.time.advance(Duration.ofMinutes(1));
            ExecutorService threads = Executors.newSingleThreadExecutor();
            try {
                Future<String> check = threads.submit(() -> wide.chat(SIMPLE).text());
                assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();

                assertThat(wide.chat(SIMPLE).text()).isEqualTo("cheap");

                released.countDown();
                assertThat(check.get(60, TimeUnit.SECONDS)).isEqualTo("free");
            } finally {
                threads.shutdownNow();
            }
            assertThat(wide.chat(SIMPLE).text()).isEqualTo("free");
        }
    }

    @Test
    void requestThatWaitedForAModelThatIsGoneByNowIsToldSo() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        fixture.ollama.then(ScriptedStep.blockUntil(started, released, GONE));
        ChatRequest named = ChatRequest.builder(SIMPLE).model(LLAMA).build();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<?> first = threads.submit(() -> fixture.chat(named));
            assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
            Future<?> second = threads.submit(() -> fixture.chat(named));
            while (fixture.meters.get("architect.router.waiting").gauge().value() < 1) {
                Thread.onSpinWait();
            }
            released.countDown();

            assertThat(first).failsWithin(Duration.ofSeconds(10));
            assertThat(second)
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableOfType(ExecutionException.class)
                    .havingCause()
                    .isInstanceOf(NoRouteException.class)
                    .withMessageContaining("ollama/llama3.2 is unknown to its provider");
        } finally {
            threads.shutdownNow();
        }
        assertThat(fixture.ollama.callCount()).isEqualTo(1);
    }

    private ProviderStatus status() {
        return fixture.router.providers().stream()
                .filter(provider -> provider.name().equals("ollama"))
                .findFirst()
                .orElseThrow();
    }
}
