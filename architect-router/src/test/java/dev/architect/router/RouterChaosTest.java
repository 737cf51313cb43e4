package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Citation;
import dev.architect.chat.ModelSelection.OnRefusal;
import dev.architect.chat.ToolCallDelta;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CostStatus;
import dev.architect.cost.LedgerEntry;
import dev.architect.model.Capability;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.model.RateLimit;
import dev.architect.model.StopReason;
import dev.architect.request.RequestScope;
import dev.architect.route.BreakerState;
import dev.architect.spi.CallAdmission;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.RoutingContext;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.thread.ThreadRunner;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Any mix of faults, on several threads at once: providers that fail in every way at every point, code of the host that throws, callers
 * that leave, deadlines, and circuit breakers that open. Every request ends, everything that was taken goes back, each call is in the
 * ledger once, with what the provider counted, and each model answers again afterwards.
 */
final class RouterChaosTest {

    private static final String POLICY = """
            baseline: claude/claude-sonnet-4-6
            requestTimeout: 60s
            callTimeout: 20s
            breaker: {failures: 2, calls: 4}
            retry: {attempts: 2, longestWait: 5s, budgetPercent: 50}
            quotas:
              - {provider: ollama, requests: 100000, tokens: 100000000000, maxConcurrent: 1, period: 24h}
              - {provider: openai, requests: 100000, tokens: 100000000000, maxConcurrent: 1, period: 24h}
              - {provider: claude, requests: 100000, tokens: 100000000000, maxConcurrent: 2, period: 24h}
            models:
              - {model: ollama/llama3.2, quality: 45, maxConcurrent: 1, contextTokens: 8192}
              - {model: openai/gpt-4o-mini, quality: 66, maxConcurrent: 2, contextTokens: 128000}
              - {model: claude/claude-sonnet-4-6, quality: 88, maxConcurrent: 2, contextTokens: 1000000}
            """;
    private static final int PERMITS = 5;
    private static final String ANSWER =
            "The quick brown fox jumps over the lazy dog and runs away into the woods, where nobody sees it again.";
    private static final FailureKind[] KINDS = FailureKind.values();
    private static final int THREADS = 4;
    private static final int REQUESTS = 5;

    private final ThreadRunner threads = new ThreadRunner("chaos");

    @AfterEach
    void end() {
        threads.close();
    }

    @Test
    void everythingEndsAndNothingIsLost() throws Exception {
        run(0, 200);
    }

    @Test
    @Tag("slow")
    @Timeout(1_200)
    void everythingEndsAndNothingIsLostInFiveThousandRuns() throws Exception {
        run(1_000, 6_000);
    }

    private void run(int from, int to) throws Exception {
        for (int seed = from; seed < to; seed++) {
            try {
                new Run(seed).run(threads);
            } catch (AssertionError | Exception failure) {
                throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
            }
        }
    }

    /** What a host gives to a request, any of which may throw at any time. */
    private static final class Saboteur {
        private final Random random;
        private final int oneOf;

        Saboteur(Random random, int oneOf) {
            this.random = random;
            this.oneOf = oneOf;
        }

        void act() {
            if (random.nextInt(oneOf) > 0) {
                return;
            }
            switch (random.nextInt(4)) {
                case 0 -> throw new NoClassDefFoundError("absent/Host");
                case 1 -> Thread.currentThread().interrupt();
                default -> throw new IllegalStateException("host");
            }
        }
    }

    private static final class Run {
        private final int seed;
        private final RouterFixture fixture;
        private final List<LedgerEntry> ledger = Collections.synchronizedList(new ArrayList<>());
        private final AtomicInteger calls = new AtomicInteger();
        /** The count of each call that ended with one, by that count: no two calls have the same. */
        private final Map<Long, ModelId> counted = new ConcurrentHashMap<>();

        private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());
        private volatile boolean healthy;

        Run(int seed) {
            this.seed = seed;
            Random random = new Random(seed);
            this.fixture = new RouterFixture(
                    POLICY,
                    setup -> setup.tokenCounter((model, text) -> {
                        if (!healthy && random.nextInt(20) == 0) {
                            throw new IllegalStateException("counter");
                        }
                        return text.length();
                    }));
            provide(fixture.ollama, "llama3.2");
            provide(fixture.openai, "gpt-4o-mini");
            provide(fixture.claude, "claude-sonnet-4-6");
        }

        private void provide(ScriptedProvider provider, String model) {
            Random random = new Random(seed * 31L + model.hashCode());
            Set<Capability> able = EnumSet.allOf(Capability.class);
            if (random.nextInt(3) == 0) {
                able.remove(Capability.STREAMING);
            }
            if (random.nextBoolean()) {
                able.remove(Capability.PREFILL);
            }
            provider.withCapabilities(model, able);
            provider.always((id, call, listener) -> {
                long number = 1_000_000L + calls.incrementAndGet();
                Random own = new Random(seed * 1_000_003L + number);
                if (healthy) {
                    return answered(call, ANSWER, number, id);
                }
                return perform(own, id, call, listener, number);
            });
        }

