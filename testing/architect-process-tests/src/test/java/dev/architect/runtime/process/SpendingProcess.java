package dev.architect.runtime.process;

import dev.architect.Architect;
import dev.architect.budget.BudgetAmount;
import dev.architect.budget.BudgetExceededException;
import dev.architect.chat.ChatRequest;
import dev.architect.cost.Money;
import dev.architect.cost.Price;
import dev.architect.cost.PriceCatalogue;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.Store;
import dev.architect.store.postgres.PostgresStore;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.thread.ThreadRunner;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A process that spends from the budgets of a store: {@code spend URL USER PASSWORD CALLS} makes so many calls, each of a cent and a little, once a
 * line is typed, {@code hold URL USER PASSWORD BUDGET USD MILLIS} reserves so much for so long and stays, and {@code record FILE} makes one call after the
 * other with a database of SQLite until it is killed.
 */
final class SpendingProcess {

    private static final RoutingPolicy POLICY = RoutingPolicy.parse("""
            baseline: openai/dear
            retry: {attempts: 1, firstDelay: 1ms, longestDelay: 1ms}
            models:
              - {model: openai/dear, quality: 90, maxConcurrent: 2000, contextTokens: 128000}
            """);

    /** $10 for a million tokens of the answer, and $1 for one of the prompt. */
    private static final PriceCatalogue PRICES = new PriceCatalogue(
            "test",
            List.of(Price.builder(new ModelId("openai", "dear"), "a test", LocalDate.of(2026, 11, 1))
                    .usdPerMillionTokens(UsageBucket.INPUT, "1")
                    .usdPerMillionTokens(UsageBucket.OUTPUT, "10")
                    .build()));

    private static final int THREADS = 24;

    private SpendingProcess() {}

    static Store open(String url, String user, String password) {
        return PostgresStore.builder(url)
                .user(user)
                .password(password)
                .busyTimeout(Duration.ofSeconds(10))
                .open();
    }

    /** An Architect over {@code store} whose calls all cost $0.01001. */
    static Architect architect(Store store, String node, AtomicInteger calls) {
        return Architect.builder()
                .store(store)
                .provider(ScriptedProvider.named("openai").always((model, call, listener) -> {
                    calls.incrementAndGet();
                    return ProviderAnswer.builder(call.model(), "ok", StopReason.COMPLETE)
                            .usage(TokenUsage.of(10, 1_000), UsageSource.REPORTED)
                            .build();
                }))
                .router(CostAwareRouter.with(POLICY).prices(PRICES))
                .nodeName(node)
                .build();
    }

    static ChatRequest request() {
        return ChatRequest.builder("Hi").maxOutputTokens(1_000).build();
    }

    public static void main(String... arguments) throws Exception {
        if (arguments[0].equals("record")) {
            recordUntilKilled(SqliteStore.at(Path.of(arguments[1])));
        }
        Store store = open(arguments[1], arguments[2], arguments[3]);
        if (arguments[0].equals("hold")) {
            hold(store, arguments[4], arguments[5], Duration.ofMillis(Long.parseLong(arguments[6])));
        } else {
            spend(store, Integer.parseInt(arguments[4]));
        }
    }

    private static void recordUntilKilled(Store store) {
        Architect architect = architect(store, "spender", new AtomicInteger());
        for (int answered = 1; answered > 0; answered++) {
            architect.chat(request());
            System.out.println("answered " + answered);
        }
    }

    private static void hold(Store store, String budget, String usd, Duration lifetime) throws InterruptedException {
        store.budgets().orElseThrow().reserve("held", List.of(new BudgetAmount(budget, Money.ofUsd(usd))), lifetime);
        System.out.println("held");
        // Until it is killed.
        new CountDownLatch(1).await();
    }

    private static void spend(Store store, int requests) throws IOException, InterruptedException {
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        AtomicInteger next = new AtomicInteger();
        CountDownLatch ends = new CountDownLatch(THREADS);
        try (Architect architect =
                        architect(store, "spender-" + ProcessHandle.current().pid(), calls);
                ThreadRunner runner = new ThreadRunner("spenders")) {
            System.out.println("ready");
            if (System.in.read() < 0) {
                return;
            }
            for (int i = 0; i < THREADS; i++) {
                runner.start("spender", () -> {
                    while (next.getAndIncrement() < requests) {
                        try {
                            architect.chat(request());
                            answered.incrementAndGet();
                        } catch (BudgetExceededException none) {
                            refused.incrementAndGet();
                        }
                    }
                    ends.countDown();
                });
            }
            ends.await();
        }
        System.out.println("answered " + answered + " refused " + refused + " calls " + calls);
    }
}
