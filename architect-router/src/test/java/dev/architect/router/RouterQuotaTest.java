package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.error.CapacityException;
import dev.architect.model.FailureKind;
import dev.architect.project.Attribution;
import dev.architect.project.ProjectId;
import dev.architect.request.RequestScope;
import dev.architect.route.BreakerTarget;
import dev.architect.route.BreakerTrip;
import dev.architect.route.NoRouteException;
import dev.architect.router.policy.QuotaRule;
import dev.architect.router.policy.QuotaUnit;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.RoutingContext;
import dev.architect.task.Priority;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.thread.ThreadRunner;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Quotas of the policy, in one process: by key, model and tenant, in any span of their period. */
final class RouterQuotaTest {

    private static final String MODELS = """
            models:
              - {model: ollama/llama3.2, quality: 90, maxConcurrent: 1000, contextTokens: 1000000}
            """;
    private static final String NO_WAIT = "retry: {attempts: 0, longestWait: 0s}\n";
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private RouterFixture fixture;

    @AfterEach
    void close() {
        fixture.close();
    }

    private void open(String retry, String quotas) {
        fixture = new RouterFixture("baseline: claude/claude-sonnet-4-6\n" + retry + quotas + MODELS, setup -> setup);
    }

    private ChatResponse chat(RequestScope scope) {
        return fixture.router.chat(ChatRequest.of("Hi"), context(scope));
    }

    private RoutingContext context(RequestScope scope) {
        return new RoutingContext(scope, Optional.empty(), Optional.empty(), fixture.ledger::add, fixture.events::add);
    }

    private boolean isAnswered(RequestScope scope) {
        try {
            chat(scope);
            return true;
        } catch (NoRouteException refused) {
            assertThat(refused.isUnavailable()).isTrue();
            return false;
        }
    }

    private int answered(int requests, RequestScope scope) {
        int answered = 0;
        for (int i = 0; i < requests; i++) {
            answered += isAnswered(scope) ? 1 : 0;
        }
        return answered;
    }

    private static RequestScope scope() {
        return RequestScope.create();
    }

    @Test
    void tenTimesTheLimitIsUsedAndNeverExceededInAnyMinute() {
        open(NO_WAIT, "quotas: [{provider: ollama, requests: 60}]\n");
        List<Long> sent = new ArrayList<>();
        for (int call = 0; call < 6_000; call++) {
            if (isAnswered(scope())) {
                sent.add(fixture.time.nanoTime());
            }
            fixture.time.advance(Duration.ofMillis(100));
        }

        assertThat(mostInAMinute(sent)).isEqualTo(60);
        assertThat(sent.size()).isBetween(588, 600);
    }

