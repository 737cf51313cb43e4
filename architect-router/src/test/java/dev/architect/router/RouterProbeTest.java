package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.error.ArchitectException;
import dev.architect.event.Event;
import dev.architect.model.Capability;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.model.ProviderHealth;
import dev.architect.model.ProviderProbe;
import dev.architect.request.RequestScope;
import dev.architect.route.BreakerCause;
import dev.architect.route.BreakerState;
import dev.architect.route.BreakerTarget;
import dev.architect.route.BreakerTrip;
import dev.architect.route.ModelHealth;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.RoutingContext;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.testkit.time.ManualTime;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Providers that no call shows anything about. */
class RouterProbeTest {

    private static final ModelId MODEL = ModelId.parse("ollama/llama3.2");
    private static final String POLICY = """
            baseline: claude/claude-sonnet-4-6
            retry: {attempts: 0, longestWait: 0s, budgetPercent: 0}
            %s
            models:
              - {model: ollama/llama3.2, quality: 45, contextTokens: 8192}
            """;
    private static final String ON = POLICY.formatted("probe: {interval: 30s}");
    private static final String OFF = POLICY.formatted("");
    /** Longer than an interval and its variation, shorter than two. */
    private static final Duration INTERVAL = Duration.ofSeconds(34);

    private final ManualTime time = new ManualTime();
    private final ProbedProvider provider = new ProbedProvider();
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final CostAwareRouter router =
            CostAwareRouter.with(RoutingPolicy.parse(OFF)).create(List.of(provider), time);

    @AfterEach
    void close() {
        router.close();
    }

    @Test
    void noProviderIsProbedUnlessThePolicySaysSo() {
        time.advance(Duration.ofHours(1));

        assertThat(time.waitingCount()).isZero();
        assertThat(provider.probes).hasValue(0);
        assertThat(RoutingPolicy.standard().probes().isEnabled()).isFalse();
    }

    @Test
    void anIdleProviderIsProbedEachInterval() throws Exception {
        follow(ON);

        pass(INTERVAL);
        assertThat(provider.probes).hasValue(1);
        pass(INTERVAL);
        assertThat(provider.probes).hasValue(2);
    }

    @Test
    void twoFailedProbesOpenWhatIsIdleAndAHealthyOneClosesIt() throws Exception {
        follow(ON);
        provider.found = () -> ProviderHealth.down("refused");

        pass(INTERVAL);
        assertThat(health().state()).isEqualTo(BreakerState.CLOSED);
        assertThat(health().suspect()).isTrue();

        pass(INTERVAL);
        assertThat(health().state()).isEqualTo(BreakerState.OPEN);
        assertThat(health().cause()).contains(BreakerCause.PROBE);

        provider.found = ProviderHealth::up;
        pass(INTERVAL);
        assertThat(health().state()).isEqualTo(BreakerState.CLOSED);
        assertThat(health().suspect()).isFalse();
        assertThat(events)
                .extracting(event -> ((Event.BreakerChanged) event).state())
                .containsExactly(BreakerState.OPEN, BreakerState.CLOSED);
    }