        private ProviderAnswer perform(
                Random random, ModelId model, ProviderCall call, ChatListener listener, long number) {
            if (random.nextInt(6) == 0) {
                fixture.time.advance(Duration.ofMillis(random.nextInt(3_000)));
            }
            if (call.isPrefilled() && random.nextInt(3) == 0) {
                throw ProviderException.builder(model, FailureKind.INVALID_REQUEST)
                        .status(400)
                        .build();
            }
            boolean continues = call.isPrefilled() && random.nextInt(3) > 0 && ANSWER.startsWith(call.prefix());
            String text = continues
                    ? ANSWER.substring(call.prefix().length())
                    : random.nextInt(4) == 0 ? "Another answer, which is not the one that came before it." : ANSWER;
            if (random.nextInt(3) == 0) {
                return streamed(random, call, listener, text, number, model);
            }
            int end = random.nextInt(text.length() + 1);
            send(random, listener, text.substring(0, end));
            if (random.nextInt(5) == 0) {
                listener.onToolCall(new ToolCallDelta(0, "1", "f", "{}"));
            }
            switch (random.nextInt(8)) {
                case 0 -> throw new IllegalStateException("adapter");
                case 1 -> throw new NoClassDefFoundError("absent/Adapter");
                case 2 -> {
                    // An end that comes too soon, and that looks like a right one.
                    return answered(call, text.substring(0, end), number, model);
                }
                default -> throw failure(random, model, end, number);
            }
        }

        private ProviderException failure(Random random, ModelId model, int received, long number) {
            FailureKind kind = KINDS[random.nextInt(KINDS.length)];
            ProviderException.Builder failure = ProviderException.builder(model, kind)
                    .delivery(received > 0 ? DeliveryStatus.ANSWERED : DeliveryStatus.values()[random.nextInt(3)])
                    .receivedCharacters(received + (random.nextInt(5) == 0 ? 9 : 0))
                    .isTransient(random.nextInt(3) == 0 ? random.nextBoolean() : null)
                    .status(new int[] {0, 200, 400, 401, 403, 404, 429, 500, 503, 529}[random.nextInt(10)]);
            if (random.nextInt(3) == 0) {
                failure.retryAfter(Duration.ofMillis(random.nextInt(100_000)));
            }
            if (random.nextInt(4) == 0) {
                failure.rateLimits(List.of(new RateLimit(
                        "tokens",
                        Optional.of(1L + random.nextInt(5_000)),
                        Optional.of((long) random.nextInt(1_000)),
                        Optional.of(Duration.ofSeconds(random.nextInt(5))))));
            }
            if (random.nextInt(4) == 0) {
                counted.put(number, model);
                failure.usage(TokenUsage.of(number, 1));
            }
            return failure.build();
        }

        private ProviderAnswer streamed(
                Random random, ProviderCall call, ChatListener listener, String text, long number, ModelId model) {
            send(random, listener, text);
            ProviderAnswer answer = answered(call, text, number, model);
            listener.onUsage(answer.usage());
            listener.onStop(answer.stopReason());
            return answer;
        }

        private ProviderAnswer answered(ProviderCall call, String text, long number, ModelId model) {
            counted.put(number, model);
            return ProviderAnswer.builder(
                            call.model(), text, number % 17 == 0 ? StopReason.REFUSED : StopReason.COMPLETE)
                    .usage(TokenUsage.of(number, 7), UsageSource.REPORTED)
                    .build();
        }

        private static void send(Random random, ChatListener listener, String text) {
            for (int at = 0; at < text.length(); ) {
                int end = Math.min(text.length(), at + 1 + random.nextInt(12));
                listener.onText(text.substring(at, end));
                at = end;
            }
        }

        void run(ThreadRunner threads) throws Exception {
            try (fixture) {
                CountDownLatch ended = new CountDownLatch(THREADS);
                for (int thread = 0; thread < THREADS; thread++) {
                    Random random = new Random(seed * 7_919L + thread);
                    threads.start("caller", () -> {
                        try {
                            for (int request = 0; request < REQUESTS; request++) {
                                ask(random);
                            }
                        } finally {
                            ended.countDown();
                        }
                    });
                }
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
                // Time passes whenever a request waits for it.
                while (ended.getCount() > 0 && System.nanoTime() < end) {
                    fixture.time.awaitRest(Duration.ofSeconds(60));
                    fixture.time.untilNextDeadline().ifPresent(fixture.time::advance);
                    Thread.onSpinWait();
                }
                assertThat(ended.getCount())
                        .as("threads whose requests have not ended")
                        .isZero();
                assertThat(wrong).isEmpty();
                checkLedger();
                checkQuotas();
                checkThatEverythingIsBack();
            }
        }

