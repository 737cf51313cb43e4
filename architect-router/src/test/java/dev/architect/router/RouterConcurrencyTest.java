package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Quality;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CostStatus;
import dev.architect.event.Event;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.request.RequestScope;
import dev.architect.route.NoRouteException;
import dev.architect.spi.RoutingContext;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.thread.ThreadRunner;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many at once: busy models, waiting, and leaving. */
class RouterConcurrencyTest {

    private static final String ONE_EACH = """
            baseline: claude/claude-sonnet-4-6
            requestTimeout: 100s
            callTimeout: 40s
            models:
              - {model: ollama/llama3.2, quality: 45, maxConcurrent: 1, contextTokens: 8192}
              - {model: openai/gpt-4o-mini, quality: 66, maxConcurrent: 1, contextTokens: 128000}
            """;
    private static final ScriptedStep OK = ScriptedStep.answer("ok", TokenUsage.of(1, 1));

    private final RouterFixture fixture = new RouterFixture(ONE_EACH, setup -> setup);
    private final ThreadRunner threads = new ThreadRunner("busy-test");
    private final List<CountDownLatch> gates = new ArrayList<>();

    @AfterEach
    void letEverybodyGo() {
        gates.forEach(CountDownLatch::countDown);
        threads.close();
    }

    @Test
    void busyModelIsPassedOver() throws Exception {
        CountDownLatch gate = occupy(fixture.ollama);

        ChatResponse response = fixture.chat("Hi");

        assertThat(response.text()).isEqualTo("cheap");
        assertThat(response.position()).isEqualTo(1);
        assertThat(fixture.events(Event.FailedOver.class)).isEmpty();
        gate.countDown();
    }

    @Test
    void whenAllAreBusyTheFirstThatIsFreeAnswers() throws Exception {
        CountDownLatch ollama = occupy(fixture.ollama);
        CountDownLatch openai = occupy(fixture.openai);
        FutureTask<ChatResponse> waiting = start(() -> fixture.chat("Hi"));
        fixture.time.awaitWaiting(1);

        openai.countDown();

        assertThat(waiting.get(60, TimeUnit.SECONDS).text()).isEqualTo("cheap");
        assertThat(fixture.meters.get("architect.router.waiting").gauge().value())
                .isZero();
        ollama.countDown();
    }

    @Test
    void whoWaitedLongestIsServedFirst() throws Exception {
        occupy(fixture.ollama);
        CountDownLatch openai = occupy(fixture.openai);
        List<String> served = new ArrayList<>();
        fixture.openai.always((model, call, listener) -> {
            synchronized (served) {
                served.add(call.request().prompt());
            }
            return OK.perform(model, call, listener);
        });
        List<FutureTask<ChatResponse>> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String prompt = "number " + i;
            all.add(start(() -> fixture.chat(prompt)));
            fixture.time.awaitWaiting(i + 1);
        }

        openai.countDown();
        for (FutureTask<ChatResponse> one : all) {
            one.get(60, TimeUnit.SECONDS);
        }

