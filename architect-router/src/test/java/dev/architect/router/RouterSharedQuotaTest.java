package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.Architect;
import dev.architect.chat.ChatRequest;
import dev.architect.model.StopReason;
import dev.architect.request.RequestScope;
import dev.architect.route.NoRouteException;
import dev.architect.router.policy.QuotaRule;
import dev.architect.router.policy.QuotaUnit;
import dev.architect.router.policy.RetrySettings;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.Router;
import dev.architect.spi.RoutingContext;
import dev.architect.spi.Store;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.testkit.store.FaultyStore;
import dev.architect.testkit.time.ManualTime;
import dev.architect.thread.ThreadRunner;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several nodes with one store have one limit. */
final class RouterSharedQuotaTest {

    private static final long LIMIT = 100_000;
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final RoutingPolicy POLICY = RoutingPolicy.parse("""
            baseline: claude/claude-sonnet-4-6
            retry: {attempts: 0, longestWait: 0s}
            quotas: [{provider: openai, tokens: 100000}]
            models: [{model: openai/gpt-4o-mini, quality: 90, maxConcurrent: 1000, contextTokens: 128000}]
            """);

    @TempDir
    Path directory;

    private final ManualTime time = new ManualTime();
    private final Random random = new Random(3);
    private final List<long[]> used = new CopyOnWriteArrayList<>();

    private ScriptedProvider provider() {
        return ScriptedProvider.named("openai").always((model, call, listener) -> {
            long answer = 50 + random.nextInt(300);
            used.add(new long[] {time.nanoTime(), 100 + answer});
            return ProviderAnswer.builder(call.model(), "ok", StopReason.COMPLETE)
                    .usage(TokenUsage.of(100, answer), UsageSource.REPORTED)
                    .build();
        });
    }

    private double mostInAMinute() {
        long sum = 0;
        long most = 0;
        int first = 0;
        for (long[] each : used) {
            sum += each[1];
            while (each[0] - used.get(first)[0] >= MINUTE.toNanos()) {
                sum -= used.get(first)[1];
                first++;
            }
            most = Math.max(most, sum);
        }
        return (double) most / LIMIT;
    }

    private double use(long minutes) {
        long sum = 0;
        for (long[] each : used) {
            sum += each[1];
        }
        return (double) sum / (LIMIT * minutes);
    }

    /** Some 3,700 requests a minute, of which 370 fit. */
    @Test
    void fourRoutersOnOneFileKeepTheLimitAndUseIt() {
        List<Store> stores = new ArrayList<>();
        List<CostAwareRouter> routers = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                Store store = SqliteStore.builder(directory.resolve("architect.db"))
                        .time(time)
                        .open();
                stores.add(store);
                routers.add(CostAwareRouter.with(POLICY)
                        .create(new Router.Parts(List.of(provider()), time, store.quotas())));
            }
            int minutes = 3;
            for (int step = 0; step < minutes * 600; step++) {
                for (int request = 0; request < 6; request++) {
                    send(routers.get(random.nextInt(4)));
                }
                time.advance(Duration.ofMillis(100));
            }

