package dev.architect.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.cluster.BalancingSimulation.Outcome;
import dev.architect.cluster.BalancingSimulation.Policy;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The figures behind the choice of pull. {@code -Dbalancing.seeds=N} runs more than the fast slice; figures of single seeds differ
 * by a third.
 */
final class BalancingSimulationTest {

    private static final int TASKS = 60_000;
    private static final int SEEDS = Integer.getInteger("balancing.seeds", 3);

    @Test
    void pullWaitsLeastAndUsesUnequalNodesAlike() {
        Map<Policy, List<Outcome>> outcomes = new EnumMap<>(Policy.class);
        for (Policy policy : Policy.values()) {
            outcomes.put(
                    policy,
                    LongStream.rangeClosed(1, SEEDS)
                            .mapToObj(seed -> BalancingSimulation.run(policy, TASKS, seed))
                            .toList());
        }
        System.out.printf("%d tasks, mean of seeds 1 to %d, seconds in the queue%n", TASKS, SEEDS);
        outcomes.forEach((policy, runs) -> System.out.printf(
                Locale.ROOT,
                "%-34s mean %7.2f  p95 %7.2f  p99 %7.2f  use differs by %4.1f %%%n",
                policy,
                runs.stream().mapToDouble(Outcome::mean).average().orElseThrow(),
                runs.stream().mapToDouble(Outcome::p95).average().orElseThrow(),
                runs.stream().mapToDouble(Outcome::p99).average().orElseThrow(),
                100 * runs.stream().mapToDouble(Outcome::spread).average().orElseThrow()));

        Map<Policy, Double> mean = new EnumMap<>(Policy.class);
        outcomes.forEach((policy, runs) -> mean.put(
                policy, runs.stream().mapToDouble(Outcome::mean).average().orElseThrow()));
        assertOrder(
                mean,
                Policy.PULL,
                Policy.JOIN_IDLE_QUEUE,
                Policy.TWO_CHOICES_FRESH,
                Policy.LEAST_LOADED_GOSSIP_1_S_OWN_SENDS,
                Policy.TWO_CHOICES_GOSSIP_1_S,
                Policy.TWO_CHOICES_GOSSIP_5_S,
                Policy.LEAST_LOADED_GOSSIP_1_S,
                Policy.LEAST_LOADED_GOSSIP_5_S,
                Policy.RANDOM);
        assertOrder(mean, Policy.LEAST_LOADED_GOSSIP_5_S, Policy.ROUND_ROBIN);
        assertThat(outcomes.get(Policy.PULL)).allSatisfy(run -> {
            assertThat(run.spread()).isLessThan(0.10);
            assertThat(Arrays.stream(run.use()).average().orElseThrow()).isBetween(0.78, 0.95);
        });
        // Two nodes get more than they can do: the queue grows as long as tasks come.
        assertThat(outcomes.get(Policy.RANDOM))
                .allSatisfy(run -> assertThat(run.p99()).isGreaterThan(300));
        assertThat(outcomes.get(Policy.ROUND_ROBIN))
                .allSatisfy(run -> assertThat(run.p99()).isGreaterThan(300));
    }

    private static void assertOrder(Map<Policy, Double> mean, Policy... best) {
        for (int i = 1; i < best.length; i++) {
            assertThat(mean.get(best[i - 1]))
                    .as("mean wait of %s against %s", best[i - 1], best[i])
                    .isLessThan(mean.get(best[i]));
        }
    }
}
