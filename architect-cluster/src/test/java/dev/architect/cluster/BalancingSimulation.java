package dev.architect.cluster;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;

/**
 * How long tasks wait for a slot under different ways to distribute them: eight nodes with ten slots each, of which two work at half speed;
 * tasks that take five seconds on average, log-normal with σ = 1.2; arrivals at random moments, as many as keep 85 % of all slots busy. Four
 * of the nodes take tasks from outside, and send each to a node by what they know.
 *
 * <p>One run is a function of its seed. Every policy gets the same tasks.
 */
final class BalancingSimulation {

    static final int NODES = 8;
    static final int SLOTS = 10;
    private static final int SENDERS = 4;
    private static final int SLOW_NODES = 2;
    private static final double SLOW = 0.5;
    private static final double MEAN_SECONDS = 5;
    private static final double SIGMA = 1.2;
    private static final double UTILISATION = 0.85;

    /** Who gets a task. */
    enum Policy {
        RANDOM(0, false),
        ROUND_ROBIN(0, false),
        LEAST_LOADED_GOSSIP_5_S(5, false),
        LEAST_LOADED_GOSSIP_1_S(1, false),
        LEAST_LOADED_GOSSIP_1_S_OWN_SENDS(1, true),
        TWO_CHOICES_GOSSIP_5_S(5, false),
        TWO_CHOICES_GOSSIP_1_S(1, false),
        TWO_CHOICES_FRESH(0, false),
        JOIN_IDLE_QUEUE(0, false),
        PULL(0, false);

        private final double gossipSeconds;
        private final boolean countsOwnSends;

        Policy(double gossipSeconds, boolean countsOwnSends) {
            this.gossipSeconds = gossipSeconds;
            this.countsOwnSends = countsOwnSends;
        }
    }

    /**
     * What came of a run.
     *
     * @param mean the mean waiting time in seconds, and so on
     * @param use the share of its slots' time that each node worked
     */
    record Outcome(Policy policy, double mean, double p95, double p99, double[] use) {

        /** How much the use of the node that is used least differs from that of the one that is used most, as a share of the latter. */
        double spread() {
            double most = Arrays.stream(use).max().orElseThrow();
            double least = Arrays.stream(use).min().orElseThrow();
            return (most - least) / most;
        }
    }

    private record Arrival(double at, double work, int through) {}

    private record End(double at, int node) implements Comparable<End> {
        @Override
        public int compareTo(End other) {
            return Double.compare(at, other.at);
        }
    }

    private final Policy policy;
    private final SplittableRandom random;
    private final List<Arrival> arrivals;
    private final PriorityQueue<End> ends = new PriorityQueue<>();
    private final List<Deque<Arrival>> queues = new ArrayList<>();
    private final Deque<Arrival> shared = new ArrayDeque<>();
    private final Deque<Integer> idleReports = new ArrayDeque<>();
    private final int[] running = new int[NODES];
    private final double[] worked = new double[NODES];
    private final int[] gossip = new int[NODES];
    private final int[][] ownSends = new int[SENDERS][NODES];
    private final double[] waits;
    private int started;
    private int next;
    private double nextGossip;

    private BalancingSimulation(Policy policy, List<Arrival> arrivals, long seed) {
        this.policy = policy;
        this.random = new SplittableRandom(seed);
        this.arrivals = arrivals;
        this.waits = new double[arrivals.size()];
        for (int node = 0; node < NODES; node++) {
            queues.add(new ArrayDeque<>());
            for (int slot = 0; slot < SLOTS; slot++) {
                idleReports.add(node);
            }
        }
    }

    static Outcome run(Policy policy, int tasks, long seed) {
        return new BalancingSimulation(policy, arrivals(tasks, seed), seed).run();
    }

    private static double speed(int node) {
        return node < SLOW_NODES ? SLOW : 1;
    }

    private static List<Arrival> arrivals(int tasks, long seed) {
        SplittableRandom random = new SplittableRandom(seed ^ 0x5DEECE66DL);
        double capacity = SLOTS * (NODES - SLOW_NODES + SLOW_NODES * SLOW) / MEAN_SECONDS;
        // So that the mean is five seconds: E = exp(μ + σ²/2).
        double mu = Math.log(MEAN_SECONDS) - SIGMA * SIGMA / 2;
        List<Arrival> arrivals = new ArrayList<>(tasks);
        double at = 0;
        for (int i = 0; i < tasks; i++) {
            at -= Math.log(1 - random.nextDouble()) / (UTILISATION * capacity);
            // Box and Muller.
            double normal =
                    Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
            arrivals.add(new Arrival(at, Math.exp(mu + SIGMA * normal), random.nextInt(SENDERS)));
        }
        return arrivals;
    }

