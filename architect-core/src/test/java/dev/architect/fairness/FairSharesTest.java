package dev.architect.fairness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.architect.fairness.FairShares.Demand;
import dev.architect.lane.Lane;
import dev.architect.lane.LaneShare;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Shares of session time, on a simulated node whose tasks take as long as they are made to. */
class FairSharesTest {

    private static Lane lane(int tenant) {
        return new Lane("q", "t" + tenant, "llm");
    }

    /** Runs tasks in virtual time, and adds up what each lane got. */
    private static final class Node {
        private final FairShares shares = new FairShares();
        private final SplittableRandom random;
        private final int slots;
        private final Map<Lane, Integer> weights = new LinkedHashMap<>();
        private final Map<Lane, Long> waiting = new HashMap<>();
        private final Map<Lane, Double> meanSeconds = new HashMap<>();
        private final Map<Lane, Integer> limits = new HashMap<>();
        private final Map<Lane, Integer> running = new HashMap<>();
        private final Map<Lane, Double> got = new HashMap<>();
        private final PriorityQueue<Run> runs = new PriorityQueue<>(Comparator.comparingDouble(Run::end));
        private double now;

        private record Run(Lane lane, double seconds, double end) {}

        Node(int slots, long seed) {
            this.slots = slots;
            this.random = new SplittableRandom(seed);
        }

        void add(Lane lane, int weight, long tasks, double seconds) {
            weights.put(lane, weight);
            waiting.merge(lane, tasks, Long::sum);
            meanSeconds.put(lane, seconds);
        }

        /** Until virtual {@code end}; the session time of lanes counts that end after {@code from}. */
        void run(double from, double end) {
            fill();
            while (!runs.isEmpty() && runs.peek().end() < end) {
                Run run = runs.remove();
                now = run.end();
                running.merge(run.lane(), -1, Integer::sum);
                shares.ended(run.lane(), Duration.ofNanos((long) (run.seconds() * 1e9)));
                // What of the run falls behind the beginning.
                got.merge(run.lane(), Math.min(run.seconds(), Math.max(0, now - from)), Double::sum);
                fill();
            }
        }

        private void fill() {
            List<Demand> demands = new ArrayList<>();
            weights.forEach((lane, weight) -> {
                long free = limits.getOrDefault(lane, Integer.MAX_VALUE) - running.getOrDefault(lane, 0);
                demands.add(new Demand(lane, weight, Math.min(waiting.getOrDefault(lane, 0L), free)));
            });
            for (LaneShare share : shares.divide(demands, slots - runs.size())) {
                for (int i = 0; i < share.limit(); i++) {
                    start(share.lane());
                }
            }
        }

        private void start(Lane lane) {
            shares.claimed(lane);
            waiting.merge(lane, -1L, Long::sum);
            running.merge(lane, 1, Integer::sum);
            double seconds = meanSeconds.getOrDefault(lane, 1.0) * (0.5 + random.nextDouble());
            runs.add(new Run(lane, seconds, now + seconds));
        }

        double part(Lane lane) {
            double all = got.values().stream().mapToDouble(Double::doubleValue).sum();
            return got.getOrDefault(lane, 0.0) / all;
        }
    }

    private static LongStream seeds() {
        return Boolean.getBoolean("architect.slow") ? LongStream.of(1, 2) : LongStream.of(1);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aHundredTenantsGetTheirPartsWhateverTheirTasksTake(long seed) {
        Node node = new Node(40, seed);
        SplittableRandom random = new SplittableRandom(seed);
        int weights = 0;
        for (int tenant = 0; tenant < 100; tenant++) {
            int weight = 1 + tenant % 10;
            weights += weight;
            // Tasks of a tenth of a second beside those of five.
            node.add(lane(tenant), weight, 1_000_000, 0.1 * Math.pow(50, random.nextDouble()));
        }

        node.run(100, 1_600);

        for (int tenant = 0; tenant < 100; tenant++) {
            double due = (1.0 + tenant % 10) / weights;
            assertThat(node.part(lane(tenant)) / due)
                    .as("tenant %s of weight %s", tenant, 1 + tenant % 10)
                    .isCloseTo(1, within(0.05));
        }
    }

    @Test
    void aShortBacklogIsServedBesideALongOne() {
        Node node = new Node(10, 1);
        node.add(lane(1), 1, 100_000, 1);
        node.run(0, 50);
        node.add(lane(2), 1, 5, 1);
        double since = node.now;

        while (node.waiting.getOrDefault(lane(2), 0L) > 0) {
            node.run(0, node.now + 0.2);
        }

        assertThat(node.now - since).isLessThan(3);
    }

    @Test
    void whoWasIdleHasNoCredit() {
        Node node = new Node(10, 1);
        node.add(lane(1), 1, 1, 1);
        node.add(lane(2), 1, 1_000_000, 1);
        node.run(0, 1_000);
        node.add(lane(1), 1, 1_000_000, 1);
        node.got.clear();

        node.run(node.now, node.now + 30);

        assertThat(node.part(lane(1))).isCloseTo(0.5, within(0.1));
    }

    @Test
    void aLimitedLaneLeavesItsPartToOthersAndTakesNoneBack() {
        Node node = new Node(10, 1);
        node.add(lane(1), 9, 1_000_000, 1);
        node.add(lane(2), 1, 1_000_000, 1);
        node.add(lane(3), 1, 1_000_000, 1);
        node.limits.put(lane(1), 2);
        node.run(100, 1_000);

        assertThat(node.part(lane(1))).isCloseTo(0.2, within(0.02));
        assertThat(node.part(lane(2))).isCloseTo(0.4, within(0.03));

        node.limits.remove(lane(1));
        node.got.clear();
        node.run(node.now, node.now + 100);

        assertThat(node.part(lane(1))).isCloseTo(9.0 / 11, within(0.05));
    }

    @Test
    void anotherWeightHoldsFromThenOn() {
        Node node = new Node(10, 1);
        node.add(lane(1), 1, 1_000_000, 1);
        node.add(lane(2), 1, 1_000_000, 1);
        node.run(0, 500);
        node.add(lane(1), 3, 0, 1);
        node.got.clear();

        node.run(node.now, node.now + 200);

        assertThat(node.part(lane(1))).isCloseTo(0.75, within(0.04));
    }

    @Test
    void whatWasGivenBackIsNotCharged() {
        FairShares shares = new FairShares();
        Demand one = new Demand(lane(1), 1, 100);
        Demand two = new Demand(lane(2), 1, 100);
        shares.divide(List.of(one, two), 10);
        for (int i = 0; i < 8; i++) {
            shares.claimed(lane(1));
        }
        assertThat(shares.divide(List.of(one, two), 8)).containsExactly(new LaneShare(lane(2), 8));

        for (int i = 0; i < 8; i++) {
            shares.returned(lane(1));
        }

        assertThat(shares.divide(List.of(one, two), 10))
                .containsExactlyInAnyOrder(new LaneShare(lane(1), 5), new LaneShare(lane(2), 5));
    }

    @Test
    void dividesNoMoreThanThereIs() {
        FairShares shares = new FairShares();

        assertThat(shares.divide(List.of(), 5)).isEmpty();
        assertThat(shares.divide(List.of(new Demand(lane(1), 1, 3), new Demand(lane(2), 1, 0)), 5))
                .containsExactly(new LaneShare(lane(1), 3));
        assertThat(shares.divide(List.of(new Demand(lane(1), 1, 3)), 0)).isEmpty();
    }
}
