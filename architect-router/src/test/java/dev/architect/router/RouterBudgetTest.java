package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.budget.Budget;
import dev.architect.budget.BudgetCatalogue;
import dev.architect.budget.BudgetCrossing;
import dev.architect.budget.BudgetExceededException;
import dev.architect.budget.BudgetMode;
import dev.architect.budget.BudgetPeriod;
import dev.architect.budget.BudgetScope;
import dev.architect.budget.BudgetState;
import dev.architect.budget.BudgetStore;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Money;
import dev.architect.cost.MoneyTotal;
import dev.architect.cost.Price;
import dev.architect.cost.PriceCatalogue;
import dev.architect.error.StoreException;
import dev.architect.event.Event;
import dev.architect.model.Capability;
import dev.architect.model.Complexity;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.model.WireBody;
import dev.architect.model.WireFormat;
import dev.architect.request.RequestScope;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.Router;
import dev.architect.spi.RoutingContext;
import dev.architect.spi.Store;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.testkit.store.FaultyStore;
import dev.architect.testkit.time.ManualTime;
import dev.architect.thread.ThreadRunner;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Budgets before every call: reserved, settled, refused. */
final class RouterBudgetTest {

    private static final RoutingPolicy POLICY = RoutingPolicy.parse("""
            baseline: claude/claude-sonnet-4-6
            retry: {attempts: 1, firstDelay: 1ms, longestDelay: 1ms}
            models:
              - {model: openai/dear, quality: 90, maxConcurrent: 2000, contextTokens: 128000}
              - {model: other/cheap, quality: 80, maxConcurrent: 2000, contextTokens: 128000}
              - {model: unknown/unpriced, quality: 70, maxConcurrent: 4, contextTokens: 128000}
            """);
    private static final ModelId DEAR = new ModelId("openai", "dear");
    private static final ModelId CHEAP = new ModelId("other", "cheap");
    private static final ModelId UNPRICED = new ModelId("unknown", "unpriced");
    /** $10 for a million tokens of the answer, and $1 for one of the prompt; a tenth of that. */
    private static final PriceCatalogue PRICES =
            new PriceCatalogue("test", List.of(price(DEAR, "1", "10"), priority(), price(CHEAP, "0.1", "1")));

    private final ManualTime time = new ManualTime();
    private final ScriptedProvider openai = ScriptedProvider.named("openai").always(answer(10, 1_000));
    private final ScriptedProvider other = ScriptedProvider.named("other").always(answer(10, 1_000));
    private final ScriptedProvider unknown = ScriptedProvider.named("unknown").always(answer(10, 1_000));
    private final List<LedgerEntry> ledger = new CopyOnWriteArrayList<>();
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final FaultyStore store = new FaultyStore(new InMemoryStore(time));
    private final BudgetCatalogue budgets = new BudgetCatalogue(store.budgets().orElseThrow());
    private final CostAwareRouter router = router(budgets);

    @TempDir
    Path directory;

    private static Price price(ModelId model, String input, String output) {
        return Price.builder(model, "a test", LocalDate.of(2026, 11, 1))
                .usdPerMillionTokens(UsageBucket.INPUT, input)
                .usdPerMillionTokens(UsageBucket.OUTPUT, output)
                .build();
    }

    private static Price priority() {
        return Price.builder(DEAR, "a test", LocalDate.of(2026, 11, 1))
                .serviceTier("priority")
                .usdPerMillionTokens(UsageBucket.INPUT, "10")
                .usdPerMillionTokens(UsageBucket.OUTPUT, "100")
                .build();
    }

    private static ScriptedStep answer(long prompt, long answer) {
        return (model, call, listener) -> ProviderAnswer.builder(call.model(), "ok", StopReason.COMPLETE)
                .usage(TokenUsage.of(prompt, answer), UsageSource.REPORTED)
                .build();
    }

    private CostAwareRouter router(BudgetCatalogue catalogue) {
        return CostAwareRouter.with(POLICY)
                .prices(PRICES)
                .create(new Router.Parts(
                        List.of(openai, other, unknown), time, Optional.empty(), Optional.of(catalogue)));
    }

