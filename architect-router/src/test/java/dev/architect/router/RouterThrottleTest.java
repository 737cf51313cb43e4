package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatRequest;
import dev.architect.model.FailureKind;
import dev.architect.model.RateLimit;
import dev.architect.model.StopReason;
import dev.architect.request.RequestScope;
import dev.architect.route.NoRouteException;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.RoutingContext;
import dev.architect.task.Priority;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.thread.ThreadRunner;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A provider that refuses most calls gets fewer, and what is less urgent goes elsewhere or is refused first. */
final class RouterThrottleTest {

    private static final String HEAD = """
            baseline: claude/claude-sonnet-4-6
            retry: {attempts: 0, longestWait: 0s}
            breaker: {failures: 100, calls: 100}
            """;
    private static final String ONE = HEAD + """
            models: [{model: ollama/llama3.2, quality: 90, maxConcurrent: 100, contextTokens: 8192}]
            """;
    private static final String TWO = HEAD + """
            models:
              - {model: ollama/llama3.2, quality: 90, maxConcurrent: 10, contextTokens: 8192}
              - {model: openai/gpt-4o-mini, quality: 66, maxConcurrent: 10, contextTokens: 128000}
            """;

    private RouterFixture fixture;

    @AfterEach
    void close() {
        fixture.close();
    }

    /** Returns the text of the answer, and "refused" when there is none. */
    private String chat(Priority priority) {
        try {
            return fixture.router
                    .chat(
                            ChatRequest.of("Hi"),
                            new RoutingContext(
                                    RequestScope.create().withPriority(priority),
                                    Optional.empty(),
                                    Optional.empty(),
                                    fixture.ledger::add,
                                    fixture.events::add))
                    .text();
        } catch (NoRouteException refused) {
            assertThat(refused.isTransient()).isTrue();
            return "refused";
        }
    }

    private void acceptOneOfTen() {
        int[] calls = {0};
        fixture.ollama.always((model, call, listener) -> {
            ScriptedStep step = ++calls[0] % 10 == 0
                    ? ScriptedStep.answer("free", TokenUsage.of(1, 1))
                    : ScriptedStep.fail(FailureKind.OVERLOADED);
            return step.perform(model, call, listener);
        });
    }

    private int sentOf(int requests, Priority priority) {
        int before = fixture.ollama.callCount();
        for (int i = 0; i < requests; i++) {
            chat(priority);
            fixture.time.advance(Duration.ofMillis(10));
        }
        return fixture.ollama.callCount() - before;
    }

    @Test
    void aProviderGetsTwiceTheCallsThatItAccepts() {
        fixture = new RouterFixture(
                ONE.replace("failures: 100, calls: 100", "failures: 1000, calls: 1000"), setup -> setup);
        acceptOneOfTen();
        sentOf(2_000, Priority.NORMAL);

        int sent = sentOf(4_000, Priority.NORMAL);

        // Of a fixed tenth, twice as many as are accepted is ever less: what is left is about a call a second.
        assertThat(sent).isBetween(30, 200);
    }

    @Test
    void aProviderThatAcceptsHalfOfItsCallsIsLeftAlone() {
        fixture = new RouterFixture(
                ONE.replace("failures: 100, calls: 100", "failures: 1000, calls: 1000"), setup -> setup);
        int[] calls = {0};
        fixture.ollama.always((model, call, listener) -> {
            ScriptedStep step = ++calls[0] % 2 == 0
                    ? ScriptedStep.answer("free", TokenUsage.of(1, 1))
                    : ScriptedStep.fail(FailureKind.OVERLOADED);
            return step.perform(model, call, listener);
        });

        assertThat(sentOf(1_000, Priority.NORMAL)).isGreaterThan(950);
    }

    @Test
    void whatIsUrgentIsSentAllTheSame() {
        fixture = new RouterFixture(
                ONE.replace("failures: 100, calls: 100", "failures: 1000, calls: 1000"), setup -> setup);
        acceptOneOfTen();
        sentOf(500, Priority.NORMAL);

        assertThat(sentOf(100, Priority.HIGH)).isEqualTo(100);
        assertThat(sentOf(200, Priority.LOW)).isLessThan(sentOf(200, Priority.NORMAL) + 40);
    }

