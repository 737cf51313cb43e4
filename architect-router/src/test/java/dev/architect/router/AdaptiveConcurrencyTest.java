package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatRequest;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.request.RequestScope;
import dev.architect.route.NoRouteException;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.RoutingContext;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.testkit.time.ManualTime;
import dev.architect.thread.ThreadRunner;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** The limit of calls at the same time follows what a provider carries. */
final class AdaptiveConcurrencyTest {

    private static final String ONE = """
            baseline: claude/claude-sonnet-4-6
            retry: {attempts: 0, longestWait: 0s}
            throttling: {enabled: false}
            models:
              - {model: ollama/llama3.2, quality: 90, maxConcurrent: 200, concurrency: adaptive, contextTokens: 8192}
            """;

    /** Requests arrive without end; each round, the calls that are on their way are answered together. */
    @Test
    void theShippedPolicyCarriesAThousandCallsInFlight() throws Exception {
        ManualTime time = new ManualTime();
        AtomicInteger inFlight = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Rounds rounds = new Rounds();
        List<ModelProvider> providers = new ArrayList<>();
        for (String name : List.of("ollama", "openai", "gemini", "claude", "perplexity", "anythingllm")) {
            providers.add(ScriptedProvider.named(name).always((model, call, listener) -> {
                most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
                try {
                    rounds.await();
                } finally {
                    inFlight.decrementAndGet();
                }
                return answer(call.model());
            }));
        }
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        int requests = 4_000;
        CountDownLatch ended = new CountDownLatch(requests);
        AtomicInteger failed = new AtomicInteger();
        try (CostAwareRouter router = CostAwareRouter.with(RoutingPolicy.standard())
                        .metrics(meters)
                        .create(providers, time);
                ThreadRunner runner = new ThreadRunner("adaptive-test")) {
            for (int i = 0; i < requests; i++) {
                runner.start("request", () -> {
                    try {
                        router.chat(ChatRequest.of("Hi"), context());
                    } catch (RuntimeException failure) {
                        failed.incrementAndGet();
                    }
                    ended.countDown();
                });
            }
            while (ended.getCount() > 0) {
                int limit = limit(meters);
                // Every permit is in use, or no request waits any more.
                awaitUntil(() -> inFlight.get() >= Math.min(limit, ended.getCount()));
                time.advance(Duration.ofSeconds(1));
                rounds.next();
                long before = ended.getCount();
                awaitUntil(() -> before == 0 || ended.getCount() < before);
            }

            assertThat(most).hasValueGreaterThanOrEqualTo(1_000);
            assertThat(failed).hasValue(0);
            assertThat(inFlight).hasValue(0);
            assertThat(router.providers())
                    .allSatisfy(provider -> assertThat(provider.inFlight()).isZero());
            // All permits are back: of the hosted models as many as they have grown to, of the others what they have.
            assertThat(router.freeCalls()).isEqualTo(limit(meters));
        }
    }