    @AfterEach
    void close() {
        router.close();
        store.close();
    }

    private void set(String name, BudgetScope scope, String usd, BudgetMode mode) {
        budgets.set(new Budget(name, scope, BudgetPeriod.DAY, Money.ofUsd(usd), mode));
    }

    private BudgetState state() {
        return budgets.refresh().get(0);
    }

    private static ChatRequest request(ModelId... models) {
        ChatRequest.Builder request = ChatRequest.builder("Hi").maxOutputTokens(1_000);
        if (models.length == 1) {
            request.model(models[0]);
        }
        return request.build();
    }

    private ChatResponse chat(CostAwareRouter asked, ChatRequest request, RequestScope scope) {
        return asked.chat(
                request, new RoutingContext(scope, Optional.empty(), Optional.empty(), ledger::add, events::add));
    }

    private ChatResponse chat(ModelId model) {
        return chat(router, request(model), RequestScope.create());
    }

    private BudgetExceededException refused(ModelId model) {
        return catchThrowableOfType(BudgetExceededException.class, () -> chat(model));
    }

    private Money spent() {
        MoneyTotal sum = MoneyTotal.ZERO;
        for (LedgerEntry entry : ledger) {
            sum = sum.plus(entry.charge().cost().amount().orElse(Money.ZERO));
        }
        return new Money(sum.picoUsd().longValueExact());
    }

    @Test
    void whatTheLedgerHasIsWhatTheBudgetHasSpent() {
        set("day", BudgetScope.ALL, "1", BudgetMode.HARD);

        chat(DEAR);
        chat(CHEAP);

        assertThat(state().spent()).isEqualTo(spent()).isEqualTo(Money.ofUsd("0.011011"));
        assertThat(state().reserved()).isEqualTo(Money.ZERO);
    }

    @Test
    void aCallThatDoesNotFitIsRefusedBeforeItIsMade() {
        set("day", BudgetScope.ALL, "0.025", BudgetMode.HARD);
        chat(DEAR);
        chat(DEAR);

        BudgetExceededException refused = refused(DEAR);

        assertThat(openai.callCount()).isEqualTo(2);
        assertThat(refused.reason()).isEqualTo(BudgetExceededException.Reason.EXCEEDED);
        assertThat(refused.budget().name()).isEqualTo("day");
        assertThat(refused.isTransient()).isFalse();
        assertThat(refused.resetsAt()).isEqualTo(state().resetsAt());
        assertThat(refused.retryAfter()).isEqualTo(state().untilReset());
        assertThat(refused)
                .hasMessageStartingWith(
                        "budget 'day' has $0.00498 left of $0.025 ($0.02002 spent, $0.00 reserved), expected ")
                .hasMessageContaining("resets at ");
        time.advance(refused.retryAfter().orElseThrow());
        assertThat(chat(DEAR).text()).isEqualTo("ok");
    }

    @Test
    void aCheaperCandidateThatFitsIsCalledInstead() {
        set("dear", new BudgetScope(BudgetScope.Kind.MODEL, "openai/dear"), "0.005", BudgetMode.HARD);
        set("all", BudgetScope.ALL, "0.005", BudgetMode.HARD);
        openai.then(answer(10, 1_000));

        ChatResponse answer =
                chat(router, ChatRequest.builder("Hi").maxOutputTokens(1_000).build(), RequestScope.create());

        assertThat(answer.model()).isEqualTo(CHEAP);
        assertThat(openai.callCount()).isZero();
    }

    @Test
    void aModelWithoutAPriceIsNotCalledUnderAHardBudget() {
        set("day", BudgetScope.ALL, "1", BudgetMode.HARD);

        BudgetExceededException refused = refused(UNPRICED);

        assertThat(refused.reason()).isEqualTo(BudgetExceededException.Reason.UNPRICED);
        assertThat(refused).hasMessage("model unknown/unpriced has no price, expected one under the hard budget 'day'");
        assertThat(unknown.callCount()).isZero();
        set("day", BudgetScope.ALL, "1", BudgetMode.SOFT);
        assertThat(chat(UNPRICED).text()).isEqualTo("ok");
    }

