package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatRequest;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.request.RequestScope;
import dev.architect.route.BreakerState;
import dev.architect.route.NoRouteException;
import dev.architect.spi.CallAdmission;
import dev.architect.spi.RoutingContext;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How requests wait for their first call, and how much the models can take. */
final class RouterAdmissionTest {

    private static final String ONE_MODEL = """
            baseline: claude/claude-sonnet-4-6
            requestTimeout: 100s
            callTimeout: 40s
            models:
              - {model: openai/gpt-4o-mini, quality: 66, maxConcurrent: 1, contextTokens: 128000}
            """;

    private final RouterFixture fixture = new RouterFixture(ONE_MODEL, setup -> setup);

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void isUnavailableWhenNoPermitComesInTime() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Thread first = blockedCall(release);

        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread second = new Thread(() -> {
            try {
                fixture.router.chat(ChatRequest.of("Hi"), context(Duration.ofSeconds(60), new AtomicInteger()));
            } catch (Throwable failure) {
                thrown.set(failure);
            }
        });
        second.start();
        fixture.time.awaitWaiting(1);
        fixture.time.advance(Duration.ofSeconds(10));
        second.join();
        release.countDown();
        first.join();

        assertThat(thrown.get()).isInstanceOfSatisfying(NoRouteException.class, failure -> {
            assertThat(failure.isUnavailable()).isTrue();
            assertThat(failure.isTransient()).isTrue();
            assertThat(failure.failures()).isEmpty();
        });
    }

    @Test
    void startsTheTimeLimitWithTheFirstCall() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Thread first = blockedCall(release);
        AtomicReference<Duration> timeout = new AtomicReference<>();
        fixture.openai.then((model, call, listener) -> {
            timeout.set(call.timeout());
            return ScriptedStep.answer("ok", TokenUsage.of(1, 1)).perform(model, call, listener);
        });
        AtomicInteger admitted = new AtomicInteger();
        Thread second =
                new Thread(() -> fixture.router.chat(ChatRequest.of("Hi"), context(Duration.ofSeconds(30), admitted)));
        second.start();
        fixture.time.awaitWaiting(1);

        fixture.time.advance(Duration.ofSeconds(9));
        release.countDown();
        second.join();
        first.join();

        assertThat(timeout).hasValue(Duration.ofSeconds(30));
        assertThat(admitted).hasValue(1);
    }

    /** The permit comes at the very moment at which the time is over. */
    @Test
    void makesNoCallWithoutTimeAndBlamesNoProvider() throws Exception {
        RouterFixture two = new RouterFixture(RouterFixture.POLICY, setup -> setup);
        two.ollama.then((model, call, listener) -> {
            two.time.advance(Duration.ofSeconds(20));
            throw ProviderException.builder(model, FailureKind.UNAVAILABLE)
                    .delivery(DeliveryStatus.NOT_SENT)
                    .build();
        });

        NoRouteException failure = catchThrowableOfType(
                NoRouteException.class,
                () -> two.router.chat(ChatRequest.of("Hi"), two.scope(null, Duration.ofSeconds(20))));

        assertThat(failure.failures()).hasSize(1);
        assertThat(two.openai.calls()).isEmpty();
        assertThat(two.router.providers()).allMatch(provider -> provider.breaker() == BreakerState.CLOSED);
        two.close();
    }

    @Test
    void countsFreePermitsAsCapacity() throws Exception {
        assertThat(fixture.router.freeCalls()).isEqualTo(1);
        CountDownLatch release = new CountDownLatch(1);
        Thread call = blockedCall(release);

        assertThat(fixture.router.freeCalls()).isZero();

        release.countDown();
        call.join();
        assertThat(fixture.router.freeCalls()).isEqualTo(1);
    }

    @Test
    void hasNoCapacityWhileTheBreakerIsOpenAndOneCallWhenATrialIsDue() {
        openBreaker();
        assertThat(fixture.router.freeCalls()).isZero();

        fixture.time.advance(Duration.ofMinutes(10));

        assertThat(fixture.router.freeCalls()).isEqualTo(1);
    }

    @Test
    void statesWhenTheNextTrialIsDue() {
        openBreaker();
        fixture.openai.then(ScriptedStep.fail(FailureKind.TIMEOUT));

        NoRouteException failure = catchThrowableOfType(NoRouteException.class, () -> fixture.chat("Hi"));

        assertThat(failure.isUnavailable()).isTrue();
        assertThat(failure.retryAfter().orElseThrow()).isPositive();
    }

    @Test
    void countsAFailureOfAHealthyProviderAsATry() {
        fixture.openai.then(ScriptedStep.fail(FailureKind.PROTOCOL));

        NoRouteException failure = catchThrowableOfType(NoRouteException.class, () -> fixture.chat("Hi"));

        assertThat(failure.isTransient()).isTrue();
        assertThat(failure.isUnavailable()).isFalse();
    }

    private void openBreaker() {
        for (int i = 0; i < 20 && state() == BreakerState.CLOSED; i++) {
            fixture.openai.then(ScriptedStep.fail(FailureKind.UNAVAILABLE));
            catchThrowableOfType(NoRouteException.class, () -> fixture.chat("Hi"));
        }
        assertThat(state()).isEqualTo(BreakerState.OPEN);
    }

    private BreakerState state() {
        return fixture.router.providers().stream()
                .filter(provider -> provider.name().equals("openai"))
                .findFirst()
                .orElseThrow()
                .breaker();
    }

    private Thread blockedCall(CountDownLatch release) throws InterruptedException {
        CountDownLatch called = new CountDownLatch(1);
        fixture.openai.then((model, call, listener) -> {
            called.countDown();
            try {
                release.await();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
            return ScriptedStep.answer("ok", TokenUsage.of(1, 1)).perform(model, call, listener);
        });
        Thread thread = new Thread(() -> fixture.chat("first"));
        thread.start();
        called.await();
        return thread;
    }

    private RoutingContext context(Duration timeout, AtomicInteger admitted) {
        return new RoutingContext(
                RequestScope.create().withTimeout(timeout),
                Optional.empty(),
                Optional.empty(),
                fixture.ledger::add,
                fixture.events::add,
                new CallAdmission(Optional.of(Duration.ofSeconds(10)), admitted::incrementAndGet));
    }
}