    private Outcome run() {
        for (Arrival arrival : arrivals) {
            endUntil(arrival.at);
            if (policy.gossipSeconds > 0 && arrival.at >= nextGossip) {
                Arrays.setAll(gossip, this::load);
                for (int[] sends : ownSends) {
                    Arrays.fill(sends, 0);
                }
                nextGossip = Math.floor(arrival.at / policy.gossipSeconds + 1) * policy.gossipSeconds;
            }
            distribute(arrival);
        }
        double over = arrivals.get(arrivals.size() - 1).at;
        double[] use = new double[NODES];
        for (int node = 0; node < NODES; node++) {
            use[node] = worked[node] / (over * SLOTS);
        }
        endUntil(Double.MAX_VALUE);
        Arrays.sort(waits);
        return new Outcome(
                policy, Arrays.stream(waits).average().orElseThrow(), percentile(0.95), percentile(0.99), use);
    }

    private double percentile(double share) {
        return waits[(int) Math.ceil(share * waits.length) - 1];
    }

    private void endUntil(double at) {
        while (!ends.isEmpty() && ends.peek().at <= at) {
            End end = ends.remove();
            running[end.node]--;
            if (policy == Policy.PULL) {
                if (!shared.isEmpty()) {
                    start(shared.remove(), end.node, end.at);
                }
            } else if (!queues.get(end.node).isEmpty()) {
                start(queues.get(end.node).remove(), end.node, end.at);
            } else {
                idleReports.add(end.node);
            }
        }
    }

    private void start(Arrival task, int node, double now) {
        running[node]++;
        waits[started++] = now - task.at;
        double takes = task.work / speed(node);
        worked[node] += takes;
        ends.add(new End(now + takes, node));
    }

    private int load(int node) {
        return running[node] + queues.get(node).size();
    }

    private void distribute(Arrival task) {
        if (policy == Policy.PULL) {
            int node = freeNode();
            if (node < 0) {
                shared.add(task);
            } else {
                start(task, node, task.at);
            }
            return;
        }
        int node = chosen(task);
        ownSends[task.through][node]++;
        if (running[node] < SLOTS) {
            start(task, node, task.at);
        } else {
            queues.get(node).add(task);
        }
    }

    /** Whoever is faster takes it: each free slot is as likely as the other. */
    private int freeNode() {
        int free = 0;
        for (int node = 0; node < NODES; node++) {
            free += SLOTS - running[node];
        }
        if (free == 0) {
            return -1;
        }
        int which = random.nextInt(free);
        for (int node = 0; ; node++) {
            which -= SLOTS - running[node];
            if (which < 0) {
                return node;
            }
        }
    }

    private int chosen(Arrival task) {
        return switch (policy) {
            case RANDOM, PULL -> random.nextInt(NODES);
            case ROUND_ROBIN -> next++ % NODES;
            case LEAST_LOADED_GOSSIP_5_S, LEAST_LOADED_GOSSIP_1_S -> least(node -> gossip[node]);
            case LEAST_LOADED_GOSSIP_1_S_OWN_SENDS -> least(node -> gossip[node] + ownSends[task.through][node]);
            case TWO_CHOICES_GOSSIP_5_S, TWO_CHOICES_GOSSIP_1_S -> better(node -> gossip[node]);
            case TWO_CHOICES_FRESH -> better(this::load);
            case JOIN_IDLE_QUEUE -> idle();
        };
    }

    private int least(IntUnaryOperator load) {
        int best = random.nextInt(NODES);
        int from = best;
        for (int i = 1; i < NODES; i++) {
            int node = (from + i) % NODES;
            if (load.applyAsInt(node) < load.applyAsInt(best)) {
                best = node;
            }
        }
        return best;
    }

    private int better(IntUnaryOperator load) {
        int one = random.nextInt(NODES);
        int other = (one + 1 + random.nextInt(NODES - 1)) % NODES;
        return load.applyAsInt(other) < load.applyAsInt(one) ? other : one;
    }

    /** The node that has reported a free slot first; any one when none is free. */
    private int idle() {
        while (!idleReports.isEmpty()) {
            int node = idleReports.remove();
            if (running[node] < SLOTS) {
                return node;
            }
        }
        return random.nextInt(NODES);
    }
}