        assertThat(served).containsExactly("number 0", "number 1", "number 2", "number 3", "number 4");
    }

    @Test
    void waitingIsBoundedByTheRequest() throws Exception {
        occupy(fixture.ollama);
        occupy(fixture.openai);
        FutureTask<NoRouteException> waiting =
                start(() -> catchThrowableOfType(NoRouteException.class, () -> fixture.chat("Hi")));
        fixture.time.awaitWaiting(1);

        fixture.time.advance(Duration.ofSeconds(90));

        NoRouteException failure = waiting.get(60, TimeUnit.SECONDS);
        assertThat(failure.isTransient()).isTrue();
        assertThat(failure.failures()).isEmpty();
    }

    @Test
    void whoLeavesWhileWaitingMakesNoCallAndHoldsNothing() throws Exception {
        CountDownLatch ollama = occupy(fixture.ollama);
        CountDownLatch openai = occupy(fixture.openai);
        List<Object> seen = new ArrayList<>();
        FutureTask<Void> waiting = new FutureTask<>(() -> {
            seen.add(catchThrowableOfType(ProviderException.class, () -> fixture.chat("Hi"))
                    .kind());
            seen.add(Thread.currentThread().isInterrupted());
            return null;
        });
        Thread thread = threads.start("leaver", waiting);
        fixture.time.awaitWaiting(1);

        thread.interrupt();
        waiting.get(60, TimeUnit.SECONDS);

        assertThat(seen).containsExactly(FailureKind.CANCELLED, true);
        assertThat(fixture.ledger).isEmpty();
        ollama.countDown();
        openai.countDown();
        awaitIdle();
        assertThat(fixture.chat("Hi").text()).isEqualTo("free");
    }

    @Test
    void interruptedCallIsBookedAsCancelledAndTheFlagIsKept() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        fixture.ollama.then(ScriptedStep.blockUntil(started, gate(), OK));
        List<Object> seen = new ArrayList<>();
        FutureTask<Void> caller = new FutureTask<>(() -> {
            seen.add(catchThrowableOfType(ProviderException.class, () -> fixture.chat("Hi"))
                    .kind());
            seen.add(Thread.currentThread().isInterrupted());
            return null;
        });
        Thread thread = threads.start("caller", caller);
        started.await();

        thread.interrupt();
        caller.get(60, TimeUnit.SECONDS);

        assertThat(seen).containsExactly(FailureKind.CANCELLED, true);
        assertThat(fixture.onlyEntry().outcome()).isEqualTo(CallOutcome.CANCELLED);
        assertThat(fixture.onlyEntry().charge().cost().status()).isEqualTo(CostStatus.ESTIMATED);
        assertThat(fixture.openai.callCount()).isZero();
    }

    @Test
    void failureOfAnInterruptedCallIsACancellation() throws Exception {
        fixture.ollama.then((model, call, listener) -> {
            Thread.currentThread().interrupt();
            return ScriptedStep.fail(FailureKind.UNAVAILABLE).perform(model, call, listener);
        });
        FutureTask<FailureKind> caller =
                start(() -> catchThrowableOfType(ProviderException.class, () -> fixture.chat("Hi"))
                        .kind());

        assertThat(caller.get(60, TimeUnit.SECONDS)).isEqualTo(FailureKind.CANCELLED);
        assertThat(fixture.onlyEntry().outcome()).isEqualTo(CallOutcome.CANCELLED);
        assertThat(fixture.openai.callCount()).isZero();
    }

    @Test
    void ledgerOfAnInterruptedCallIsNotDisturbed() throws Exception {
        fixture.ollama.then((model, call, listener) -> {
            Thread.currentThread().interrupt();
            return ScriptedStep.fail(FailureKind.CANCELLED).perform(model, call, listener);
        });
        List<Boolean> interruptedWhileBooking = new ArrayList<>();
        RoutingContext scope = new RoutingContext(
                RequestScope.create().withTimeout(Duration.ofSeconds(90)),
                Optional.empty(),
                Optional.empty(),
                entry -> interruptedWhileBooking.add(Thread.currentThread().isInterrupted()),
                event -> {});
        FutureTask<Boolean> caller = start(() -> {
            catchThrowableOfType(ProviderException.class, () -> fixture.router.chat(ChatRequest.of("Hi"), scope));
            return Thread.currentThread().isInterrupted();
        });

        assertThat(caller.get(60, TimeUnit.SECONDS)).as("the flag is kept").isTrue();
        assertThat(interruptedWhileBooking).containsExactly(false);
    }

    @Test
    void neverMoreCallsAtOnceThanAllowed() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        ScriptedStep counted = (model, call, listener) -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            Thread.yield();
            now.decrementAndGet();
            return OK.perform(model, call, listener);
        };
        fixture.ollama.always(counted);
        fixture.openai.always(counted);
        List<FutureTask<ChatResponse>> all = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            all.add(start(() -> {
                ChatResponse last = fixture.chat("Hi");
                for (int j = 0; j < 200; j++) {
                    last = fixture.chat("Hi");
                }
                return last;
            }));
        }
        for (FutureTask<ChatResponse> one : all) {
            one.get(60, TimeUnit.SECONDS);
        }

        assertThat(most.get()).isLessThanOrEqualTo(2);
        assertThat(fixture.ledger).hasSize(16 * 201);
        assertThat(fixture.router.providers())
                .allSatisfy(status -> assertThat(status.inFlight()).isZero());
    }

    @Test
    void exactlyOneTrialGoesOutUnderLoad() throws Exception {
        RouterFixture wide = new RouterFixture();
        wide.openai.always(ScriptedStep.fail(FailureKind.AUTHENTICATION));
        ChatRequest high = ChatRequest.builder("Hi").quality(Quality.STANDARD).build();
        wide.chat(high);
        wide.time.advance(Duration.ofMillis(2_400));
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch gate = gate();
        wide.openai.then(ScriptedStep.blockUntil(started, gate, OK));
        FutureTask<ChatResponse> trial = start(() -> wide.chat(high));
        started.await();

        for (int i = 0; i < 3; i++) {
            assertThat(wide.chat(high).text()).isEqualTo("dear");
        }
        assertThat(wide.openai.callCount()).isEqualTo(2);
        gate.countDown();

        assertThat(trial.get(60, TimeUnit.SECONDS).text()).isEqualTo("ok");
    }

    /** Makes the provider's only permit busy until the returned gate opens. */
    private CountDownLatch occupy(ScriptedProvider provider) throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch gate = gate();
        provider.then(ScriptedStep.blockUntil(started, gate, OK));
        start(() -> fixture.router.chat(
                ChatRequest.of("busy"),
                new RoutingContext(
                        RequestScope.create().withTimeout(Duration.ofSeconds(90)),
                        Optional.empty(),
                        Optional.empty(),
                        entry -> {},
                        event -> {})));
        started.await();
        return gate;
    }

    private void awaitIdle() {
        while (fixture.router.providers().stream().anyMatch(status -> status.inFlight() > 0)) {
            Thread.onSpinWait();
        }
    }

    private CountDownLatch gate() {
        CountDownLatch gate = new CountDownLatch(1);
        gates.add(gate);
        return gate;
    }

    private <T> FutureTask<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        threads.start("caller", task);
        return task;
    }
}