    @Test
    void aPersonAsksWithoutAnyEffectOnCalls() {
        provider.found = () -> {
            time.advance(Duration.ofMillis(40));
            return ProviderHealth.unusable("HTTP 401");
        };

        ProviderProbe probe = router.probe("ollama");

        assertThat(probe).isEqualTo(new ProviderProbe(ProviderHealth.unusable("HTTP 401"), Duration.ofMillis(40)));
        assertThat(provider.probes).hasValue(1);
        assertThat(health().state()).isEqualTo(BreakerState.CLOSED);
        assertThat(health().suspect()).isFalse();
        assertThatThrownBy(() -> router.probe("olama"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("provider is 'olama', expected one of [ollama]");
    }

    @Test
    void aProviderThatIsCalledIsNotProbed() throws Exception {
        follow(ON);

        for (int i = 0; i < 20; i++) {
            chat();
            pass(Duration.ofSeconds(10));
        }

        assertThat(provider.probes).hasValue(0);
    }

    @Test
    void aHealthyProbeDoesNotCloseWhatCallsOpened() throws Exception {
        follow(ON);
        provider.calls.always(ScriptedStep.fail(FailureKind.UNAVAILABLE));
        for (int i = 0; i < 5; i++) {
            chat();
        }

        pass(INTERVAL);

        assertThat(provider.probes).hasValue(1);
        assertThat(health().state()).isEqualTo(BreakerState.OPEN);
        assertThat(health().cause()).contains(BreakerCause.FAILURES);
    }

    @Test
    void whatAnOperatorTrippedIsNotProbed() throws Exception {
        follow(ON);
        router.trip(BreakerTarget.model(MODEL), BreakerTrip.untilReset("maintenance"));

        pass(INTERVAL);

        assertThat(provider.probes).hasValue(0);
    }

    @Test
    void aProbeThatThrowsAnythingIsAFailedOneAndTheNextOneIsMade() throws Exception {
        follow(ON);
        provider.found = () -> {
            throw new NoClassDefFoundError("absent/Host");
        };

        pass(INTERVAL);
        pass(INTERVAL);

        assertThat(health().cause()).contains(BreakerCause.PROBE);
        provider.found = () -> {
            Thread.currentThread().interrupt();
            return ProviderHealth.up();
        };
        pass(INTERVAL);
        pass(INTERVAL);
        assertThat(health().state()).isEqualTo(BreakerState.CLOSED);
        assertThat(provider.probes).hasValue(4);
    }

    @Test
    void aPolicyThatIsExchangedStartsAndEndsProbes() throws Exception {
        follow(ON);
        pass(INTERVAL);
        router.reload(RoutingPolicy.parse(OFF));
        provider.thread.join(60_000);
        time.advance(Duration.ofHours(1));
        assertThat(provider.probes).hasValue(1);

        follow(ON);
        pass(INTERVAL);

        assertThat(provider.probes).hasValue(2);
    }

    @Test
    void closingTheRouterEndsAProbeThatHangs() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        provider.found = () -> {
            asked.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
            return ProviderHealth.down("interrupted");
        };
        follow(ON);
        time.advance(INTERVAL);
        assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();

        router.close();

        provider.thread.join(60_000);
        assertThat(provider.thread.isAlive()).isFalse();
        assertThat(health().suspect())
                .as("a probe that was ended shows nothing")
                .isFalse();
        assertThat(time.waitingCount()).isZero();
    }

    private void follow(String policy) throws InterruptedException {
        router.listen(events::add);
        router.reload(RoutingPolicy.parse(policy));
        time.awaitWaiting(1);
    }

    private void pass(Duration duration) throws InterruptedException {
        time.advance(duration);
        time.awaitWaiting(1);
    }

    private void chat() {
        RoutingContext context = new RoutingContext(
                RequestScope.create().withTimeout(Duration.ofSeconds(10)),
                Optional.empty(),
                Optional.empty(),
                entry -> {},
                events::add);
        try {
            router.chat(ChatRequest.of("Hi"), context);
        } catch (ArchitectException failed) {
            assertThat(failed).isNotInstanceOf(ProviderException.class);
        }
    }

    private ModelHealth health() {
        return router.providers().get(0).health().get(0);
    }

    /** A provider whose probes are counted and scripted. */
    private static final class ProbedProvider implements ModelProvider {
        private final ScriptedProvider calls =
                ScriptedProvider.named("ollama").always(ScriptedStep.answer("free", TokenUsage.of(1, 1)));
        private final AtomicInteger probes = new AtomicInteger();
        private volatile Supplier<ProviderHealth> found = ProviderHealth::up;
        private volatile Thread thread = Thread.currentThread();

        @Override
        public String name() {
            return calls.name();
        }

        @Override
        public Set<Capability> capabilities(String model) {
            return calls.capabilities(model);
        }

        @Override
        public ProviderAnswer chat(ProviderCall call) {
            return calls.chat(call);
        }

        @Override
        public ProviderAnswer stream(ProviderCall call, ChatListener listener) {
            return calls.stream(call, listener);
        }

        @Override
        public ProviderHealth probe() {
            thread = Thread.currentThread();
            probes.incrementAndGet();
            return found.get();
        }

        @Override
        public void close() {
            calls.close();
        }
    }
}