    private static int mostInAMinute(List<Long> sent) {
        int most = 0;
        int first = 0;
        for (int last = 0; last < sent.size(); last++) {
            while (sent.get(last) - sent.get(first) >= MINUTE.toNanos()) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }

    @Test
    void thereIsNoDoubleBurstAtTheEdgeOfAPeriod() {
        open(NO_WAIT, "quotas: [{model: ollama/llama3.2, requests: 10}]\n");
        fixture.time.advance(Duration.ofSeconds(55));

        assertThat(answered(20, scope())).isEqualTo(10);
        fixture.time.advance(Duration.ofSeconds(10));
        assertThat(answered(20, scope())).isZero();
        fixture.time.advance(Duration.ofSeconds(51));
        assertThat(answered(20, scope())).isEqualTo(10);
    }

    @Test
    void whatACallDidNotNeedComesBackAtOnce() {
        open(NO_WAIT, "quotas: [{provider: ollama, outputTokens: 1000}]\n");
        fixture.ollama.always(ScriptedStep.answer("short", TokenUsage.of(5, 10)));

        // An answer of 120 tokens is expected at first, 10 are needed.
        assertThat(answered(200, scope())).isBetween(90, 100);
    }

    @Test
    void whatACallNeededBeyondItsReservationIsTakenToo() {
        open(NO_WAIT, "quotas: [{provider: ollama, outputTokens: 1000}]\n");
        fixture.ollama.always(ScriptedStep.answer("long", TokenUsage.of(5, 400)));

        assertThat(answered(200, scope())).isEqualTo(2);
    }

    @Test
    void theLengthOfAnswersIsLearned() {
        open(NO_WAIT, "quotas: [{provider: ollama, tokens: 1000000}]\n");
        fixture.ollama.always(ScriptedStep.answer("long", TokenUsage.of(5, 9_000)));
        answered(20, scope());
        fixture.time.advance(MINUTE.multipliedBy(2));
        CopyOnWriteArrayList<ChatResponse> together = new CopyOnWriteArrayList<>();
        // Calls that are on their way at the same time: each has to reserve what it will need.
        fixture.ollama.always((model, call, listener) -> {
            if (together.isEmpty()) {
                answerMore(together);
            }
            return ScriptedStep.answer("long", TokenUsage.of(5, 9_000)).perform(model, call, listener);
        });
        chat(scope());

        assertThat(together.size() + 1).isBetween(105, 111);
    }

    private void answerMore(List<ChatResponse> together) {
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        List<CompletableFuture<Void>> mayEnd = new ArrayList<>();
        try (ThreadRunner runner = new ThreadRunner("quota-test")) {
            CompletableFuture<Void> everybodyIsIn = new CompletableFuture<>();
            fixture.ollama.always((model, call, listener) -> {
                CompletableFuture<Void> arrived = new CompletableFuture<>();
                mayEnd.add(arrived);
                everybodyIsIn.join();
                return ScriptedStep.answer("long", TokenUsage.of(5, 9_000)).perform(model, call, listener);
            });
            for (int i = 0; i < 200; i++) {
                CompletableFuture<Void> end = new CompletableFuture<>();
                CompletableFuture<Void> begun = new CompletableFuture<>();
                int before = fixture.ollama.callCount();
                runner.start("request", () -> {
                    try {
                        begun.complete(null);
                        together.add(chat(scope()));
                        end.complete(null);
                    } catch (NoRouteException refused) {
                        end.complete(null);
                    }
                });
                // One after the other, so that each sees what the earlier ones reserved.
                while (!end.isDone() && fixture.ollama.callCount() == before) {
                    Thread.onSpinWait();
                }
                ends.add(end);
            }
            everybodyIsIn.complete(null);
            ends.forEach(CompletableFuture::join);
        }
    }

    @Test
    void eachUserHasALimitOfItsOwnAndTheProjectOneForAll() {
        open(NO_WAIT, """
                quotas:
                  - {user: "*", requests: 5}
                  - {project: acme, requests: 8, period: 1h}
                  - {tag: team=blue, requests: 1}
                """);
        RequestScope acme = RequestScope.create().withAttribution(Attribution.of(new ProjectId("acme")));

        assertThat(answered(9, scope().withUser("ann"))).isEqualTo(5);
        assertThat(answered(9, acme.withUser("bob"))).isEqualTo(5);
        assertThat(answered(9, acme.withUser("eve"))).isEqualTo(3);
        assertThat(answered(9, acme)).as("of no user").isZero();
        assertThat(answered(9, scope().withTag("team", "blue"))).isEqualTo(1);
        assertThat(answered(9, scope().withTag("team", "red"))).isEqualTo(9);
        fixture.time.advance(MINUTE.multipliedBy(2));
        assertThat(answered(9, acme.withUser("bob"))).as("the hour is not over").isZero();
        assertThat(answered(9, scope().withUser("ann"))).isEqualTo(5);
    }

    @Test
    void aRefusedCallTakesNothingOfItsOtherQuotas() {
        open(NO_WAIT, "quotas: [{user: ann, requests: 1}, {provider: ollama, requests: 10}]\n");

        assertThat(answered(50, scope().withUser("ann"))).isEqualTo(1);
        assertThat(answered(50, scope().withUser("bob"))).isEqualTo(9);
    }

    @Test
    void theNextModelAnswersWhenTheQuotaOfTheFirstIsUsedUp() {
        fixture = new RouterFixture(
                RouterFixture.POLICY + "quotas: [{model: ollama/llama3.2, requests: 2}]\n", setup -> setup);

        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            texts.add(chat(scope()).text());
        }

        assertThat(texts).containsExactly("free", "free", "cheap", "cheap");
    }

    @Test
    void theErrorNamesTheQuotaAndTheTime() {
        open("retry: {attempts: 0, longestWait: 1m}\n", "quotas: [{user: ann, requests: 3}]\n");
        answered(3, scope().withUser("ann"));
        fixture.time.advance(Duration.ofSeconds(20));

        // It would be free in 40 seconds, and this request may take 30.
        NoRouteException refused = catchThrowableOfType(
                NoRouteException.class, () -> chat(scope().withUser("ann").withTimeout(Duration.ofSeconds(30))));

        CapacityException quota = refused.quota().orElseThrow();
        assertThat(quota.subject()).isEqualTo("requests of user ann within 1m");
        assertThat(quota.limit()).isEqualTo(3);
        assertThat(quota.retryAfter().orElseThrow()).isBetween(Duration.ofSeconds(40), Duration.ofMillis(40_500));
        assertThat(refused.retryAfter()).isEqualTo(quota.retryAfter());
        assertThat(refused).hasMessageContaining("requests of user ann within 1m");
        assertThat(refused.isUnavailable()).isTrue();
        fixture.time.advance(quota.retryAfter().orElseThrow());
        assertThat(isAnswered(scope().withUser("ann"))).isTrue();
    }

