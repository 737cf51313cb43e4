package dev.architect.cluster.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Many nodes on a few stores, in simulated time: what {@code docs/concepts/growth.md} quotes. Each node makes its calls at random moments;
 * each store answers them in their order on its processors, and each call takes what {@code benchmarks/run shards} has measured. {@link #main}
 * prints the whole table; the build runs the small part of it.
 */
class GrowthSimulationTest {

    /** Processor time of a server for a beat and for a claim, measured. */
    private static final double CALL_MICROS = 320;

    /** The same for a task in batches of 200: submitted, claimed, recorded. */
    private static final double TASK_MICROS = 75;

    /** A beat, four claims, eight looks for dead nodes and due tasks, two at its own tasks. A look counts like a claim, which is too much. */
    private static final int CALLS_PER_NODE = 15;

    private static final int TASKS_PER_CALL = 200;

    /** A lease is lost when no beat is answered for nine seconds. */
    private static final double LEASE_MICROS = 9e6;

    private static final double SECOND = 1e6;
    private static final long SEED = 1;

    /** What came of it. */
    private record Outcome(
            int nodes, int stores, int nodesPerStore, int cores, long tasks, double busy, double p50, double p99) {

        boolean holds() {
            return busy < 0.9 && p99 < LEASE_MICROS;
        }

        String line() {
            return String.format(
                    Locale.ROOT,
                    "| %,d | %d × %d cores | %,d | %,d | %.0f %% | %s | %s |",
                    nodes,
                    stores,
                    cores,
                    nodesPerStore,
                    tasks,
                    Math.min(busy, 9.99) * 100,
                    holds() ? String.format(Locale.ROOT, "%.1f / %.1f ms", p50 / 1000, p99 / 1000) : "–",
                    holds() ? "holds" : "does not hold");
        }
    }

    /**
     * Simulates one of the stores, which are all alike.
     *
     * @param perStore how many of the nodes work on each store
     * @param tasks in a second over all stores
     */
    private static Outcome simulate(int nodes, int stores, int perStore, int cores, long tasks, int seconds) {
        long calls = (long) perStore * CALLS_PER_NODE * seconds;
        long batches = tasks * seconds / stores / TASKS_PER_CALL;
        Random random = new Random(SEED);
        // The upper bits are the moment, the lowest tells a batch of tasks from a call.
        long[] arrivals = new long[Math.toIntExact(calls + batches)];
        for (int i = 0; i < arrivals.length; i++) {
            long moment = (long) (random.nextDouble() * seconds * SECOND);
            arrivals[i] = (moment << 1) | (i < batches ? 1 : 0);
        }
        Arrays.sort(arrivals);
        PriorityQueue<Double> free = new PriorityQueue<>();
        for (int i = 0; i < cores; i++) {
            free.add(0.0);
        }
        double[] answers = new double[arrivals.length];
        double work = 0;
        for (int i = 0; i < arrivals.length; i++) {
            double arrival = arrivals[i] >> 1;
            double cost = (arrivals[i] & 1) == 1 ? TASK_MICROS * TASKS_PER_CALL : CALL_MICROS;
            double end = Math.max(arrival, free.remove()) + cost;
            free.add(end);
            work += cost;
            answers[i] = end - arrival;
        }
        Arrays.sort(answers);
        return new Outcome(
                nodes,
                stores,
                perStore,
                cores,
                tasks,
                work / (seconds * SECOND * cores),
                answers[answers.length / 2],
                answers[(int) (answers.length * 0.99)]);
    }

    private static List<Outcome> table(boolean whole) {
        List<Outcome> table = new ArrayList<>();
        table.add(simulate(10, 1, 10, 8, 20_000, 5));
        table.add(simulate(100, 1, 100, 8, 50_000, 5));
        table.add(simulate(1_000, 1, 1_000, 8, 20_000, 5));
        table.add(simulate(1_000, 1, 1_000, 8, 50_000, 5));
        table.add(simulate(1_000, 2, 1_000, 8, 50_000, 5));
        if (whole) {
            table.add(simulate(10_000, 1, 10_000, 64, 100_000, 5));
            table.add(simulate(10_000, 10, 10_000, 8, 100_000, 5));
            table.add(simulate(10_000, 10, 1_000, 8, 200_000, 5));
            table.add(simulate(100_000, 100, 1_000, 8, 2_000_000, 5));
            table.add(simulate(100_000, 100, 1_000, 8, 4_000_000, 5));
        }
        return table;
    }

    /** Prints the table of the paper. */
    public static void main(String... arguments) {
        table(true).forEach(outcome -> System.out.println(outcome.line()));
    }

    @Test
    void aThousandNodesWorkOnOneStoreOfEightCores() {
        List<Outcome> table = table(false);

        assertThat(table.get(0).holds()).isTrue();
        assertThat(table.get(0).busy()).isBetween(0.15, 0.25);
        assertThat(table.get(1).holds()).isTrue();
        assertThat(table.get(2).holds()).as(table.get(2).line()).isTrue();
        // What a thousand nodes ask when they are idle is the work of five cores.
        assertThat(table.get(2).busy()).isBetween(0.75, 0.85);
        assertThat(table.get(3).holds()).isFalse();
    }

    /** Nodes beat in every store of their group, so a second store takes half of the tasks over and none of the beats. */
    @Test
    void storesDivideTasksAndNotNodes() {
        Outcome one = simulate(1_000, 1, 1_000, 16, 80_000, 2);
        Outcome two = simulate(1_000, 2, 1_000, 16, 80_000, 2);
        double nodes = 1_000 * CALLS_PER_NODE * CALL_MICROS / SECOND / 16;

        assertThat(one.busy() - nodes).isCloseTo(2 * (two.busy() - nodes), offset(0.01));
        assertThat(two.busy()).isGreaterThan(nodes);
    }

    /** A hundred groups of a thousand nodes do what none of them could do alone. */
    @Test
    void groupsOfNodesDivideEverything() {
        Outcome group = simulate(1_000, 1, 1_000, 8, 20_000, 2);
        Outcome one = simulate(100_000, 100, 1_000, 8, 2_000_000, 2);

        assertThat(one.busy()).isEqualTo(group.busy());
        assertThat(one.holds()).isTrue();
    }
}
