package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.budget.Budget;
import dev.architect.budget.BudgetCatalogue;
import dev.architect.budget.BudgetExceededException;
import dev.architect.budget.BudgetMode;
import dev.architect.budget.BudgetPeriod;
import dev.architect.budget.BudgetScope;
import dev.architect.budget.BudgetState;
import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CostStatus;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Money;
import dev.architect.cost.MoneyTotal;
import dev.architect.cost.Price;
import dev.architect.cost.PriceCatalogue;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.request.RequestScope;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.Router;
import dev.architect.spi.RoutingContext;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.testkit.time.ManualTime;
import dev.architect.thread.ThreadRunner;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A hard budget under requests that are hedged, streamed, cut, failed over and given up by their callers, on several threads: it is never overspent,
 * what it has spent is what the ledger has, and nothing stays reserved.
 */
final class RouterBudgetFaultTest {

    private static final RoutingPolicy POLICY = RoutingPolicy.parse("""
            baseline: one/model
            requestTimeout: 60s
            callTimeout: 20s
            retry: {attempts: 2, longestWait: 0s, firstDelay: 1ms, longestDelay: 1ms}
            hedging: {requestPercent: 100, spendPercent: 100, percentile: 50, samples: 10}
            models:
              - {model: one/model, quality: 66, maxConcurrent: 4, contextTokens: 128000}
              - {model: two/model, quality: 66, maxConcurrent: 4, contextTokens: 128000}
              - {model: three/model, quality: 66, maxConcurrent: 4, contextTokens: 128000}
            """);
    private static final List<String> PROVIDERS = List.of("one", "two", "three");
    private static final PriceCatalogue PRICES = new PriceCatalogue(
            "test",
            PROVIDERS.stream()
                    .map(provider -> Price.builder(new ModelId(provider, "model"), "a test", LocalDate.of(2026, 1, 1))
                            .usdPerMillionTokens(UsageBucket.INPUT, "1")
                            .usdPerMillionTokens(UsageBucket.OUTPUT, "10")
                            .build())
                    .toList());
    private static final Money LIMIT = Money.ofUsd("0.06");
    private static final String PROMPT = "Say something about the weather, the sea or the mountains, please.";
    private static final String TEXT = "It rains on the mountains and the sea is calm. ";
    private static final int MOST_TOKENS = 1_000;
    private static final int THREADS = 3;
    private static final int REQUESTS = 6;

    private final ThreadRunner threads = new ThreadRunner("budget-faults");
    private int hedges;
    private int refused;
    private int estimated;
    private int failedOver;
    private int cancelled;

    @AfterEach
    void end() {
        threads.close();
    }

    @Test
    void aHardBudgetIsNeverOverspentAndEverythingIsSettled() throws Exception {
        run(40);
    }

    @Test
    @Tag("slow")
    @Timeout(1_800)
    void aHardBudgetIsNeverOverspentInFiveThousandRuns() throws Exception {
        run(5_000);
    }

    private void run(int seeds) throws Exception {
        for (int seed = 0; seed < seeds; seed++) {
            try {
                new Round(seed).run();
            } catch (AssertionError | Exception failure) {
                throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
            }
        }
        // Else nothing was tested.
        assertThat(hedges).as("hedges").isGreaterThan(seeds);
        assertThat(refused).as("requests that were refused").isGreaterThan(seeds);
        assertThat(estimated).as("calls of estimated cost").isGreaterThan(seeds);
        assertThat(failedOver).as("answers of later candidates").isGreaterThan(seeds);
        assertThat(cancelled).as("calls that were cancelled").isGreaterThan(seeds);
    }

    /** Requests under one seed. */
    private final class Round {
        private final int seed;
        private final ManualTime time = new ManualTime();
        private final InMemoryStore store = new InMemoryStore(time);
        private final BudgetCatalogue budgets =
                new BudgetCatalogue(store.budgets().orElseThrow());
        private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
        private final List<LedgerEntry> ledger = Collections.synchronizedList(new ArrayList<>());
        private final AtomicInteger calls = new AtomicInteger();
        private final AtomicInteger refusals = new AtomicInteger();
        private final AtomicBoolean over = new AtomicBoolean();
        private final CostAwareRouter router;
        private volatile boolean warm;

        Round(int seed) {
            this.seed = seed;
            List<ModelProvider> providers = new ArrayList<>();
            for (String name : PROVIDERS) {
                providers.add(ScriptedProvider.named(name).always(this::perform));
            }
            router = CostAwareRouter.with(POLICY)
                    .prices(PRICES)
                    .metrics(meters)
                    .create(new Router.Parts(providers, time, Optional.empty(), Optional.of(budgets)));
        }

        void run() throws Exception {
            CountDownLatch ended = new CountDownLatch(THREADS);
            try (router) {
                // How long calls take is known, so late ones get a rival.
                for (int i = 0; i < 12; i++) {
                    ask(new Random(seed), Optional.of(delta -> {}));
                    ask(new Random(seed), Optional.empty());
                }
                ledger.clear();
                calls.set(0);
                budgets.set(new Budget("all", BudgetScope.ALL, BudgetPeriod.TOTAL, LIMIT, BudgetMode.HARD));
                warm = true;
                Thread clock = threads.start("clock", this::letTimePass);
                for (int thread = 0; thread < THREADS; thread++) {
                    Random random = new Random(seed * 7_919L + thread);
                    threads.start("caller", () -> {
                        try {
                            for (int request = 0; request < REQUESTS; request++) {
                                ask(random, listener(random));
                            }
                        } finally {
                            ended.countDown();
                        }
                    });
                }
                assertThat(ended.await(60, TimeUnit.SECONDS))
                        .as("all requests have ended")
                        .isTrue();
                awaitEverySettlement();
                over.set(true);
                clock.join();
                check();
            } finally {
                over.set(true);
                store.close();
            }
        }