    @Test
    void requestsThatCanMakeItWaitInTheirOrder() throws Exception {
        open("retry: {attempts: 0, longestWait: 10m}\n", "quotas: [{provider: ollama, requests: 1}]\n");
        answered(1, scope());
        List<Integer> order = new CopyOnWriteArrayList<>();
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        try (ThreadRunner runner = new ThreadRunner("quota-test")) {
            for (int i = 0; i < 5; i++) {
                int number = i;
                CompletableFuture<Void> end = new CompletableFuture<>();
                ends.add(end);
                runner.start("request", () -> {
                    try {
                        chat(scope().withTimeout(Duration.ofMinutes(10)));
                        order.add(number);
                        end.complete(null);
                    } catch (Throwable failure) {
                        end.completeExceptionally(failure);
                    }
                });
                fixture.time.awaitWaiting(number + 1);
            }
            for (int i = 0; i < 5; i++) {
                fixture.time.advance(Duration.ofSeconds(61));
                ends.get(i).get(60, TimeUnit.SECONDS);
                fixture.time.awaitWaiting(4 - i);
            }
        }

        assertThat(order).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void failedAndCancelledCallsGiveBackWhatTheyDidNotUse() {
        open(NO_WAIT, "quotas: [{provider: ollama, tokens: 1000}]\n");
        fixture.ollama.always(ScriptedStep.fail(FailureKind.CONTEXT_TOO_LONG));
        for (int i = 0; i < 100; i++) {
            catchThrowableOfType(NoRouteException.class, () -> chat(scope()));
        }
        assertThat(fixture.ollama.callCount()).isEqualTo(100);
        fixture.ollama.always(ScriptedStep.answer("free", TokenUsage.of(1, 1)));

        assertThat(isAnswered(scope())).isTrue();
    }

    @Test
    void aTenantHasSoManyCallsAtTheSameTime() throws Exception {
        open(NO_WAIT, "quotas: [{user: '*', maxConcurrent: 2}]\n");
        CountDownLatch underWay = new CountDownLatch(3);
        CountDownLatch goOn = new CountDownLatch(1);
        fixture.ollama.always((model, call, listener) -> {
            underWay.countDown();
            awaitUninterrupted(goOn);
            return ScriptedStep.answer("ok", TokenUsage.of(1, 1)).perform(model, call, listener);
        });
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        try (ThreadRunner runner = new ThreadRunner("quota-test")) {
            for (String user : List.of("ann", "ann", "bob")) {
                ends.add(started(runner, scope().withUser(user), () -> {}));
            }
            assertThat(underWay.await(60, TimeUnit.SECONDS)).isTrue();

            NoRouteException refused =
                    catchThrowableOfType(NoRouteException.class, () -> chat(scope().withUser("ann")));
            goOn.countDown();
            for (CompletableFuture<Void> end : ends) {
                end.get(60, TimeUnit.SECONDS);
            }

            CapacityException quota = refused.quota().orElseThrow();
            assertThat(quota.subject()).isEqualTo("concurrent calls of user ann");
            assertThat(quota.limit()).isEqualTo(2);
            assertThat(refused.retryAfter()).contains(Duration.ofSeconds(1));
        }
        assertThat(fixture.ollama.callCount()).isEqualTo(3);
        assertThat(answered(5, scope().withUser("ann"))).isEqualTo(5);
    }

    @Test
    void whoWaitsForACallOfItsTenantGoesWhenOneEnds() throws Exception {
        open("retry: {attempts: 0, longestWait: 1m}\n", "quotas: [{tag: team=*, maxConcurrent: 1}]\n");
        RequestScope blue = scope().withTag("team", "blue").withTimeout(Duration.ofMinutes(10));
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger mostAtOnce = new AtomicInteger();
        fixture.ollama.always((model, call, listener) -> {
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            try {
                Thread.yield();
                return ScriptedStep.answer("ok", TokenUsage.of(1, 1)).perform(model, call, listener);
            } finally {
                atOnce.decrementAndGet();
            }
        });
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch underWay = new CountDownLatch(1);
        fixture.ollama.then((model, call, listener) -> {
            underWay.countDown();
            awaitUninterrupted(goOn);
            return ScriptedStep.answer("ok", TokenUsage.of(1, 1)).perform(model, call, listener);
        });
        List<Integer> order = new CopyOnWriteArrayList<>();
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        try (ThreadRunner runner = new ThreadRunner("quota-test")) {
            ends.add(started(runner, blue, () -> {}));
            assertThat(underWay.await(60, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 5; i++) {
                int number = i;
                ends.add(started(runner, blue, () -> order.add(number)));
                fixture.time.awaitWaiting(number + 1);
            }
            goOn.countDown();
            // Without a step of the clock: each end wakes the next one.
            for (CompletableFuture<Void> end : ends) {
                end.get(60, TimeUnit.SECONDS);
            }
        }

        assertThat(mostAtOnce).hasValue(1);
        assertThat(order).hasSize(5);
    }

    /** Its quota is free, and its model is not: it must wait for that, and not take and give back all the time. */
    @Test
    void whoStandsInALineAndMayNotBeCalledForAnotherReasonWaits() throws Exception {
        open(
                "retry: {attempts: 0, longestWait: 20m}\n",
                "quotas: [{provider: ollama, requests: 1, maxConcurrent: 1}]\n");
        chat(scope());
        CompletableFuture<Void> end = new CompletableFuture<>();
        try (ThreadRunner runner = new ThreadRunner("quota-test")) {
            Thread request = runner.start("request", () -> {
                try {
                    chat(scope().withTimeout(Duration.ofMinutes(20)));
                    end.complete(null);
                } catch (Throwable failure) {
                    end.completeExceptionally(failure);
                }
            });
            awaitWaiting(request);
            fixture.router.trip(
                    BreakerTarget.provider("ollama"),
                    new BreakerTrip("test", fixture.time.wallTime().plusSeconds(300)));
            awaitWaiting(request);
            fixture.time.advance(Duration.ofSeconds(61));
            awaitWaiting(request);
            for (int look = 0; look < 30; look++) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                assertThat(fixture.time.waitingThreads()).as("look %d", look).contains(request);
            }
            fixture.time.advance(Duration.ofMinutes(5));

            end.get(60, TimeUnit.SECONDS);
        }
        assertThat(fixture.ollama.callCount()).isEqualTo(2);
    }

    private void awaitWaiting(Thread thread) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!fixture.time.waitingThreads().contains(thread)) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.yield();
        }
    }

    private CompletableFuture<Void> started(ThreadRunner runner, RequestScope scope, Runnable answered) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        runner.start("request", () -> {
            try {
                chat(scope);
                answered.run();
                end.complete(null);
            } catch (Throwable failure) {
                end.completeExceptionally(failure);
            }
        });
        return end;
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nothing has released the call within 60 seconds");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Test
    void lowPriorityLeavesATenth() {
        open(NO_WAIT, "quotas: [{provider: ollama, requests: 100}]\n");

        assertThat(answered(200, scope().withPriority(Priority.LOW))).isEqualTo(90);
        assertThat(answered(200, scope())).isEqualTo(10);
    }

    @Test
    void aReloadedPolicyGoesOnCounting() {
        open(NO_WAIT, "quotas: [{provider: ollama, requests: 10}]\n");
        answered(8, scope());
        RoutingPolicy policy = fixture.router.policy();

        fixture.router.reload(policy.withQuotas(
                List.of(QuotaRule.perMinute(QuotaRule.Subject.PROVIDER, "ollama", QuotaUnit.REQUESTS, 12))));

        assertThat(answered(20, scope())).isEqualTo(4);
    }

    @Test
    void metersShowQuotas() {
        open(NO_WAIT, "quotas: [{provider: ollama, requests: 2}]\n");
        answered(5, scope());
        String name = "requests of provider ollama within 1m";

        assertThat(value("used", name)).isEqualTo(2);
        assertThat(value("limit", name)).isEqualTo(2);
        assertThat(value("waiting", name)).isZero();
        assertThat(fixture.meters.find("architect.router.quota.refused").gauges())
                .anySatisfy(gauge -> assertThat(gauge.value()).isPositive());
    }

    private double value(String what, String quota) {
        return fixture.meters
                .get("architect.router.quota." + what)
                .tag("quota", quota)
                .gauge()
                .value();
    }
}
