package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.model.FailureKind;
import dev.architect.model.RateLimit;
import dev.architect.model.StopReason;
import dev.architect.request.RequestScope;
import dev.architect.route.NoRouteException;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.RoutingContext;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.testkit.time.ManualTime;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls stay within the rate limits that a provider reports with its replies. */
final class RouterReportedLimitsTest {

    private static final String POLICY = """
            baseline: claude/claude-sonnet-4-6
            retry: {attempts: 0, longestWait: 0s}
            models:
              - {model: ollama/llama3.2, quality: 90, maxConcurrent: 100, contextTokens: 8192}
              - {model: openai/gpt-4o-mini, quality: 66, maxConcurrent: 100, contextTokens: 128000}
            """;
    private final RouterFixture fixture = new RouterFixture(POLICY, setup -> setup);

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void nothingIsSentWhenNothingIsLeft() {
        fixture.ollama.then(answer(limit("requests", 10, 0, Duration.ofSeconds(60))));
        fixture.chat("Hi");

        ChatResponse second = fixture.chat("Hi");

        assertThat(second.text()).isEqualTo("cheap");
        fixture.time.advance(Duration.ofSeconds(6));
        assertThat(fixture.chat("Hi").text()).as("a tenth of the limit is back").isEqualTo("free");
        assertThat(fixture.chat("Hi").text()).as("and is used").isEqualTo("cheap");
    }

    @Test
    void tokensOfThePromptCountToo() {
        fixture.ollama.always(answer(limit("input-tokens", 100_000, 1_000, Duration.ofSeconds(60))));
        fixture.chat("Hi");

        assertThat(fixture.chat("long ".repeat(2_000)).text()).isEqualTo("cheap");
        assertThat(fixture.chat("Hi").text()).isEqualTo("limited");
    }

    @Test
    void theErrorStatesWhenSomethingIsLeft() {
        fixture.openai.always(ScriptedStep.fail(FailureKind.AUTHENTICATION));
        fixture.ollama.then(answer(limit("requests", 60, 0, Duration.ofSeconds(60))));
        fixture.chat("Hi");

        NoRouteException failure = catchThrowableOfType(NoRouteException.class, () -> fixture.chat("Hi"));

        assertThat(failure.retryAfter()).isPresent();
        assertThat(failure.retryAfter().get()).isLessThanOrEqualTo(Duration.ofSeconds(1));
    }

    /** Ten calls a second come for ten minutes; the provider allows sixty a minute, refilled evenly. */
    @Test
    void aRefillingLimitIsUsedWithoutRefusals() {
        Provider provider = new Provider(false);
        provider.run(fixture);

        // 60 at the start and one a second.
        assertThat(provider.refused).as("of %d sent", provider.sent).isLessThanOrEqualTo(provider.sent / 1_000);
        assertThat(provider.sent).isBetween(627L, 661L);
    }

    /** The same with a provider that counts by whole minutes: it refuses until that is learned. */
    @Test
    void aLimitOfWholePeriodsIsLearned() {
        Provider provider = new Provider(true);
        provider.run(fixture);

        assertThat(provider.refusedAfterTheFirstMinute).isZero();
        assertThat(provider.refused).isLessThanOrEqualTo(2);
        assertThat(provider.sent - provider.refused).isBetween(570L, 600L);
    }

