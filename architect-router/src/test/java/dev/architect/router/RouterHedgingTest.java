package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Tool;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CostStatus;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.MoneyTotal;
import dev.architect.cost.Price;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.request.RequestScope;
import dev.architect.route.BreakerState;
import dev.architect.route.NoRouteException;
import dev.architect.router.pricing.Prices;
import dev.architect.spi.RoutingContext;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.thread.ThreadRunner;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A first call that takes unusually long, and its rival. */
class RouterHedgingTest {

    private static final String ONE_MODEL = """
            baseline: claude/claude-sonnet-4-6
            hedging: {requestPercent: 100, spendPercent: 100, samples: 10}
            models:
              - {model: openai/gpt-4o-mini, quality: 66, maxConcurrent: 4, contextTokens: 128000}
            """;
    /** Prices of both are set below to be the same. */
    private static final String TWO_MODELS = """
            baseline: claude/claude-sonnet-4-6
            hedging: {requestPercent: 100, spendPercent: 100, samples: 10}
            models:
              - {model: openai/gpt-4o-mini, quality: 67, maxConcurrent: 4, contextTokens: 128000}
              - {model: claude/claude-haiku-4-5, quality: 66, maxConcurrent: 4, contextTokens: 128000}
            """;

    private static final ModelId OPENAI = ModelId.parse("openai/gpt-4o-mini");
    private static final ModelId CLAUDE = ModelId.parse("claude/claude-haiku-4-5");
    private static final Duration USUAL = Duration.ofMillis(100);
    private static final TokenUsage USAGE = TokenUsage.of(100, 10);

    private final ThreadRunner threads = new ThreadRunner("hedging-test");
    private final List<CountDownLatch> gates = new ArrayList<>();

    @AfterEach
    void letEverybodyGo() {
        gates.forEach(CountDownLatch::countDown);
        threads.close();
    }

    @Test
    void theSecondCallAnswersWhenTheFirstOneIsLate() throws Exception {
        RouterFixture fixture = warm(TWO_MODELS, "2");
        CountDownLatch started = new CountDownLatch(1);
        fixture.openai.then(blocked(started));

        FutureTask<ChatResponse> chat = start(() -> fixture.chat("Hi"));
        started.await();
        fixture.time.awaitWaiting(1);
        assertThat(fixture.claude.callCount()).isZero();
        fixture.time.advance(USUAL);

        ChatResponse response = get(chat);
        assertThat(response.text()).isEqualTo("dear");
        assertThat(response.model()).isEqualTo(CLAUDE);
        List<LedgerEntry> calls = lastCalls(fixture, 2);
        assertThat(calls.get(0).route().requested()).isEqualTo(OPENAI);
        assertThat(calls.get(0).outcome()).isEqualTo(CallOutcome.CANCELLED);
        assertThat(calls.get(0).charge().cost().status()).isEqualTo(CostStatus.ESTIMATED);
        assertThat(calls.get(1).outcome()).isEqualTo(CallOutcome.ANSWERED);
        assertThat(calls.get(0).origin().requestId())
                .isEqualTo(calls.get(1).origin().requestId());
        assertThat(response.cost().spent())
                .isEqualTo(MoneyTotal.ZERO
                        .plus(calls.get(0).charge().cost().amount().orElseThrow())
                        .plus(calls.get(1).charge().cost().amount().orElseThrow()));
        assertThat(hedges(fixture, "won")).isEqualTo(1);
        assertNothingHeld(fixture);
    }

    @Test
    void theSameModelIsAskedOnceMoreWhenThereIsNoOtherOfItsPrice() throws Exception {
        RouterFixture fixture = warm(ONE_MODEL, "1");
        CountDownLatch started = new CountDownLatch(1);
        fixture.openai.then(blocked(started), ScriptedStep.answer("second", USAGE));

        FutureTask<ChatResponse> chat = start(() -> fixture.chat("Hi"));
        started.await();
        fixture.time.awaitWaiting(1);
        fixture.time.advance(USUAL);

        assertThat(get(chat).text()).isEqualTo("second");
        assertNothingHeld(fixture);
    }