        private void ask(Random random) {
            Saboteur host = new Saboteur(random, 30);
            boolean streams = random.nextInt(4) > 0;
            Reader reader = new Reader(host);
            ChatListener listener = random.nextInt(4) == 0 ? ChatListener.buffered(reader) : reader;
            RoutingContext context = new RoutingContext(
                    RequestScope.create().withTimeout(Duration.ofMillis(500 + random.nextInt(40_000))),
                    Optional.empty(),
                    streams ? Optional.ofNullable(listener) : Optional.empty(),
                    entry -> {
                        ledger.add(entry);
                        host.act();
                    },
                    event -> host.act(),
                    new CallAdmission(Optional.empty(), host::act),
                    entry -> host.act());
            ChatRequest request = ChatRequest.builder("Hi")
                    .onRefusal(random.nextBoolean() ? OnRefusal.STOP : OnRefusal.NEXT_MODEL)
                    .build();
            try {
                String text = fixture.router.chat(request, context).text();
                if (streams && !reader.text.toString().equals(text)) {
                    wrong.add("shown '" + reader.text + "', expected the answer '" + text + "'");
                }
            } catch (RuntimeException | NoClassDefFoundError outcome) {
                if (outcome.toString().contains("The quick brown fox")) {
                    wrong.add("message has text of an answer: " + outcome);
                }
            } catch (Throwable unexpected) {
                wrong.add(unexpected.toString());
            } finally {
                // The interruption was that request's.
                Thread.interrupted();
            }
        }

        /** Each call once, and each count of a provider in exactly one entry. */
        private void checkLedger() {
            assertThat(ledger).as("entries for the calls").hasSize(calls.get());
            assertThat(ledger).extracting(LedgerEntry::callId).doesNotHaveDuplicates();
            Map<Long, Integer> booked = new ConcurrentHashMap<>();
            for (LedgerEntry entry : ledger) {
                long prompt = entry.metering().usage().promptTokens();
                if (prompt > 1_000_000) {
                    booked.merge(prompt, 1, Integer::sum);
                    assertThat(entry.route().requested()).isEqualTo(counted.get(prompt));
                }
                if (entry.outcome() == CallOutcome.ANSWERED) {
                    assertThat(counted).containsKey(prompt);
                    assertThat(entry.charge().cost().status()).isEqualTo(CostStatus.PRICED);
                }
            }
            assertThat(booked.values()).as("each count is booked once").allMatch(times -> times == 1);
        }

        /** What was reserved is either used by a call that is in the ledger, or back. */
        private void checkQuotas() {
            for (String provider : new String[] {"ollama", "openai", "claude"}) {
                List<LedgerEntry> entries = ledger.stream()
                        .filter(entry -> entry.route().requested().provider().equals(provider))
                        .toList();
                assertThat(used("requests", provider))
                        .as("requests of %s", provider)
                        .isEqualTo(entries.size());
                assertThat(used("tokens", provider))
                        .as("tokens of %s", provider)
                        .isEqualTo(entries.stream()
                                .map(entry -> entry.metering().usage())
                                .mapToLong(usage -> usage.promptTokens() + usage.completionTokens())
                                .sum());
                assertThat(used("concurrent calls of provider " + provider))
                        .as("calls of %s that are on their way", provider)
                        .isZero();
            }
        }

        private long used(String unit, String provider) {
            return used(unit + " of provider " + provider + " within 24h");
        }

        private long used(String quota) {
            return (long) fixture.meters
                    .get("architect.router.quota.used")
                    .tag("quota", quota)
                    .gauge()
                    .value();
        }

        private void checkThatEverythingIsBack() {
            healthy = true;
            fixture.time.advance(Duration.ofHours(3));
            assertThat(fixture.router.providers())
                    .allSatisfy(provider -> assertThat(provider.inFlight()).isZero());
            for (String model : new String[] {"ollama/llama3.2", "openai/gpt-4o-mini", "claude/claude-sonnet-4-6"}) {
                ChatRequest named =
                        ChatRequest.builder("Hi").model(ModelId.parse(model)).build();
                assertThat(fixture.chat(named).text()).as(model).isEqualTo(ANSWER);
            }
            assertThat(fixture.router.freeCalls()).as("permits").isEqualTo(PERMITS);
            assertThat(fixture.router.providers())
                    .allSatisfy(provider -> assertThat(provider.breaker()).isEqualTo(BreakerState.CLOSED));
        }
    }

    private static final class Reader implements ChatListener {
        private final Saboteur host;
        private final StringBuilder text = new StringBuilder();

        Reader(Saboteur host) {
            this.host = host;
        }

        @Override
        public void onText(String delta) {
            text.append(delta);
            host.act();
        }

        @Override
        public void onToolCall(ToolCallDelta delta) {
            host.act();
        }

        @Override
        public void onCitation(Citation citation) {
            host.act();
        }

        @Override
        public void onUsage(TokenUsage soFar) {
            host.act();
        }

        @Override
        public void onStop(StopReason reason) {
            host.act();
        }

        @Override
        public void onRestart() {
            text.setLength(0);
            host.act();
        }
    }
}
