package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.answer.SemanticCache;
import dev.architect.chat.AnswerVerdict;
import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Citation;
import dev.architect.chat.ToolCallDelta;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.request.RequestScope;
import dev.architect.route.BreakerState;
import dev.architect.route.BreakerTarget;
import dev.architect.route.BreakerTrip;
import dev.architect.route.HealthHint;
import dev.architect.spi.CallAdmission;
import dev.architect.spi.RoutingContext;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.cumulative.CumulativeTimer;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever code of the host throws, wherever it is called: permits and passes come back, and the next request is answered. */
final class RouterLeakTest {

    private static final String POLICY = """
            baseline: claude/claude-sonnet-4-6
            retry: {attempts: 2, longestWait: 0s, firstDelay: 1ms, longestDelay: 1ms}
            models:
              - {model: ollama/llama3.2, quality: 45, maxConcurrent: 1, contextTokens: 8192}
              - {model: openai/gpt-4o-mini, quality: 66, maxConcurrent: 1, contextTokens: 128000}
              - {model: claude/claude-sonnet-4-6, quality: 88, maxConcurrent: 2, contextTokens: 1000000}
            verification: {checks: [{checker: judge}], escalations: 2, delivery: DELIVERY}
            cache: {enabled: CACHED, ttl: 2s}
            records: {rate: 0.5}
            """;
    private static final FailureKind[] KINDS = FailureKind.values();

    @Test
    void nothingLeaks() {
        run(300);
    }

    @Test
    @Tag("slow")
    @Timeout(1_200)
    void nothingLeaksInTenThousandRuns() {
        run(10_000);
    }

    private static void run(int seeds) {
        for (int seed = 0; seed < seeds; seed++) {
            run(new Random(seed), "seed " + seed);
        }
    }

    private static void run(Random random, String seed) {
        int[] until = {random.nextInt(40)};
        Runnable saboteur = () -> {
            if (until[0]-- == 0) {
                if (random.nextInt(3) == 0) {
                    throw new NoClassDefFoundError("absent/Host");
                }
                throw new IllegalStateException("host");
            }
        };
        try (RouterFixture fixture = new RouterFixture(
                POLICY.replace("DELIVERY", random.nextBoolean() ? "live" : "buffered")
                        .replace("CACHED", String.valueOf(random.nextBoolean())),
                setup -> setup.checker("judge", (request, answer) -> {
                            saboteur.run();
                            return !answer.text().equals("well") && random.nextInt(3) == 0
                                    ? AnswerVerdict.rejected("chance")
                                    : AnswerVerdict.accepted();
                        })
                        .semanticCache(new BrokenCache(saboteur))
                        .observations(observations(saboteur))
                        .metrics(new BrokenRegistry(saboteur))
                        .tokenCounter((model, text) -> {
                            saboteur.run();
                            return text.length();
                        }))) {
            fixture.ollama.always(faulty(random));
            fixture.openai.always(faulty(random));
            fixture.claude.always(faulty(random));
            fixture.router.listen(event -> saboteur.run());
            for (int request = 0; request < 6; request++) {
                operate(fixture, random);
                attempt(fixture, random, saboteur);
                // A repetition waits a moment, which passes by itself here.
                fixture.time.advance(Duration.ofSeconds(random.nextInt(4)));
            }

            until[0] = -1;
            assertThat(fixture.router.providers())
                    .as(seed)
                    .allSatisfy(provider -> assertThat(provider.inFlight()).isZero());
            fixture.ollama.always(ScriptedStep.answer("well", TokenUsage.of(1, 1)));
            fixture.openai.always(ScriptedStep.answer("well", TokenUsage.of(1, 1)));
            fixture.claude.always(ScriptedStep.answer("well", TokenUsage.of(1, 1)));
            fixture.time.advance(Duration.ofHours(2));
            assertThat(fixture.router.freeCalls()).as(seed).isBetween(3, 4);
            for (String model : new String[] {"ollama/llama3.2", "openai/gpt-4o-mini", "claude/claude-sonnet-4-6"}) {
                ChatRequest named =
                        ChatRequest.builder("Hi").model(ModelId.parse(model)).build();
                assertThat(fixture.chat(named).text())
                        .as("%s of %s", model, seed)
                        .isEqualTo("well");
            }
            assertThat(fixture.router.freeCalls()).as(seed).isEqualTo(4);
            assertThat(fixture.router.providers())
                    .as(seed)
                    .allSatisfy(provider -> assertThat(provider.breaker()).isEqualTo(BreakerState.CLOSED));
        }
    }