    @Test
    void aDearerModelIsNoRival() throws Exception {
        RouterFixture fixture = warm(TWO_MODELS, "9");
        CountDownLatch started = new CountDownLatch(1);
        fixture.openai.then(blocked(started), ScriptedStep.answer("second", USAGE));

        FutureTask<ChatResponse> chat = start(() -> fixture.chat("Hi"));
        started.await();
        fixture.time.awaitWaiting(1);
        fixture.time.advance(USUAL);

        assertThat(get(chat).text()).isEqualTo("second");
        assertThat(fixture.claude.callCount()).isZero();
    }

    @Test
    void theFirstTokenWinsAndTheTextOfTwoStreamsIsNotMixed() throws Exception {
        RouterFixture fixture = warm(TWO_MODELS, "2");
        CountDownLatch started = new CountDownLatch(1);
        Set<Thread> listening = ConcurrentHashMap.newKeySet();
        AtomicReference<Throwable> late = new AtomicReference<>();
        fixture.openai.then((model, call, listener) -> {
            awaitInterruption(started);
            // As an adapter that reads on: what it streams now goes nowhere.
            late.set(catchThrowable(() -> listener.onText("late")));
            throw ProviderException.builder(model, FailureKind.CANCELLED).build();
        });
        StringBuilder text = new StringBuilder();
        AtomicReference<Thread> caller = new AtomicReference<>();

        FutureTask<ChatResponse> chat = start(() -> {
            caller.set(Thread.currentThread());
            return fixture.stream("Hi", delta -> {
                listening.add(Thread.currentThread());
                text.append(delta);
            });
        });
        started.await();
        fixture.time.awaitWaiting(1);
        fixture.time.advance(USUAL);

        assertThat(get(chat).text()).isEqualTo("dear");
        assertThat(text).hasToString("dear");
        assertThat(late.get()).isNotNull();
        assertThat(listening).containsExactly(caller.get());
        assertNothingHeld(fixture);
    }