            System.out.printf(
                    "quota, 4 routers on SQLite, 10x: use %.2f %%, most in any minute %.2f %%%n",
                    100 * use(minutes), 100 * mostInAMinute());
            assertThat(mostInAMinute()).isLessThanOrEqualTo(1.01);
            assertThat(use(minutes)).isGreaterThanOrEqualTo(0.98);
        } finally {
            routers.forEach(CostAwareRouter::close);
            stores.forEach(Store::close);
        }
    }

    /**
     * Whether every request that has not ended waits for a quota. One that waits for an answer of the store waits for a thread that is at work in
     * real time, however slowly: a step of the clock before that has ended would be a store that does not answer.
     */
    private boolean isWaiting(List<Thread> requests, List<CompletableFuture<Long>> ends) {
        Set<Thread> waiting = time.waitingThreads();
        for (int request = 0; request < requests.size(); request++) {
            Thread thread = requests.get(request);
            if (!ends.get(request).isDone() && (!waiting.contains(thread) || isAskingStore(thread))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAskingStore(Thread thread) {
        return Stream.of(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().endsWith(".SliceExchange"));
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

    private static void send(CostAwareRouter router) {
        try {
            router.chat(
                    ChatRequest.of("Hi"),
                    new RoutingContext(
                            RequestScope.create(), Optional.empty(), Optional.empty(), entry -> {}, event -> {}));
        } catch (NoRouteException refused) {
            assertThat(refused.quota().orElseThrow().subject()).isEqualTo("tokens of provider openai within 1m");
        }
    }

    @Test
    void requestsWaitForWhatAnotherNodeHasUsed() throws Exception {
        RoutingPolicy patient = POLICY.withQuotas(
                        List.of(QuotaRule.perMinute(QuotaRule.Subject.PROVIDER, "openai", QuotaUnit.REQUESTS, 2)))
                .withRetry(new RetrySettings(
                        0, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ZERO, Duration.ofMinutes(5), 0));
        InMemoryStore store = new InMemoryStore(time);
        List<CompletableFuture<Long>> ends = new ArrayList<>();
        List<Thread> requests = new ArrayList<>();
        try (CostAwareRouter one = CostAwareRouter.with(patient)
                        .create(new Router.Parts(List.of(provider()), time, store.quotas()));
                CostAwareRouter other = CostAwareRouter.with(patient)
                        .create(new Router.Parts(List.of(provider()), time, store.quotas()));
                ThreadRunner runner = new ThreadRunner("quota-test")) {
            send(one);
            send(one);
            for (CostAwareRouter router : List.of(other, one, other)) {
                CompletableFuture<Long> end = new CompletableFuture<>();
                ends.add(end);
                requests.add(runner.start("request", () -> {
                    try {
                        send(router);
                        end.complete(time.nanoTime());
                    } catch (Throwable failure) {
                        end.completeExceptionally(failure);
                    }
                }));
                awaitUntil(() -> isWaiting(requests, ends));
            }
            // Those who wait look at the store now and then; each step lets all of them look.
            while (!ends.stream().allMatch(CompletableFuture::isDone)) {
                // A request may also end meanwhile.
                awaitUntil(() -> isWaiting(requests, ends));
                time.advance(Duration.ofMillis(250));
                assertThat(time.nanoTime()).isLessThan(Duration.ofMinutes(5).toNanos());
            }
            for (CompletableFuture<Long> end : ends) {
                assertThat(end.get(60, TimeUnit.SECONDS)).isGreaterThanOrEqualTo(MINUTE.toNanos());
            }
        }

        assertThat(used).hasSize(5);
        assertThat(used.get(4)[0] - used.get(2)[0]).isGreaterThanOrEqualTo(MINUTE.toNanos());
        assertThat(used.get(4)[0]).isLessThan(Duration.ofMinutes(3).toNanos());
    }

    @Test
    void anArchitectHandsItsStoreToTheRouter() {
        InMemoryStore store = new InMemoryStore(time);
        List<Architect> nodes = new ArrayList<>();
        AtomicLong answered = new AtomicLong();
        try {
            for (int i = 0; i < 2; i++) {
                FaultyStore shared = new FaultyStore(store);
                shared.keepOpen();
                nodes.add(Architect.builder()
                        .store(shared)
                        .provider(provider())
                        .router(CostAwareRouter.with(POLICY))
                        .time(time)
                        .withoutTaskExecution()
                        .build());
            }
            for (int request = 0; request < 1_000; request++) {
                try {
                    nodes.get(request % 2).chat(ChatRequest.of("Hi"));
                    answered.incrementAndGet();
                } catch (NoRouteException refused) {
                    assertThat(refused.quota()).isPresent();
                }
            }
        } finally {
            nodes.forEach(Architect::close);
            store.close();
        }

        assertThat(mostInAMinute()).isBetween(0.98, 1.01);
        assertThat(answered).hasValue(used.size());
    }
}