        private Optional<ChatListener> listener(Random random) {
            int leavesAfter = random.nextInt(4) == 0 ? 1 + random.nextInt(3) : Integer.MAX_VALUE;
            AtomicInteger parts = new AtomicInteger();
            return random.nextInt(3) == 0
                    ? Optional.empty()
                    : Optional.of(delta -> {
                        if (parts.incrementAndGet() >= leavesAfter) {
                            throw new IllegalStateException("the reader has gone");
                        }
                    });
        }

        private void ask(Random random, Optional<ChatListener> listener) {
            RoutingContext context = new RoutingContext(
                    RequestScope.create().withTimeout(Duration.ofSeconds(1 + random.nextInt(30))),
                    Optional.empty(),
                    listener,
                    ledger::add,
                    event -> {});
            try {
                router.chat(
                        ChatRequest.builder(PROMPT).maxOutputTokens(MOST_TOKENS).build(), context);
            } catch (BudgetExceededException full) {
                refusals.incrementAndGet();
            } catch (RuntimeException expected) {
                // Of the providers or of the reader.
            }
        }

        /** Slowly enough for a thread that works, however long it gets no processor. */
        private void letTimePass() {
            try {
                while (!over.get()) {
                    time.advance(Duration.ofMillis(3));
                    time.awaitRest(Duration.ofSeconds(60));
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }

        private ProviderAnswer perform(ModelId model, ProviderCall call, ChatListener listener) {
            int number = calls.incrementAndGet();
            if (!warm) {
                time.advance(Duration.ofMillis(10));
                return answer(call, TEXT, 1);
            }
            Random own = new Random(seed * 1_000_003L + number);
            sleep(model, own.nextInt(3) == 0 ? 200 : own.nextInt(20));
            int kind = own.nextInt(9);
            if (kind == 0) {
                throw ProviderException.builder(model, FailureKind.OVERLOADED).build();
            }
            if (kind == 1) {
                throw ProviderException.builder(model, FailureKind.TIMEOUT)
                        .delivery(DeliveryStatus.UNKNOWN)
                        .build();
            }
            int parts = 1 + own.nextInt(4);
            for (int i = 0; i < parts; i++) {
                listener.onText(TEXT);
                sleep(model, own.nextInt(5));
            }
            if (kind <= 4) {
                ProviderException.Builder cut = ProviderException.builder(model, FailureKind.PROTOCOL)
                        .delivery(DeliveryStatus.ANSWERED)
                        .receivedCharacters(parts * TEXT.length());
                throw kind == 2 ? cut.usage(TokenUsage.of(10, parts * 12L)).build() : cut.build();
            }
            return answer(call, TEXT.repeat(parts), 1 + own.nextInt(MOST_TOKENS));
        }

        private ProviderAnswer answer(ProviderCall call, String text, int tokens) {
            return ProviderAnswer.builder(call.model(), text, StopReason.COMPLETE)
                    .usage(TokenUsage.of(10, tokens), UsageSource.REPORTED)
                    .build();
        }

        private void sleep(ModelId model, int millis) {
            try {
                time.sleep(Duration.ofMillis(millis));
            } catch (InterruptedException cancel) {
                Thread.currentThread().interrupt();
                throw ProviderException.builder(model, FailureKind.CANCELLED)
                        .delivery(DeliveryStatus.UNKNOWN)
                        .build();
            }
        }

        private BudgetState state() {
            return budgets.refresh().get(0);
        }

        /** The call that lost against its rival may end after the request. */
        private void awaitEverySettlement() {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while ((sent() < calls.get() || state().reserved().picoUsd() > 0) && System.nanoTime() < end) {
                // At rest, so that time passes for the call.
                LockSupport.parkNanos(100_000);
            }
        }

        /** Entries of calls that reached a provider: a rival may be given up before it is sent, and costs nothing. */
        private long sent() {
            synchronized (ledger) {
                return ledger.stream()
                        .filter(entry -> entry.outcome() != CallOutcome.CANCELLED
                                || entry.charge().cost().status() != CostStatus.NOT_BILLED)
                        .count();
            }
        }

        private void check() {
            MoneyTotal sum = MoneyTotal.ZERO;
            for (LedgerEntry entry : ledger) {
                sum = sum.plus(entry.charge().cost().amount().orElse(Money.ZERO));
                estimated += entry.charge().cost().status() == CostStatus.ESTIMATED ? 1 : 0;
                failedOver +=
                        entry.outcome() == CallOutcome.ANSWERED && entry.route().position() > 0 ? 1 : 0;
                cancelled += entry.outcome() == CallOutcome.CANCELLED ? 1 : 0;
            }
            assertThat(sent()).as("entries for the calls").isEqualTo(calls.get());
            BudgetState state = state();
            assertThat(state.reserved()).as("reserved").isEqualTo(Money.ZERO);
            assertThat(state.spent().picoUsd())
                    .as("spent")
                    .isEqualTo(sum.picoUsd().longValueExact());
            assertThat(state.spent()).as("spent").isLessThanOrEqualTo(LIMIT);
            refused += refusals.get();
            hedges += (int) meters.find("architect.router.hedges").functionCounters().stream()
                    .mapToDouble(counter -> counter.count())
                    .sum();
        }
    }
}