    /** Four nodes have the same key; ten times as many calls come as the provider allows, refilled evenly. */
    @Test
    void nodesThatShareAKeyLeaveRoomForEachOther() {
        ManualTime time = new ManualTime();
        int limit = 600;
        double[] left = {limit};
        long[] at = {0};
        long[] sent = {0};
        long[] refused = {0};
        ScriptedStep step = (model, call, listener) -> {
            double perSecond = limit / 60.0;
            left[0] = Math.min(limit, left[0] + (time.nanoTime() - at[0]) / 1e9 * perSecond);
            at[0] = time.nanoTime();
            boolean allowed = left[0] >= 1;
            // The first minute shows what others do.
            if (time.nanoTime() > Duration.ofMinutes(1).toNanos()) {
                sent[0]++;
                refused[0] += allowed ? 0 : 1;
            }
            left[0] -= allowed ? 1 : 0;
            RateLimit reported = limit(
                    "requests", limit, (long) left[0], Duration.ofNanos((long) ((limit - left[0]) / perSecond * 1e9)));
            return (allowed
                            ? answer(reported)
                            : ScriptedStep.fail(
                                    FailureKind.RATE_LIMITED, failure -> failure.rateLimits(List.of(reported))))
                    .perform(model, call, listener);
        };
        List<CostAwareRouter> nodes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            nodes.add(CostAwareRouter.with(RoutingPolicy.parse(POLICY))
                    .create(
                            List.of(
                                    ScriptedProvider.named("ollama").always(step),
                                    RouterFixture.answering("openai", "cheap")),
                            time));
        }
        Random random = new Random(11);
        for (int tick = 0; tick < 10 * 60 * 100; tick++) {
            CostAwareRouter node = nodes.get(random.nextInt(4));
            node.chat(
                    ChatRequest.of("Hi"),
                    new RoutingContext(
                            RequestScope.create(), Optional.empty(), Optional.empty(), entry -> {}, event -> {}));
            time.advance(Duration.ofMillis(10));
        }
        nodes.forEach(CostAwareRouter::close);

        System.out.printf("reported limits, 4 nodes of one key: %d sent, %d refused%n", sent[0], refused[0]);
        assertThat(refused[0]).isLessThanOrEqualTo(sent[0] / 1_000);
        assertThat(sent[0] - refused[0]).isGreaterThanOrEqualTo((long) (0.95 * 9 * limit));
    }

    private static ScriptedStep answer(RateLimit limit) {
        return ScriptedStep.answer(ProviderAnswer.builder(
                        "llama3.2", limit.name().equals("requests") ? "free" : "limited", StopReason.COMPLETE)
                .usage(TokenUsage.of(1, 1), UsageSource.REPORTED)
                .rateLimits(List.of(limit))
                .build());
    }

    private static RateLimit limit(String name, long limit, long remaining, Duration reset) {
        return new RateLimit(name, Optional.of(limit), Optional.of(remaining), Optional.of(reset));
    }

    /** Sixty requests a minute. */
    private static final class Provider {
        private static final int LIMIT = 60;
        private final boolean byMinute;
        private double left = LIMIT;
        private long at;
        private long sent;
        private long refused;
        private long refusedAfterTheFirstMinute;

        Provider(boolean byMinute) {
            this.byMinute = byMinute;
        }

        void run(RouterFixture fixture) {
            long start = fixture.time.nanoTime();
            at = 0;
            fixture.ollama.always((model, call, listener) -> {
                sent++;
                long now = fixture.time.nanoTime();
                Duration reset = refill(now - start);
                boolean allowed = left >= 1;
                if (!allowed) {
                    refused++;
                    refusedAfterTheFirstMinute +=
                            now - start > Duration.ofSeconds(60).toNanos() ? 1 : 0;
                    return ScriptedStep.fail(
                                    FailureKind.RATE_LIMITED,
                                    failure -> failure.rateLimits(List.of(limit("requests", LIMIT, 0, reset))))
                            .perform(model, call, listener);
                }
                left--;
                return answer(limit("requests", LIMIT, (long) left, reset(now - start)))
                        .perform(model, call, listener);
            });
            for (int call = 0; call < 6_000; call++) {
                fixture.chat("Hi");
                fixture.time.advance(Duration.ofMillis(100));
            }
        }

        private Duration refill(long passed) {
            if (byMinute) {
                long minute = passed / Duration.ofMinutes(1).toNanos();
                if (minute != at) {
                    left = LIMIT;
                }
                at = minute;
            } else {
                left = Math.min(LIMIT, left + (passed - at) / 1e9);
                at = passed;
            }
            return reset(passed);
        }

        private Duration reset(long passed) {
            long minute = Duration.ofMinutes(1).toNanos();
            return byMinute
                    ? Duration.ofNanos(minute - passed % minute)
                    : Duration.ofNanos((long) ((LIMIT - left) * 1e9));
        }
    }
}