    private static void awaitUntil(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("nothing has changed within a minute");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static int limit(SimpleMeterRegistry meters) {
        return (int) meters.find("architect.router.concurrency").gauges().stream()
                .mapToDouble(gauge -> gauge.value())
                .sum();
    }

    private static ProviderAnswer answer(String model) {
        return ProviderAnswer.builder(model, "ok", StopReason.COMPLETE)
                .usage(TokenUsage.of(10, 10), UsageSource.REPORTED)
                .build();
    }

    private static RoutingContext context() {
        return new RoutingContext(
                RequestScope.create().withTimeout(Duration.ofMinutes(10)),
                Optional.empty(),
                Optional.empty(),
                entry -> {},
                event -> {});
    }

    /** Calls wait here until the round is over. */
    private static final class Rounds {
        private CountDownLatch current = new CountDownLatch(1);

        void await() {
            CountDownLatch joined;
            synchronized (this) {
                joined = current;
            }
            try {
                joined.await();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }

        synchronized void next() {
            current.countDown();
            current = new CountDownLatch(1);
        }
    }

    @Test
    void theLimitFallsWithRefusalsAndRecovers() throws Exception {
        try (RouterFixture fixture = new RouterFixture(ONE, setup -> setup)) {
            Load load = new Load(fixture);
            for (int round = 0; round < 6; round++) {
                load.round(ScriptedStep.answer("ok", TokenUsage.of(1, 10)), Duration.ofSeconds(1));
            }
            assertThat(load.limit()).isEqualTo(200);
            assertThat(load.inFlightOfLastRound).isGreaterThan(150);

            load.round(ScriptedStep.fail(FailureKind.OVERLOADED), Duration.ofSeconds(1));
            assertThat(load.limit())
                    .as("one decrease for all calls of one round")
                    .isEqualTo(140);
            fixture.time.advance(Duration.ofSeconds(60));
            load.round(ScriptedStep.answer("ok", TokenUsage.of(1, 10)), Duration.ofSeconds(1));
            fixture.time.advance(Duration.ofSeconds(60));
            for (int round = 0; round < 12; round++) {
                load.round(ScriptedStep.answer("ok", TokenUsage.of(1, 10)), Duration.ofSeconds(1));
            }

            assertThat(load.limit()).isGreaterThan(190);
            assertThat(fixture.router.freeCalls()).isEqualTo(load.limit());
        }
    }

    @Test
    void theLimitFallsWhenAnswersBecomeSlow() throws Exception {
        try (RouterFixture fixture = new RouterFixture(ONE, setup -> setup)) {
            Load load = new Load(fixture);
            for (int round = 0; round < 6; round++) {
                load.round(ScriptedStep.answer("ok", TokenUsage.of(1, 10)), Duration.ofSeconds(1));
            }
            int before = load.limit();

            load.round(ScriptedStep.answer("ok", TokenUsage.of(1, 10)), Duration.ofSeconds(20));

            assertThat(load.limit()).isLessThan(before * 7 / 10);
            assertThat(load.limit()).isGreaterThanOrEqualTo(before / 4);
        }
    }

    @Test
    void aLimitThatIsNotUsedDoesNotGrow() throws Exception {
        try (RouterFixture fixture = new RouterFixture(ONE, setup -> setup)) {
            for (int call = 0; call < 100; call++) {
                fixture.chat("Hi");
            }
            assertThat(new Load(fixture).limit()).isLessThanOrEqualTo(9);
        }
    }

    /** As many calls at the same time as the limit allows, which end together. */
    private static final class Load {
        private final RouterFixture fixture;
        private int inFlightOfLastRound;

        Load(RouterFixture fixture) {
            this.fixture = fixture;
        }

        int limit() {
            return (int) fixture.meters
                    .get("architect.router.concurrency")
                    .tag("model", "llama3.2")
                    .gauge()
                    .value();
        }

        void round(ScriptedStep end, Duration duration) throws Exception {
            int calls = limit();
            CountDownLatch begun = new CountDownLatch(calls);
            CountDownLatch mayEnd = new CountDownLatch(1);
            CountDownLatch ended = new CountDownLatch(calls);
            fixture.ollama.always((model, call, listener) -> {
                begun.countDown();
                try {
                    mayEnd.await();
                } catch (InterruptedException interrupted) {
                    throw new IllegalStateException(interrupted);
                }
                return end.perform(model, call, listener);
            });
            try (ThreadRunner runner = new ThreadRunner("adaptive-test")) {
                for (int i = 0; i < calls; i++) {
                    runner.start("request", () -> {
                        try {
                            fixture.router.chat(
                                    ChatRequest.builder("Hi")
                                            .model(ModelId.parse("ollama/llama3.2"))
                                            .build(),
                                    context());
                        } catch (NoRouteException refused) {
                            begun.countDown();
                        } finally {
                            ended.countDown();
                        }
                    });
                }
                assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
                inFlightOfLastRound = (int) ended.getCount();
                fixture.time.advance(duration);
                mayEnd.countDown();
                assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
            }
        }
    }
}
