package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.request.RequestScope;
import dev.architect.route.BreakerState;
import dev.architect.spi.CallAdmission;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.RoutingContext;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.thread.ThreadRunner;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two calls at a time, whatever code of the host throws and whenever the caller leaves: everything is back at the end. */
final class RouterHedgingLeakTest {

    /** Prices of the two are alike, and every second call is late. */
    private static final String POLICY = """
            baseline: openai/gpt-4o-mini
            retry: {attempts: 1, longestWait: 0s, firstDelay: 1ms, longestDelay: 1ms}
            hedging: {requestPercent: 100, spendPercent: 100, percentile: 50, samples: 10}
            models:
              - {model: openai/gpt-4o-mini, quality: 66, maxConcurrent: 2, contextTokens: 128000}
              - {model: ollama/llama3.2, quality: 66, maxConcurrent: 2, contextTokens: 128000}
              - {model: claude/claude-haiku-4-5, quality: 66, maxConcurrent: 2, contextTokens: 128000}
            """;

    private static final String[] MODELS = {"openai/gpt-4o-mini", "ollama/llama3.2", "claude/claude-haiku-4-5"};
    private static final FailureKind[] KINDS = FailureKind.values();
    private static final TokenUsage USAGE = TokenUsage.of(1, 1);

    private final ThreadRunner threads = new ThreadRunner("leak-test");

    @Test
    void nothingLeaks() {
        run(100);
    }

    @Test
    @Tag("slow")
    @Timeout(1_800)
    void nothingLeaksInTenThousandRuns() {
        run(10_000);
    }

    private void run(int seeds) {
        double hedges = 0;
        for (int seed = 0; seed < seeds; seed++) {
            hedges += new Round(seed).run();
        }
        threads.close();
        // Else nothing was tested.
        assertThat(hedges).isGreaterThan(seeds / 2.0);
    }

    /** Requests under one seed. */
    private final class Round {
        private final String name;
        private final Random random;
        private final RouterFixture fixture;
        private final AtomicInteger inProviders = new AtomicInteger();
        private final AtomicBoolean over = new AtomicBoolean();
        private final Thread caller = Thread.currentThread();
        private final Object lock = new Object();
        private int request;
        private boolean interrupted;
        private int untilSabotage = -1;

        Round(int seed) {
            this.name = "seed " + seed;
            this.random = new Random(seed);
            this.fixture = new RouterFixture(
                    POLICY,
                    setup -> setup.tokenCounter((model, text) -> {
                        sabotage();
                        return text.length();
                    }));
        }

        double run() {
            try (fixture) {
                answerAfter(Duration.ofMillis(10));
                for (int i = 0; i < 12; i++) {
                    fixture.stream("Hi", delta -> {});
                    fixture.chat("Hi");
                }
                Thread clock = threads.start("clock", this::letTimePass);
                try {
                    untilSabotage = random.nextInt(60);
                    for (int i = 0; i < 4; i++) {
                        beginRequest(i);
                        attempt();
                        endRequest();
                    }
                    untilSabotage = -1;
                    awaitNobodyIn();
                } finally {
                    over.set(true);
                    join(clock);
                }
                assertEverythingIsBack();
                return hedges();
            }
        }

        private void answerAfter(Duration usual) {
            ScriptedStep step = ScriptedStep.after(fixture.time, usual, ScriptedStep.answer("well", USAGE));
            fixture.openai.always(step);
            fixture.ollama.always(step);
            fixture.claude.always(step);
        }