    @Test
    void theBoundIsThatOfTheServiceTierThatIsAskedFor() {
        set("day", BudgetScope.ALL, "0.05", BudgetMode.HARD);
        ChatRequest priority = ChatRequest.builder("Hi")
                .model(DEAR)
                .maxOutputTokens(1_000)
                .option("openai.service_tier", "priority")
                .build();
        ChatRequest unknownTier = ChatRequest.builder("Hi")
                .model(DEAR)
                .maxOutputTokens(1_000)
                .option("openai.service_tier", "scale")
                .build();

        BudgetExceededException tooDear = catchThrowableOfType(
                BudgetExceededException.class, () -> chat(router, priority, RequestScope.create()));
        BudgetExceededException unpriced = catchThrowableOfType(
                BudgetExceededException.class, () -> chat(router, unknownTier, RequestScope.create()));

        // Ten times the usual rates.
        assertThat(tooDear.reason()).isEqualTo(BudgetExceededException.Reason.EXCEEDED);
        assertThat(unpriced.reason()).isEqualTo(BudgetExceededException.Reason.UNPRICED);
        assertThat(openai.callCount()).isZero();
        assertThat(chat(DEAR).text()).isEqualTo("ok");
    }

    @Test
    void theBoundOfABodyThatAClientWroteIsThatOfTheWindowAndOfAllItsAnswers() {
        // A window of 128,000 tokens at $1 a million, and up to 1,000 of each answer at $10.
        set("day", BudgetScope.ALL, "0.15", BudgetMode.HARD);
        openai.withCapabilities(DEAR.model(), EnumSet.allOf(Capability.class));
        try (CostAwareRouter own = router(budgets)) {
            assertThat(catchThrowableOfType(
                                    BudgetExceededException.class,
                                    () -> chat(own, ofClient("{\"n\":3}", 1_000), RequestScope.create()))
                            .reason())
                    .isEqualTo(BudgetExceededException.Reason.EXCEEDED);
            assertThat(catchThrowableOfType(
                                    BudgetExceededException.class,
                                    () -> chat(own, ofClient("{\"n\":1}", null), RequestScope.create()))
                            .reason())
                    .isEqualTo(BudgetExceededException.Reason.EXCEEDED);
            assertThat(openai.callCount()).isZero();
            assertThat(chat(own, ofClient("{\"n\":2}", 1_000), RequestScope.create())
                            .text())
                    .isEqualTo("ok");
        }
    }

    private static ChatRequest ofClient(String json, @Nullable Integer limit) {
        return ChatRequest.builder("Hi")
                .model(DEAR)
                .maxOutputTokens(limit)
                .wireBody(new WireBody(WireFormat.OPENAI_CHAT, json))
                .build();
    }

    @Test
    void aStoreThatFailsRefusesUnderAHardBudgetAndNotUnderASoftOne() {
        set("day", BudgetScope.ALL, "1", BudgetMode.HARD);
        store.set((method, call) -> {
            throw new StoreException(StoreException.Kind.FAILED, "down", null);
        });

        BudgetExceededException refused = refused(DEAR);

        assertThat(refused.reason()).isEqualTo(BudgetExceededException.Reason.STORE_FAILED);
        assertThat(refused.isTransient()).isTrue();
        assertThat(openai.callCount()).isZero();
        store.set((method, call) -> call.call());
        set("day", BudgetScope.ALL, "1", BudgetMode.SOFT);
        store.set((method, call) -> {
            throw new StoreException(StoreException.Kind.FAILED, "down", null);
        });
        assertThat(chat(DEAR).text()).isEqualTo("ok");
    }