    @Test
    void anotherProviderAnswersWhatIsNotSent() {
        fixture = new RouterFixture(
                TWO.replace("failures: 100, calls: 100", "failures: 1000, calls: 1000"), setup -> setup);
        acceptOneOfTen();
        for (int i = 0; i < 1_000; i++) {
            assertThat(chat(Priority.NORMAL)).isNotEqualTo("refused");
        }

        assertThat(fixture.ollama.callCount()).isLessThan(600);
    }

    @Test
    void callsAreSentAgainWhenTheProviderHasRecovered() {
        fixture = new RouterFixture(
                ONE.replace("failures: 100, calls: 100", "failures: 1000, calls: 1000"), setup -> setup);
        acceptOneOfTen();
        sentOf(500, Priority.NORMAL);
        assertThat(fixture.meters
                        .get("architect.router.throttled")
                        .tag("provider", "ollama")
                        .gauge()
                        .value())
                .isGreaterThan(0.5);

        fixture.ollama.always(ScriptedStep.answer("free", TokenUsage.of(1, 1)));
        fixture.time.advance(Duration.ofMinutes(3));

        assertThat(sentOf(100, Priority.NORMAL)).isEqualTo(100);
    }

    @Test
    void aBreakerThatClosesEndsIt() {
        fixture = new RouterFixture(
                ONE.replace("failures: 100, calls: 100", "failures: 20, calls: 20")
                        + "throttling: {minimumCalls: 10}\n",
                setup -> setup);
        fixture.ollama.always(ScriptedStep.fail(FailureKind.OVERLOADED));
        sentOf(2_000, Priority.NORMAL);
        fixture.ollama.always(ScriptedStep.answer("free", TokenUsage.of(1, 1)));
        fixture.time.advance(Duration.ofSeconds(10));
        chat(Priority.NORMAL);

        assertThat(sentOf(100, Priority.NORMAL)).isEqualTo(100);
    }

    @Test
    void aFewRefusalsShowNothing() {
        fixture = new RouterFixture(ONE, setup -> setup);
        fixture.ollama.always(ScriptedStep.fail(FailureKind.OVERLOADED));

        assertThat(sentOf(40, Priority.NORMAL)).isEqualTo(40);
    }

    @Test
    void lowPriorityGoesElsewhereWhenTheProvidersLimitIsNearlyUsed() {
        fixture = new RouterFixture(TWO, setup -> setup);
        fixture.ollama.always(ScriptedStep.answer(ProviderAnswer.builder("llama3.2", "free", StopReason.COMPLETE)
                .usage(TokenUsage.of(1, 1), UsageSource.REPORTED)
                .rateLimits(List.of(new RateLimit(
                        "requests", Optional.of(100L), Optional.of(5L), Optional.of(Duration.ofSeconds(60)))))
                .build()));
        chat(Priority.NORMAL);

        assertThat(chat(Priority.LOW)).isEqualTo("cheap");
        assertThat(chat(Priority.NORMAL)).isEqualTo("free");
    }

    @Test
    void lowPriorityLeavesTheLastPermitToOthers() throws Exception {
        fixture = new RouterFixture(TWO, setup -> setup);
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(9);
        fixture.ollama.always((model, call, listener) -> {
            begun.countDown();
            try {
                mayEnd.await();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
            return ScriptedStep.answer("free", TokenUsage.of(1, 1)).perform(model, call, listener);
        });
        try (ThreadRunner runner = new ThreadRunner("throttle-test")) {
            for (int i = 0; i < 9; i++) {
                runner.start("request", () -> chat(Priority.NORMAL));
            }
            begun.await();

            assertThat(chat(Priority.LOW)).isEqualTo("cheap");
            fixture.ollama.always(ScriptedStep.answer("free", TokenUsage.of(1, 1)));
            assertThat(chat(Priority.NORMAL)).isEqualTo("free");
            mayEnd.countDown();
        }
    }
}
