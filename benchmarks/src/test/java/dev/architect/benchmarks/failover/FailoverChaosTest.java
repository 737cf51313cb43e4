package dev.architect.benchmarks.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.Architect;
import dev.architect.ArchitectBuilder;
import dev.architect.benchmarks.failover.server.CanonicalAnswer;
import dev.architect.benchmarks.failover.server.FaultProfile;
import dev.architect.benchmarks.failover.server.FaultServer;
import dev.architect.benchmarks.failover.server.LoggedCall;
import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CostStatus;
import dev.architect.cost.LedgerEntry;
import dev.architect.error.ArchitectException;
import dev.architect.model.FailureKind;
import dev.architect.provider.claude.ClaudeProvider;
import dev.architect.provider.gemini.GeminiProvider;
import dev.architect.provider.http.HttpProviderBuilder;
import dev.architect.provider.ollama.OllamaProvider;
import dev.architect.provider.openai.OpenAiApi;
import dev.architect.provider.openai.OpenAiPrefill;
import dev.architect.provider.openai.OpenAiProvider;
import dev.architect.request.CallLimits;
import dev.architect.request.Cancellation;
import dev.architect.request.RequestScope;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.ModelPolicy;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.SecretSource;
import dev.architect.spi.TimeSource;
import dev.architect.store.memory.InMemoryStore;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Any mix of faults over real connections, through the adapters: every request ends whole or with a typed failure, the ledger has the
 * calls that the server counted, and threads and connections are back at the start.
 */
final class FailoverChaosTest {

    private static final List<String> MODELS = List.of(
            "fb-s01-a",
            "fb-s02-a",
            "fb-s03-a",
            "fb-s04-a",
            "fb-s05-a",
            "fb-s06-a",
            "fb-s07-a",
            "fb-s08-a",
            "fb-s09-a",
            "fb-s10-a",
            "fb-s11-a",
            "fb-s12-a",
            "fb-s13-a",
            "fb-x01-a",
            "fb-x02-a",
            "fb-x04-a",
            "fb-x05-ms",
            "fb-x05-day",
            "fb-x05-negative",
            "fb-x06-a",
            "fb-x07-a",
            "fb-ok",
            "fb-ok-noprefill",
            "gone");
    private static final SecretSource KEY = name -> Optional.of("key");
    private static final FaultProfile QUICK = new FaultProfile("quick", 1, 700, 500, 600, 300, 1, 1, 1);
    private static final CallLimits LIMITS = new CallLimits(
            Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofSeconds(5));
    private static final List<String> NOT_OURS = List.of("fault-server", "OkHttp TaskRunner", "Okio Watchdog");
    private static final int CALLERS = 6;
    private static final int REQUESTS = 3;
    private static final int MOST_ENTRIES = 1_000;

    @Test
    void everythingEndsAndNothingIsLeftOpen() throws Exception {
        for (int seed = 0; seed < 6; seed++) {
            run(seed);
        }
    }

    @Test
    @Tag("slow")
    @Timeout(1_200)
    void everythingEndsAndNothingIsLeftOpenInThreeHundredRuns() throws Exception {
        for (int seed = 100; seed < 400; seed++) {
            run(seed);
        }
    }

    private static void run(int seed) throws Exception {
        Set<Thread> before = liveThreads();
        try (FaultServer server = new FaultServer(QUICK)) {
            new Run(seed, server).run();
            await(() -> server.openConnections() == 0, "connections of seed " + seed);
        }
        await(
                () -> liveThreads().stream().allMatch(before::contains),
                "threads of seed " + seed + ": "
                        + liveThreads().stream()
                                .filter(thread -> !before.contains(thread))
                                .map(Thread::getName)
                                .toList());
    }