    @Test
    void whatTheStoreDidNotTakeIsSettledBeforeTheNextReservation() {
        set("day", BudgetScope.ALL, "1", BudgetMode.HARD);
        store.set((method, call) -> {
            if (method.equals("settle")) {
                throw new StoreException(StoreException.Kind.FAILED, "down", null);
            }
            return call.call();
        });
        chat(DEAR);
        assertThat(state().spent()).isEqualTo(Money.ZERO);
        store.set((method, call) -> call.call());

        chat(DEAR);

        assertThat(state().spent()).isEqualTo(spent()).isEqualTo(Money.ofUsd("0.02002"));
    }

    @Test
    void peopleAreToldOfALimitThatWasPassedWhileTheStoreFailed() {
        set("day", BudgetScope.ALL, "0.0125", BudgetMode.SOFT);
        store.set((method, call) -> {
            if (method.equals("settle")) {
                throw new StoreException(StoreException.Kind.FAILED, "down", null);
            }
            return call.call();
        });
        chat(DEAR);
        assertThat(events).noneMatch(Event.BudgetReached.class::isInstance);
        store.set((method, call) -> call.call());

        refused(DEAR);

        assertThat(events.stream()
                        .filter(Event.BudgetReached.class::isInstance)
                        .map(event -> ((Event.BudgetReached) event).crossing().percent()))
                .containsExactly(BudgetCrossing.NEAR, BudgetCrossing.REACHED);
    }

    @Test
    void aCallThatFailedWithoutCostGivesBackWhatItReserved() {
        set("day", BudgetScope.ALL, "1", BudgetMode.HARD);
        openai.then(ScriptedStep.fail(FailureKind.INVALID_REQUEST, failure -> failure.status(400)));

        catchThrowableOfType(RuntimeException.class, () -> chat(DEAR));

        assertThat(openai.callCount()).isEqualTo(1);
        assertThat(state().spent()).isEqualTo(Money.ZERO);
        assertThat(state().reserved()).isEqualTo(Money.ZERO);
    }

    @Test
    void onlyCallsOfTheScopeCount() {
        set("team", BudgetScope.tag("team", "search"), "0.000001", BudgetMode.HARD);

        assertThat(chat(DEAR).text()).isEqualTo("ok");

        RequestScope team = RequestScope.create().withTag("team", "search");
        assertThat(catchThrowableOfType(BudgetExceededException.class, () -> chat(router, request(DEAR), team)))
                .isNotNull();
        assertThat(state().spent()).isEqualTo(Money.ZERO);
    }

    @Test
    void peopleAreToldThatABudgetIsNearItsLimit() {
        set("day", BudgetScope.ALL, "0.0125", BudgetMode.SOFT);

        chat(DEAR);
        refused(DEAR);

        assertThat(events.stream()
                        .filter(Event.BudgetReached.class::isInstance)
                        .map(event -> ((Event.BudgetReached) event).crossing().percent()))
                .containsExactly(BudgetCrossing.NEAR, BudgetCrossing.REACHED);
    }

    @Test
    void aSoftBudgetReservesWhatNineOfTenCallsDoNotExceed() {
        set("day", BudgetScope.ALL, "10", BudgetMode.SOFT);
        List<Money> reserved = new CopyOnWriteArrayList<>();
        openai.always((model, call, listener) -> {
            reserved.add(state().reserved());
            return answer(10, 1_000).perform(model, call, listener);
        });
        chat(DEAR);
        for (int i = 0; i < 30; i++) {
            router.outputs().add(DEAR, Complexity.SIMPLE, 10, i < 20 ? 100 : 700);
        }

        chat(DEAR);
        chat(router, ChatRequest.builder("Hi").model(DEAR).maxOutputTokens(50).build(), RequestScope.create());

        // The prompt is the same in all of them; an answer is 120 tokens long as long as nothing is known.
        Money prompt = reserved.get(0).minus(Money.ofUsd("0.0012"));
        assertThat(prompt).isBetween(new Money(1), Money.ofUsd("0.0001"));
        assertThat(reserved)
                .containsExactly(
                        prompt.plus(Money.ofUsd("0.0012")),
                        prompt.plus(Money.ofUsd("0.007")),
                        prompt.plus(Money.ofUsd("0.0005")));
        assertThat(router.outputs().forecast(DEAR, Complexity.SIMPLE, 10)).isPresent();
    }