    /** An operator and other nodes, now and then. */
    private static void operate(RouterFixture fixture, Random random) {
        BreakerTarget target = BreakerTarget.provider(random.nextBoolean() ? "ollama" : "openai");
        switch (random.nextInt(8)) {
            case 0 ->
                fixture.router.trip(
                        target, new BreakerTrip("test", fixture.time.wallTime().plusSeconds(2)));
            case 1 -> fixture.router.reset(target, "test");
            case 2 ->
                fixture.router.acceptHints(List.of(new HealthHint(
                        "other",
                        ModelId.parse("claude/claude-sonnet-4-6"),
                        random.nextInt(100),
                        BreakerState.OPEN,
                        Optional.empty())));
            default -> {
                // Nothing happens.
            }
        }
    }

    private static void attempt(RouterFixture fixture, Random random, Runnable saboteur) {
        ChatListener listener = new Saboteur(saboteur);
        RoutingContext context = new RoutingContext(
                RequestScope.create().withTimeout(Duration.ofSeconds(30)),
                Optional.empty(),
                random.nextBoolean() ? Optional.ofNullable(listener) : Optional.empty(),
                entry -> saboteur.run(),
                event -> saboteur.run(),
                new CallAdmission(Optional.empty(), saboteur),
                entry -> saboteur.run());
        try {
            fixture.router.chat(ChatRequest.of("Hi"), context);
        } catch (RuntimeException | NoClassDefFoundError expected) {
            // Of the provider, or of the host.
            assertThat(expected).isNotInstanceOf(AssertionError.class);
        }
    }

    private static ScriptedStep faulty(Random random) {
        return (model, call, listener) -> {
            listener.onUsage(TokenUsage.of(1, 0));
            if (random.nextInt(4) > 0) {
                listener.onText(random.nextBoolean() ? "a" : "b");
            }
            if (random.nextInt(4) == 0) {
                listener.onToolCall(new ToolCallDelta(0, "1", "f", "{}"));
            }
            FailureKind kind = KINDS[random.nextInt(KINDS.length)];
            // Repeated kinds would wait for a clock that stands still.
            if (random.nextBoolean() || kind == FailureKind.OVERLOADED || kind == FailureKind.RATE_LIMITED) {
                return ScriptedStep.answer("end", TokenUsage.of(1, 1)).perform(model, call, listener);
            }
            return ScriptedStep.fail(
                            kind,
                            failure -> failure.isTransient(false)
                                    .status(kind == FailureKind.AUTHENTICATION ? 401 : 0)
                                    .delivery(DeliveryStatus.UNKNOWN)
                                    .receivedCharacters(1))
                    .perform(model, call, listener);
        };
    }

    private static ObservationRegistry observations(Runnable next) {
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onStart(Observation.Context context) {
                next.run();
            }

            @Override
            public void onScopeOpened(Observation.Context context) {
                next.run();
            }

            @Override
            public void onScopeClosed(Observation.Context context) {
                next.run();
            }

            @Override
            public void onStop(Observation.Context context) {
                next.run();
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        return registry;
    }

    private static final class BrokenRegistry extends SimpleMeterRegistry {
        private final Runnable next;

        BrokenRegistry(Runnable next) {
            this.next = next;
        }

        @Override
        protected Timer newTimer(Meter.Id id, DistributionStatisticConfig histogram, PauseDetector pauses) {
            return new CumulativeTimer(id, clock, histogram, pauses, getBaseTimeUnit()) {
                @Override
                protected void recordNonNegative(long amount, TimeUnit unit) {
                    next.run();
                }
            };
        }
    }

    private record BrokenCache(Runnable next) implements SemanticCache {
        @Override
        public Optional<ChatResponse> lookup(ChatRequest request, String scope) {
            next.run();
            return Optional.empty();
        }

        @Override
        public void store(ChatRequest request, String scope, ChatResponse answer) {
            next.run();
        }
    }

    private record Saboteur(Runnable next) implements ChatListener {
        @Override
        public void onText(String delta) {
            next.run();
        }

        @Override
        public void onToolCall(ToolCallDelta delta) {
            next.run();
        }

        @Override
        public void onCitation(Citation citation) {
            next.run();
        }

        @Override
        public void onUsage(TokenUsage soFar) {
            next.run();
        }

        @Override
        public void onStop(StopReason reason) {
            next.run();
        }

        @Override
        public void onRestart() {
            next.run();
        }
    }
}
