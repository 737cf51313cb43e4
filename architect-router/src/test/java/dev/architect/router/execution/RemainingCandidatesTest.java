package dev.architect.router.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.chat.ChatRequest;
import dev.architect.cost.PriceCatalogue;
import dev.architect.model.ModelId;
import dev.architect.request.RequestScope;
import dev.architect.router.admission.Deployment;
import dev.architect.router.admission.ProviderState;
import dev.architect.router.cost.CallPricer;
import dev.architect.router.cost.TokenEstimator;
import dev.architect.router.planning.RoutePlan;
import dev.architect.router.planning.RoutePlanner;
import dev.architect.router.planning.RoutingSnapshot;
import dev.architect.router.policy.ModelPolicy;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.TokenCounter;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.testkit.time.ManualTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What remains is what a list would have, which a request starts from and takes its calls out of. */
class RemainingCandidatesTest {

    private static final int MODELS = 6;
    private static final int STEPS = 20_000;

    private final RoutePlan plan = plan();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void changesAsAListDoes(long seed) {
        Random random = new Random(seed);
        List<Deployment> expected = new ArrayList<>(plan.deployments());
        List<Deployment> remaining = new RemainingCandidates(plan);
        for (int step = 0; step < STEPS; step++) {
            if (expected.isEmpty()) {
                expected = new ArrayList<>(plan.deployments());
                remaining = new RemainingCandidates(plan);
            }
            change(random, expected, remaining);
            assertThat(remaining).as("seed %s, step %s", seed, step).isEqualTo(expected);
        }
    }

    private void change(Random random, List<Deployment> expected, List<Deployment> remaining) {
        Deployment any = plan.deployment(random.nextInt(MODELS));
        switch (random.nextInt(8)) {
            case 0 -> {
                if (!expected.contains(any)) {
                    expected.add(0, any);
                    remaining.add(0, any);
                }
            }
            case 1 ->
                assertThat(remaining.removeIf(each -> each == any)).isEqualTo(expected.removeIf(each -> each == any));
            case 2 -> {
                int place = random.nextInt(expected.size());
                assertThat(remaining.remove(place)).isSameAs(expected.remove(place));
            }
            case 3 -> assertThat(remaining.remove(any)).isEqualTo(expected.remove(any));
            case 4 -> {
                if (random.nextInt(4) == 0) {
                    remaining.clear();
                    expected.clear();
                }
            }
            // The usual change.
            default -> assertThat(remaining.remove(remaining.get(0))).isEqualTo(expected.remove(expected.get(0)));
        }
    }

    @Test
    void takesNothingOutOfNothing() {
        List<Deployment> remaining = new RemainingCandidates(plan);
        for (int i = 0; i < MODELS; i++) {
            remaining.remove(0);
        }

        assertThat(remaining).isEmpty();
        assertThatThrownBy(() -> remaining.remove(0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static RoutePlan plan() {
        StringBuilder policy = new StringBuilder("baseline: p/m0\nmodels:\n");
        for (int i = 0; i < MODELS; i++) {
            policy.append("  - {model: p/m" + i + ", quality: 70, contextTokens: 100000, maxConcurrent: 8}\n");
        }
        RoutingPolicy parsed = RoutingPolicy.parse(policy.toString());
        ManualTime time = new ManualTime(Instant.parse("2026-11-22T12:00:00Z"), 3);
        ProviderState provider = new ProviderState(ScriptedProvider.named("p"));
        Map<ModelId, Deployment> deployments = new HashMap<>();
        for (ModelPolicy model : parsed.models()) {
            deployments.put(model.id(), new Deployment(model, provider, parsed.circuitBreaker(), time));
        }
        CallPricer pricer = new CallPricer(
                new PriceCatalogue("none", List.of()), parsed.baseline(), List.copyOf(deployments.keySet()));
        RoutingSnapshot snapshot = new RoutingSnapshot(
                parsed, deployments, new TokenEstimator(TokenCounter.fourCharacters()), pricer, time);
        return new RoutePlanner(snapshot, time).plan(ChatRequest.of("Hi"), "request", RequestScope.create(), false);
    }
}