    @Test
    void aSoftBudgetReservesByTheTypeOfTheTask() {
        set("day", BudgetScope.ALL, "10", BudgetMode.SOFT);
        List<Money> reserved = new CopyOnWriteArrayList<>();
        openai.always((model, call, listener) -> {
            reserved.add(state().reserved());
            return answer(10, 300).perform(model, call, listener);
        });
        RequestScope summary = RequestScope.create().withTaskType("summary");
        for (int i = 0; i < 30; i++) {
            chat(router, request(DEAR), summary);
            router.outputs().add(DEAR, Complexity.SIMPLE, 10, 700);
        }
        reserved.clear();

        chat(router, request(DEAR), summary);
        chat(DEAR);

        // 300 tokens and not 700, which most prompts of the class have.
        assertThat(reserved.get(1).minus(reserved.get(0))).isEqualTo(Money.ofUsd("0.004"));
    }

    @Test
    void aThousandCallsTogetherDoNotOverspendADollar() throws Exception {
        set("dollar", BudgetScope.ALL, "1", BudgetMode.HARD);

        int answered = together(List.of(router), 1_000);

        assertThat(answered).isBetween(90, 99);
        assertThat(state().spent()).isEqualTo(spent()).isLessThanOrEqualTo(Money.ofUsd("1"));
        assertThat(state().reserved()).isEqualTo(Money.ZERO);
    }

    @Test
    void threeHandlesOfOneFileDoNotOverspendADollarTogether() throws Exception {
        List<Store> stores = new ArrayList<>();
        List<CostAwareRouter> routers = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                Store file = SqliteStore.builder(directory.resolve("architect.db"))
                        .time(time)
                        .open();
                stores.add(file);
                BudgetStore shared = file.budgets().orElseThrow();
                if (i == 0) {
                    shared.set(new Budget(
                            "dollar", BudgetScope.ALL, BudgetPeriod.TOTAL, Money.ofUsd("1"), BudgetMode.HARD));
                }
                routers.add(router(new BudgetCatalogue(shared)));
            }

            int answered = together(routers, 150);

            BudgetState state = stores.get(0).budgets().orElseThrow().states().get(0);
            assertThat(answered).isBetween(90, 99);
            assertThat(state.spent()).isEqualTo(spent()).isLessThanOrEqualTo(Money.ofUsd("1"));
            assertThat(state.reserved()).isEqualTo(Money.ZERO);
        } finally {
            routers.forEach(CostAwareRouter::close);
            stores.forEach(Store::close);
        }
    }

    /** Sends so many requests, on 50 threads at a time, and returns how many were answered. */
    private int together(List<CostAwareRouter> routers, int requests) throws Exception {
        AtomicInteger next = new AtomicInteger();
        AtomicInteger answered = new AtomicInteger();
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        try (ThreadRunner runner = new ThreadRunner("budget-test")) {
            for (int thread = 0; thread < 50; thread++) {
                CompletableFuture<Void> end = new CompletableFuture<>();
                ends.add(end);
                runner.start("request", () -> {
                    try {
                        for (int i = next.getAndIncrement(); i < requests; i = next.getAndIncrement()) {
                            answered.addAndGet(isAnswered(routers.get(i % routers.size())) ? 1 : 0);
                        }
                        end.complete(null);
                    } catch (Throwable failure) {
                        end.completeExceptionally(failure);
                    }
                });
            }
            for (CompletableFuture<Void> end : ends) {
                end.get(120, TimeUnit.SECONDS);
            }
        }
        return answered.get();
    }

    private boolean isAnswered(CostAwareRouter asked) {
        try {
            chat(asked, request(DEAR), RequestScope.create());
            return true;
        } catch (BudgetExceededException refused) {
            return false;
        }
    }
}
