package dev.architect.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatRequest;
import dev.architect.model.ModelId;
import dev.architect.route.BreakerState;
import dev.architect.route.BreakerTarget;
import dev.architect.route.BreakerTrip;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.Router;
import dev.architect.testkit.provider.ArchitectFixture;
import dev.architect.testkit.provider.ScriptedProvider;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the routers of nodes share. */
final class SharedRoutingTest extends ClusterFixture {

    private static final Duration STEP = Duration.ofMillis(250);

    private static final String DEAR_ONLY = """
            baseline: claude/claude-sonnet-4-6
            models:
              - {model: claude/claude-sonnet-4-6, quality: 88, contextTokens: 1000000}
            """;

    private CostAwareRouter router() {
        Router.Factory factory = CostAwareRouter.with(RoutingPolicy.parse(ArchitectFixture.POLICY));
        return (CostAwareRouter)
                factory.create(List.of(ScriptedProvider.named("openai"), ScriptedProvider.named("claude")), time);
    }

    private static String first(Router router) {
        return router.route(ChatRequest.of("hello")).candidates().get(0).model().toString();
    }

    @Test
    void allRoutersFollowOnePolicyAndKeepItWhenTheNextOneIsBroken() throws InterruptedException {
        try (CostAwareRouter here = router();
                CostAwareRouter there = router()) {
            SharedConfiguration<RoutingPolicy> policy =
                    cluster("a").configuration("routing-policy", RoutingPolicy::parse, here::reload);
            SharedConfiguration<RoutingPolicy> other =
                    cluster("b").configuration("routing-policy", RoutingPolicy::parse, there::reload);
            assertThat(first(there)).isEqualTo("openai/gpt-4o-mini");

            policy.publish(DEAR_ONLY);
            await(() -> other.version() == 1);
            assertThat(first(here)).isEqualTo("claude/claude-sonnet-4-6");
            assertThat(first(there)).isEqualTo("claude/claude-sonnet-4-6");

            memory.cluster().writeDocument("routing-policy", 1, "models: [");
            passUntil(
                    STEP, () -> policy.refusal().isPresent() && other.refusal().isPresent());
            assertThat(first(there)).isEqualTo("claude/claude-sonnet-4-6");
            assertThat(other.version()).isEqualTo(1);
        }
    }

    @Test
    void aTripByAnOperatorOnOneNodeBindsTheOthers() throws InterruptedException {
        try (CostAwareRouter here = router();
                CostAwareRouter there = router()) {
            Cluster a = cluster("a");
            Cluster b = cluster("b");
            a.shareHealth(here::healthHints, here::acceptHints);
            b.shareHealth(there::healthHints, there::acceptHints);

            here.trip(
                    BreakerTarget.model(ModelId.parse("openai/gpt-4o-mini")), BreakerTrip.untilReset("out of credit"));

            passUntil(
                    STEP,
                    () -> there.providers().stream()
                            .anyMatch(provider -> provider.breakers().containsValue(BreakerState.OPEN)));
            here.reset(BreakerTarget.provider("openai"), "paid");
            passUntil(
                    STEP,
                    () -> there.providers().stream()
                            .allMatch(provider -> provider.breakers().isEmpty()));
        }
    }
}