        /** Slowly enough for a thread that works, however long it gets no processor. */
        private void letTimePass() {
            try {
                while (!over.get()) {
                    fixture.time.advance(Duration.ofMillis(3));
                    fixture.time.awaitRest(Duration.ofSeconds(60));
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }

        private void beginRequest(int number) {
            synchronized (lock) {
                request = number;
                interrupted = false;
            }
            fixture.openai.always(step(random.nextLong(), number));
            fixture.ollama.always(step(random.nextLong(), number));
            fixture.claude.always(step(random.nextLong(), number));
        }

        private void endRequest() {
            boolean expected;
            synchronized (lock) {
                request = -1;
                expected = interrupted;
            }
            assertThat(Thread.interrupted()).as("interrupt flag, %s", name).isEqualTo(expected);
        }

        private void attempt() {
            ChatListener listener = delta -> sabotage();
            RoutingContext context = new RoutingContext(
                    RequestScope.create().withTimeout(Duration.ofSeconds(30)),
                    Optional.empty(),
                    random.nextBoolean() ? Optional.of(listener) : Optional.empty(),
                    entry -> sabotage(),
                    event -> sabotage(),
                    new CallAdmission(Optional.empty(), this::sabotage),
                    entry -> sabotage());
            try {
                fixture.router.chat(ChatRequest.of("Hi"), context);
            } catch (RuntimeException | NoClassDefFoundError | StackOverflowError expected) {
                // Of the provider, or of the host.
                assertThat(expected).isNotInstanceOf(AssertionError.class);
            }
        }

        private void sabotage() {
            assertThat(Thread.currentThread())
                    .as("thread of the host's code, %s", name)
                    .isSameAs(caller);
            if (untilSabotage-- == 0) {
                if (random.nextInt(3) == 0) {
                    throw new NoClassDefFoundError("absent/Host");
                }
                throw new IllegalStateException("host");
            }
        }

        /** A provider that takes a moment, fails, hangs until it is cancelled, or whose caller leaves; each call differently. */
        private ScriptedStep step(long seed, int number) {
            AtomicInteger calls = new AtomicInteger();
            return (model, call, listener) -> {
                Random own = new Random(seed + calls.incrementAndGet());
                inProviders.incrementAndGet();
                try {
                    return perform(
                            own,
                            number,
                            model,
                            listener,
                            () -> ScriptedStep.answer("end", USAGE).perform(model, call, listener));
                } finally {
                    inProviders.decrementAndGet();
                }
            };
        }

        private ProviderAnswer perform(
                Random own, int number, ModelId model, ChatListener listener, Supplier<ProviderAnswer> answer) {
            sleep(own, model);
            if (own.nextInt(3) == 0) {
                listener.onText("a");
                sleep(own, model);
            }
            if (own.nextInt(8) == 0) {
                leave(number);
            }
            if (own.nextInt(12) == 0) {
                throw new StackOverflowError("of the adapter");
            }
            if (own.nextInt(3) == 0) {
                throw ProviderException.builder(model, KINDS[own.nextInt(KINDS.length)])
                        .isTransient(false)
                        .build();
            }
            return answer.get();
        }

        private void sleep(Random own, ModelId model) {
            try {
                fixture.time.sleep(Duration.ofMillis(own.nextInt(40)));
            } catch (InterruptedException cancelled) {
                if (own.nextBoolean()) {
                    Thread.currentThread().interrupt();
                }
                throw ProviderException.builder(model, FailureKind.CANCELLED).build();
            }
        }

        private void leave(int number) {
            synchronized (lock) {
                if (request == number) {
                    interrupted = true;
                    caller.interrupt();
                }
            }
        }

        private void awaitNobodyIn() {
            while (inProviders.get() > 0) {
                // At rest, so that time passes for those who are in.
                LockSupport.parkNanos(100_000);
            }
        }

        private void join(Thread thread) {
            try {
                thread.join();
            } catch (InterruptedException unexpected) {
                throw new AssertionError(name, unexpected);
            }
        }

        private void assertEverythingIsBack() {
            assertThat(fixture.router.providers())
                    .as(name)
                    .allSatisfy(provider -> assertThat(provider.inFlight()).isZero());
            answerAfter(Duration.ZERO);
            fixture.time.advance(Duration.ofHours(2));
            for (String model : MODELS) {
                ChatRequest named =
                        ChatRequest.builder("Hi").model(ModelId.parse(model)).build();
                assertThat(fixture.chat(named).text())
                        .as("%s of %s", model, name)
                        .isEqualTo("well");
            }
            assertThat(fixture.router.freeCalls()).as(name).isEqualTo(6);
            assertThat(fixture.router.providers())
                    .as(name)
                    .allSatisfy(provider -> assertThat(provider.breaker()).isEqualTo(BreakerState.CLOSED));
        }

        private double hedges() {
            return fixture.meters.find("architect.router.hedges").functionCounters().stream()
                    .mapToDouble(counter -> counter.count())
                    .sum();
        }
    }
}