    @Test
    void theFirstCallMayStillWinAndTheSecondIsBookedBeforeItsStreamEnds() throws Exception {
        RouterFixture fixture = warm(TWO_MODELS, "2");
        CountDownLatch firstStarted = new CountDownLatch(1);
        CountDownLatch secondStarted = new CountDownLatch(1);
        CountDownLatch firstAnswers = gate();
        CountDownLatch firstEnds = gate();
        CountDownLatch booked = new CountDownLatch(1);
        fixture.claude.then(blocked(secondStarted));
        fixture.openai.then((model, call, listener) -> {
            firstStarted.countDown();
            awaitQuietly(firstAnswers);
            listener.onText("first");
            awaitQuietly(firstEnds);
            return ScriptedStep.answer("first", USAGE).perform(model, call, delta -> {});
        });

        FutureTask<ChatResponse> chat = start(
                () -> fixture.router.chat(ChatRequest.of("Hi"), recording(fixture, Optional.of(delta -> {}), booked)));
        firstStarted.await();
        fixture.time.awaitWaiting(1);
        fixture.time.advance(USUAL);
        secondStarted.await();
        firstAnswers.countDown();

        assertThat(booked.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(chat.isDone()).isFalse();
        LedgerEntry loser = lastCalls(fixture, 1).get(0);
        assertThat(loser.route().requested()).isEqualTo(CLAUDE);
        assertThat(loser.outcome()).isEqualTo(CallOutcome.CANCELLED);
        assertThat(loser.charge().cost().status()).isEqualTo(CostStatus.ESTIMATED);
        firstEnds.countDown();
        assertThat(get(chat).text()).isEqualTo("first");
        assertThat(hedges(fixture, "lost")).isEqualTo(1);
        assertNothingHeld(fixture);
    }

    @Test
    void aFirstCallThatFailsLeavesTheAnswerToTheSecond() throws Exception {
        RouterFixture fixture = warm(TWO_MODELS, "2");
        CountDownLatch firstFails = gate();
        CountDownLatch secondStarted = new CountDownLatch(1);
        CountDownLatch secondAnswers = gate();
        CountDownLatch started = new CountDownLatch(1);
        fixture.openai.then(ScriptedStep.blockUntil(started, firstFails, ScriptedStep.fail(FailureKind.OVERLOADED)));
        fixture.claude.then(ScriptedStep.blockUntil(secondStarted, secondAnswers, ScriptedStep.answer("dear", USAGE)));

        CountDownLatch booked = new CountDownLatch(1);

        FutureTask<ChatResponse> chat =
                start(() -> fixture.router.chat(ChatRequest.of("Hi"), recording(fixture, Optional.empty(), booked)));
        started.await();
        fixture.time.awaitWaiting(1);
        fixture.time.advance(USUAL);
        secondStarted.await();
        firstFails.countDown();
        assertThat(booked.await(60, TimeUnit.SECONDS)).isTrue();
        secondAnswers.countDown();

        assertThat(get(chat).text()).isEqualTo("dear");
        assertThat(lastCalls(fixture, 2))
                .extracting(LedgerEntry::outcome)
                .containsExactly(CallOutcome.FAILED, CallOutcome.ANSWERED);
        assertNothingHeld(fixture);
    }

    @Test
    void aSecondCallThatFailsDoesNotDisturbTheFirst() throws Exception {
        RouterFixture fixture = warm(TWO_MODELS, "2");
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch firstAnswers = gate();
        CountDownLatch secondFails = new CountDownLatch(1);
        fixture.openai.then(ScriptedStep.blockUntil(started, firstAnswers, ScriptedStep.answer("cheap", USAGE)));
        fixture.claude.then((model, call, listener) -> {
            secondFails.countDown();
            throw new StackOverflowError("of the adapter");
        });

        FutureTask<ChatResponse> chat = start(() -> fixture.chat("Hi"));
        started.await();
        fixture.time.awaitWaiting(1);
        fixture.time.advance(USUAL);
        secondFails.await();
        firstAnswers.countDown();

        assertThat(get(chat).text()).isEqualTo("cheap");
        // Cancelled when the first one was faster than the error.
        assertThat(lastCalls(fixture, 2))
                .extracting(LedgerEntry::outcome)
                .startsWith(CallOutcome.ANSWERED)
                .last()
                .isIn(CallOutcome.FAILED, CallOutcome.CANCELLED);
        assertNothingHeld(fixture);
    }

    @Test
    void whenBothFailTheErrorNamesBoth() throws Exception {
        RouterFixture fixture = warm(TWO_MODELS, "2");
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch firstFails = gate();
        CountDownLatch secondStarted = new CountDownLatch(1);
        fixture.openai.then(ScriptedStep.blockUntil(started, firstFails, ScriptedStep.fail(FailureKind.OVERLOADED)));
        fixture.claude.then(
                ScriptedStep.blockUntil(secondStarted, firstFails, ScriptedStep.fail(FailureKind.UNAVAILABLE)));

        FutureTask<Throwable> chat = start(() -> catchThrowable(() -> fixture.chat("Hi")));
        started.await();
        fixture.time.awaitWaiting(1);
        fixture.time.advance(USUAL);
        secondStarted.await();
        firstFails.countDown();

        NoRouteException failure = (NoRouteException) get(chat);
        assertThat(failure.failures()).extracting(ProviderException::model).containsExactly(OPENAI, CLAUDE);
        assertThat(fixture.claude.callCount()).as("a candidate is called once").isEqualTo(1);
        assertNothingHeld(fixture);
    }

    @Test
    void anInterruptionOfTheCallerCancelsBothAndStaysSet() throws Exception {
        RouterFixture fixture = warm(TWO_MODELS, "2");
        CountDownLatch started = new CountDownLatch(2);
        fixture.openai.then(blocked(started));
        fixture.claude.then(blocked(started));
        List<Object> seen = new ArrayList<>();
        FutureTask<Void> chat = new FutureTask<>(() -> {
            seen.add(((ProviderException) catchThrowable(() -> fixture.chat("Hi"))).kind());
            seen.add(Thread.currentThread().isInterrupted());
            return null;
        });
        Thread caller = threads.start("caller", chat);
        fixture.time.awaitWaiting(1);
        fixture.time.advance(USUAL);
        started.await();

        caller.interrupt();

        chat.get(60, TimeUnit.SECONDS);
        assertThat(seen).containsExactly(FailureKind.CANCELLED, true);
        assertThat(lastCalls(fixture, 2)).extracting(LedgerEntry::outcome).containsOnly(CallOutcome.CANCELLED);
        assertNothingHeld(fixture);
    }

    @Test
    void whatTheListenerThrowsCancelsBothAndReachesTheCaller() throws Exception {
        RouterFixture fixture = warm(TWO_MODELS, "2");
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch secondStarted = new CountDownLatch(1);
        CountDownLatch firstAnswers = gate();
        fixture.openai.then((model, call, listener) -> {
            started.countDown();
            awaitQuietly(firstAnswers);
            listener.onText("first");
            awaitInterruption(new CountDownLatch(1));
            throw ProviderException.builder(model, FailureKind.CANCELLED).build();
        });
        fixture.claude.then(blocked(secondStarted));
        IllegalStateException thrown = new IllegalStateException("host");

        FutureTask<Throwable> chat = start(() -> catchThrowable(() -> fixture.stream("Hi", delta -> {
            throw thrown;
        })));
        started.await();
        fixture.time.awaitWaiting(1);
        fixture.time.advance(USUAL);
        secondStarted.await();
        firstAnswers.countDown();

        assertThat(get(chat)).isSameAs(thrown);
        assertThat(lastCalls(fixture, 2)).extracting(LedgerEntry::outcome).containsOnly(CallOutcome.CANCELLED);
        assertNothingHeld(fixture);
    }

    @Test
    void aProviderThatIgnoresItsCancellationDelaysNobodyForLong() throws Exception {
        RouterFixture fixture = warm(TWO_MODELS, "2");
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch released = gate();
        fixture.openai.then((model, call, listener) -> {
            started.countDown();
            boolean interrupted = false;
            while (released.getCount() > 0) {
                try {
                    released.await();
                } catch (InterruptedException ignored) {
                    interrupted = true;
                }
            }
            assertThat(interrupted).isTrue();
            return ScriptedStep.answer("late", USAGE).perform(model, call, listener);
        });

        FutureTask<ChatResponse> chat = start(() -> fixture.chat("Hi"));
        started.await();
        fixture.time.awaitWaiting(1);
        fixture.time.advance(USUAL);
        // It waits for the first call, a tenth of a second at most.
        awaitDeadline(fixture, Duration.ofMillis(100));
        fixture.time.advance(Duration.ofMillis(100));

        assertThat(get(chat).text()).isEqualTo("dear");
        assertThat(lastCalls(fixture, 2))
                .extracting(LedgerEntry::outcome)
                .containsExactly(CallOutcome.CANCELLED, CallOutcome.ANSWERED);
        assertNothingHeld(fixture);
    }

    @Test
    void thereIsNoSecondCallForRequestsWithTools() throws Exception {
        RouterFixture fixture = warm(ONE_MODEL, "1");
        fixture.openai.then(
                ScriptedStep.after(fixture.time, Duration.ofSeconds(5), ScriptedStep.answer("slow", USAGE)));

        ChatResponse response = fixture.chat(ChatRequest.builder("Hi")
                .tools(new Tool("delete", "deletes a file", "{\"type\":\"object\"}"))
                .build());

        assertThat(response.text()).isEqualTo("slow");
        assertThat(fixture.openai.callCount()).isEqualTo(21);
    }

    @Test
    void thereIsNoSecondCallUnlessThePolicySaysSo() {
        RouterFixture fixture = warm(ONE_MODEL.replaceFirst("hedging.*\n", ""), "1");
        AtomicReference<Thread> calledBy = new AtomicReference<>();
        fixture.openai.then((model, call, listener) -> {
            calledBy.set(Thread.currentThread());
            return ScriptedStep.answer("own", USAGE).perform(model, call, listener);
        });

        fixture.chat("Hi");

        assertThat(calledBy.get()).isSameAs(Thread.currentThread());
    }

    @Test
    void theBudgetIsNotExceeded() throws Exception {
        RouterFixture fixture = warm(ONE_MODEL.replace("requestPercent: 100", "requestPercent: 5"), "1");
        for (int i = 0; i < 2; i++) {
            CountDownLatch started = new CountDownLatch(1);
            CountDownLatch released = gate();
            fixture.openai.then(ScriptedStep.blockUntil(started, released, ScriptedStep.answer("first", USAGE)));
            fixture.openai.always(ScriptedStep.answer("second", USAGE));
            FutureTask<ChatResponse> chat = start(() -> fixture.chat("Hi"));
            started.await();
            fixture.time.awaitWaiting(1);
            fixture.time.advance(USUAL);
            if (i == 0) {
                assertThat(get(chat).text()).as("one of twenty").isEqualTo("second");
            } else {
                fixture.time.awaitWaiting(1);
                released.countDown();
                assertThat(get(chat).text()).isEqualTo("first");
            }
        }
        assertThat(fixture.openai.callCount()).isEqualTo(23);
    }

    @Test
    void aSecondCallTakesFromTheQuotasAsAnyOther() throws Exception {
        // All but one of its calls are used before.
        RouterFixture fixture = warm(ONE_MODEL + "quotas: [{model: openai/gpt-4o-mini, requests: 21}]\n", "1");
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch released = gate();
        fixture.openai.then(ScriptedStep.blockUntil(started, released, ScriptedStep.answer("first", USAGE)));

        FutureTask<ChatResponse> chat = start(() -> fixture.chat("Hi"));
        started.await();
        fixture.time.awaitWaiting(1);
        fixture.time.advance(USUAL);
        fixture.time.awaitWaiting(1);
        released.countDown();

        assertThat(get(chat).text()).isEqualTo("first");
        assertThat(fixture.openai.callCount()).isEqualTo(21);
    }

    /** A router that has seen ten usual calls; a call to Claude costs {@code factor} times one to OpenAI. */
    private static RouterFixture warm(String policy, String factor) {
        RouterFixture fixture = new RouterFixture(
                policy,
                setup -> setup.prices(
                        Prices.standard().with("test", List.of(price(OPENAI, "1"), price(CLAUDE, factor)))));
        fixture.openai.always(ScriptedStep.after(fixture.time, USUAL, ScriptedStep.answer("cheap", USAGE)));
        for (int i = 0; i < 10; i++) {
            fixture.chat("Hi");
            fixture.stream("Hi", delta -> {});
        }
        fixture.ledger.clear();
        return fixture;
    }

    private static Price price(ModelId model, String usd) {
        return Price.builder(model, "test", LocalDate.of(2026, 11, 1))
                .usdPerMillionTokens(UsageBucket.INPUT, usd)
                .usdPerMillionTokens(UsageBucket.OUTPUT, usd)
                .build();
    }

    private static RoutingContext recording(
            RouterFixture fixture, Optional<ChatListener> listener, CountDownLatch booked) {
        return new RoutingContext(
                RequestScope.create().withTimeout(Duration.ofSeconds(90)),
                Optional.empty(),
                listener,
                entry -> {
                    fixture.ledger.add(entry);
                    booked.countDown();
                },
                fixture.events::add);
    }

    /** Until the only thread that waits does so for at most {@code longest}. */
    private static void awaitDeadline(RouterFixture fixture, Duration longest) {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (fixture.time
                .untilNextDeadline()
                .filter(left -> left.compareTo(longest) <= 0)
                .isEmpty()) {
            assertThat(System.nanoTime()).isLessThan(giveUp);
            Thread.onSpinWait();
        }
    }

    private static ScriptedStep blocked(CountDownLatch started) {
        return ScriptedStep.blockUntil(started, new CountDownLatch(1), ScriptedStep.answer("never", USAGE));
    }

    private CountDownLatch gate() {
        CountDownLatch gate = new CountDownLatch(1);
        gates.add(gate);
        return gate;
    }

    private static void awaitInterruption(CountDownLatch started) {
        started.countDown();
        awaitQuietly(new CountDownLatch(1));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<LedgerEntry> lastCalls(RouterFixture fixture, int count) {
        assertThat(fixture.ledger).hasSize(count);
        return fixture.ledger;
    }

    private static double hedges(RouterFixture fixture, String outcome) {
        return fixture.meters
                .get("architect.router.hedges")
                .tag("outcome", outcome)
                .functionCounter()
                .count();
    }

    private static void assertNothingHeld(RouterFixture fixture) {
        int models = fixture.router.providers().stream()
                .mapToInt(provider -> provider.models().size())
                .sum();
        assertThat(fixture.router.freeCalls()).isEqualTo(4 * models);
        assertThat(fixture.router.providers()).allSatisfy(provider -> {
            assertThat(provider.inFlight()).isZero();
            assertThat(provider.breaker()).isEqualTo(BreakerState.CLOSED);
        });
    }

    private <T> FutureTask<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        threads.start("caller", task);
        return task;
    }

    private static <T> @Nullable T get(FutureTask<T> task) throws Exception {
        return task.get(60, TimeUnit.SECONDS);
    }
}