    /** Without those of the server, and those that OkHttp has for the whole process and ends after an idle minute. */
    private static Set<Thread> liveThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> NOT_OURS.stream().noneMatch(thread.getName()::startsWith))
                .collect(Collectors.toSet());
    }

    private static void await(BooleanSupplier condition, String what) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static final class Run {
        private final Random random;
        private final int seed;
        private final FaultServer server;
        private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());

        Run(int seed, FaultServer server) {
            this.random = new Random(seed);
            this.seed = seed;
            this.server = server;
        }

        void run() throws InterruptedException {
            List<ModelProvider> providers = List.of(provider("first"), provider("second"));
            List<ModelPolicy> models = new ArrayList<>();
            List<String> names = new ArrayList<>(MODELS);
            Collections.shuffle(names, random);
            for (int i = 0; i < 3; i++) {
                String provider = providers.get(random.nextInt(2)).name();
                models.add(ModelPolicy.builder(provider + "/" + names.get(i), 90, 100_000 * (i + 1))
                        .maxConcurrent(2 + random.nextInt(3))
                        .build());
            }
            RoutingPolicy policy = RoutingPolicy.builder(models.get(0).id(), models)
                    .limits(LIMITS)
                    .callTimeout(Duration.ofSeconds(1))
                    .build();
            ArchitectBuilder builder = Architect.builder()
                    .store(new InMemoryStore(TimeSource.system()))
                    .router(CostAwareRouter.with(policy))
                    .withoutTaskExecution();
            providers.forEach(builder::provider);
            try (Architect architect = builder.build()) {
                CountDownLatch ended = new CountDownLatch(CALLERS);
                for (int caller = 0; caller < CALLERS; caller++) {
                    Random own = new Random(seed * 7_919L + caller);
                    Thread thread = new Thread(
                            () -> {
                                try {
                                    for (int request = 0; request < REQUESTS; request++) {
                                        ask(architect, own);
                                    }
                                } finally {
                                    ended.countDown();
                                }
                            },
                            "caller");
                    thread.start();
                }
                assertThat(ended.await(60, TimeUnit.SECONDS))
                        .as("requests of seed %d end", seed)
                        .isTrue();
                assertThat(wrong).as("seed %d", seed).isEmpty();
                checkLedger(architect);
                assertThat(architect.providers().statuses())
                        .as("seed %d", seed)
                        .allSatisfy(status -> assertThat(status.inFlight()).isZero());
            }
        }

        private ModelProvider provider(String name) {
            URI address = server.address();
            return switch (random.nextInt(5)) {
                case 0 ->
                    at(address.resolve("/v1"), name, OpenAiProvider.builder(KEY).prefill(OpenAiPrefill.LAST_MESSAGE))
                            .build();
                case 1 ->
                    at(address.resolve("/v1"), name, OpenAiProvider.builder(KEY).api(OpenAiApi.RESPONSES))
                            .build();
                case 2 -> at(address, name, ClaudeProvider.builder(KEY)).build();
                case 3 -> at(address, name, GeminiProvider.builder(KEY)).build();
                default -> at(address, name, OllamaProvider.builder()).build();
            };
        }

        private static <B extends HttpProviderBuilder<B>> B at(URI address, String name, B builder) {
            return builder.baseUrl(address).name(name);
        }

        private void ask(Architect architect, Random own) {
            Cancellation cancellation = Cancellation.create();
            RequestScope scope = RequestScope.create()
                    .withTimeout(Duration.ofMillis(200 + own.nextInt(4_000)))
                    .withCancellation(cancellation);
            StringBuffer shown = new StringBuffer();
            int leavesAfter = own.nextInt(4) == 0 ? own.nextInt(300) : Integer.MAX_VALUE;
            boolean throwing = own.nextInt(6) == 0;
            ChatListener reader = new ChatListener() {
                @Override
                public void onText(String delta) {
                    shown.append(delta);
                    if (shown.length() > leavesAfter) {
                        if (throwing) {
                            throw new IllegalStateException("host");
                        }
                        cancellation.cancel();
                    }
                }

                @Override
                public void onRestart() {
                    shown.setLength(0);
                }
            };
            int form = own.nextInt(4);
            try {
                String text = form == 0
                        ? architect
                                .chat(ChatRequest.of("Describe a river."), scope)
                                .text()
                        : architect
                                .chat(
                                        ChatRequest.of("Describe a river."),
                                        scope,
                                        form == 1 ? ChatListener.buffered(reader) : reader)
                                .text();
                if (!CanonicalAnswer.isComplete(text)) {
                    wrong.add("answer is '" + text + "'");
                }
                if (form != 0 && !shown.toString().equals(text)) {
                    wrong.add("shown '" + shown + "'");
                }
            } catch (ArchitectException typed) {
                if (String.valueOf(typed.getMessage()).contains("river begins")) {
                    wrong.add("message has text of an answer: " + typed);
                }
            } catch (IllegalStateException host) {
                if (!"host".equals(host.getMessage())) {
                    wrong.add(host.toString());
                }
            } catch (RuntimeException untyped) {
                wrong.add(untyped.toString());
            }
        }

        /**
         * Each call of the server has its entry. Entries beyond those are of calls that were left before the server had read them, and those
         * of a connection that died idle.
         */
        private void checkLedger(Architect architect) {
            // A call that was left may reach the server's log a little later, and the ledger is written in groups.
            await(() -> problem(architect).isEmpty(), problem(architect) + " of seed " + seed);
        }

        private String problem(Architect architect) {
            List<LedgerEntry> entries = architect.ledger().newest(MOST_ENTRIES);
            List<LoggedCall> calls = server.calls();
            for (String model : Stream.concat(
                            entries.stream()
                                    .map(entry -> entry.route().requested().model()),
                            calls.stream().map(LoggedCall::model))
                    .collect(Collectors.toSet())) {
                List<LedgerEntry> booked = entries.stream()
                        .filter(entry -> entry.route().requested().model().equals(model))
                        .toList();
                long counted = calls.stream()
                        .filter(call -> call.model().equals(model))
                        .count();
                long mayBeUnseen = booked.stream()
                        .filter(entry -> entry.outcome() == CallOutcome.CANCELLED
                                || (entry.charge().cost().status() == CostStatus.NOT_BILLED
                                        && entry.failure()
                                                .filter(kind ->
                                                        kind == FailureKind.UNAVAILABLE || kind == FailureKind.TIMEOUT)
                                                .isPresent()))
                        .count();
                if (booked.size() < counted || booked.size() > counted + mayBeUnseen) {
                    return "ledger has " + booked.size() + " calls of " + model + ", the server " + counted;
                }
            }
            return "";
        }
    }
}
