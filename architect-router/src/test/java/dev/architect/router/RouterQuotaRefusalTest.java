package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatRequest;
import dev.architect.error.CapacityException;
import dev.architect.model.StopReason;
import dev.architect.request.RequestScope;
import dev.architect.route.NoRouteException;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.Router;
import dev.architect.spi.RoutingContext;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.testkit.time.ManualTime;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A request is kept from its call by a quota that has enough again at the next moment. */
final class RouterQuotaRefusalTest {

    private static final long TICK_NANOS = 1_000;
    private static final RoutingPolicy POLICY = RoutingPolicy.parse("""
            baseline: claude/claude-sonnet-4-6
            retry: {attempts: 0, longestWait: 0s}
            quotas: [{provider: openai, requests: 1}]
            models: [{model: openai/gpt-4o-mini, quality: 90, contextTokens: 128000}]
            """);

    /** Goes on by a tick whenever it is read. */
    private static final class TickingTime implements TimeSource {
        private final ManualTime still = new ManualTime();
        private final AtomicLong nanos = new AtomicLong();

        @Override
        public Instant wallTime() {
            return still.wallTime().plusNanos(nanos.get());
        }

        @Override
        public long nanoTime() {
            return nanos.addAndGet(TICK_NANOS);
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            still.sleep(duration);
        }

        @Override
        public WakeUp newWakeUp() {
            return still.newWakeUp();
        }

        @Override
        public long random(long bound) {
            return still.random(bound);
        }
    }

    private static ScriptedProvider provider() {
        return ScriptedProvider.named("openai")
                .always((model, call, listener) -> ProviderAnswer.builder(call.model(), "ok", StopReason.COMPLETE)
                        .usage(TokenUsage.of(1, 1), UsageSource.REPORTED)
                        .build());
    }

    private static Optional<NoRouteException> refusal(CostAwareRouter router) {
        try {
            router.chat(
                    ChatRequest.of("Hi"),
                    new RoutingContext(
                            RequestScope.create(), Optional.empty(), Optional.empty(), entry -> {}, event -> {}));
            return Optional.empty();
        } catch (NoRouteException refused) {
            return Optional.of(refused);
        }
    }

    /** Each request is made a tick earlier than the one before, so that the quota has enough again at every moment of one. */
    @Test
    void namesTheQuotaOrIsAnsweredWheneverTheQuotaHasEnoughAgain() {
        int refused = 0;
        int answered = 0;
        for (int early = 0; early < 120; early++) {
            TickingTime time = new TickingTime();
            try (CostAwareRouter router = CostAwareRouter.with(POLICY)
                    .create(new Router.Parts(List.of(provider()), time, Optional.empty(), Optional.empty()))) {
                assertThat(refusal(router)).isEmpty();
                Duration untilEnough = refusal(router)
                        .flatMap(NoRouteException::quota)
                        .flatMap(CapacityException::retryAfter)
                        .orElseThrow();
                time.nanos.addAndGet(untilEnough.toNanos() - early * TICK_NANOS);
                Optional<NoRouteException> refusal = refusal(router);
                refusal.ifPresent(exception -> assertThat(exception.quota()).isPresent());
                refused += refusal.isPresent() ? 1 : 0;
                answered += refusal.isEmpty() ? 1 : 0;
            }
        }
        assertThat(refused).isPositive();
        assertThat(answered).isPositive();
    }
}
