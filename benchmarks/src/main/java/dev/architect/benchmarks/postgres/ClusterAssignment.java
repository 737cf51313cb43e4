package dev.architect.benchmarks.postgres;

import dev.architect.Architect;
import dev.architect.ArchitectBuilder;
import dev.architect.benchmarks.HostInfo;
import dev.architect.benchmarks.Measurement;
import dev.architect.benchmarks.MeasurementReport;
import dev.architect.benchmarks.Options;
import dev.architect.benchmarks.Percentiles;
import dev.architect.benchmarks.postgres.engine.ArchitectOnPostgres;
import dev.architect.benchmarks.postgres.engine.BenchmarkDatabase;
import dev.architect.cluster.Cluster;
import dev.architect.spi.ClusterTransport;
import dev.architect.spi.Store;
import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import dev.architect.task.TaskRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How long a task that one node submits waits until another one performs it, while a thousand others run on the nodes: with hints of the
 * cluster, with the announcements of the database alone, and with neither. All nodes are in this process, over one PostgreSQL, each with
 * a store of its own; the time is measured from before the submission to the first line of the worker.
 */
public final class ClusterAssignment {

    private static final String HOLD = "hold";
    private static final String PROBE = "probe";
    private static final long SETTLE_SECONDS = 60;

    private final int nodes;
    private final int running;
    private final int perSecond;
    private final int seconds;

    /** How nodes learn of new tasks. */
    private enum Mode {
        HINTS("hints of the cluster"),
        ANNOUNCEMENTS("announcements of the database alone"),
        NEITHER("neither");

        private final String text;

        Mode(String text) {
            this.text = text;
        }
    }

    private ClusterAssignment(Options options) {
        nodes = options.number("nodes", 1);
        running = options.number("running", 0);
        perSecond = options.number("rate", 1);
        seconds = options.number("seconds", 1);
    }

    /**
     * Runs with {@code --server URL}, {@code --version 15|18}, {@code --nodes N}, {@code --running N}, {@code --rate N}, {@code --seconds N}, {@code
     * --dir DIRECTORY}, {@code --json FILE}.
     */
    public static void main(String... arguments) throws Exception {
        Measurement.main(ClusterAssignment::measure, arguments);
    }

    static MeasurementReport measure(List<String> arguments) throws Exception {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("server", "");
        defaults.put("version", "15");
        defaults.put("nodes", "3");
        defaults.put("running", "1000");
        defaults.put("rate", "100");
        defaults.put("seconds", "20");
        defaults.put("dir", Path.of("benchmarks", "target").toString());
        Options options = Options.parse(arguments, defaults);
        ClusterAssignment measured = new ClusterAssignment(options);
        Path directory = Path.of(options.text("dir"));
        Files.createDirectories(directory);
        int version = Integer.parseInt(options.oneOf("version", "15", "18"));
        String server = options.text("server");
        List<Map<String, Object>> rows = new ArrayList<>();
        Map<String, Object> ratios = new LinkedHashMap<>();
        Map<String, Object> facts = new LinkedHashMap<>();
        try (BenchmarkServer opened =
                server.isEmpty() ? BenchmarkServer.fresh(version) : BenchmarkServer.running(server)) {
            for (Mode mode : Mode.values()) {
                BenchmarkDatabase database = opened.create();
                try {
                    facts.putIfAbsent("postgres", database.settings());
                    facts.putIfAbsent("commitMicrosMedian", Math.round(database.commitMicros()));
                    measured.run(mode, database, rows, ratios);
                } finally {
                    opened.drop(database);
                }
            }
        }
        defaults.keySet().stream()
                .filter(name -> !name.equals("dir") && !name.equals("server"))
                .forEach(name -> facts.put(name, options.text(name)));
        return new MeasurementReport("cluster", HostInfo.factsWithDisk(directory), facts, rows, ratios);
    }

    private void run(Mode mode, BenchmarkDatabase database, List<Map<String, Object>> rows, Map<String, Object> ratios)
            throws Exception {
        Map<String, ClusterTransport.Receiver> network = LocalTransport.network();
        Work work = new Work();
        List<Architect> engines = new ArrayList<>();
        int submitted;
        try {
            Architect submitting = builder(mode, "submitting", database, network, work)
                    .withoutTaskExecution()
                    .build();
            engines.add(submitting);
            for (int i = 1; i <= nodes; i++) {
                engines.add(builder(mode, "node-" + i, database, network, work).build());
            }
            for (int i = 0; i < running; i++) {
                submitting.submit(TaskRequest.of(HOLD, ""));
            }
            await(() -> work.holding.get() == running);
            submitted = submit(submitting, work);
            int all = submitted;
            await(() -> work.nanos.size() == all);
        } finally {
            work.goOn.countDown();
            for (int i = engines.size() - 1; i >= 0; i--) {
                engines.get(i).close();
            }
        }
        Percentiles percentiles = Percentiles.ofNanos(work.nanos);
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("nodesLearnBy", mode.text);
        row.putAll(percentiles.asMap());
        row.put("missing", submitted - work.nanos.size());
        row.put("byNode", Map.copyOf(work.byNode));
        rows.add(row);
        ratios.put(
                mode.name().toLowerCase(Locale.ROOT) + "P99Millis",
                percentiles.asMap().get("p99Millis"));
        System.out.printf("%-36s %s, by node %s%n", mode.text, percentiles, work.byNode);
    }

    private static ArchitectBuilder builder(
            Mode mode,
            String name,
            BenchmarkDatabase database,
            Map<String, ClusterTransport.Receiver> network,
            Work work) {
        Store store = ArchitectOnPostgres.open(database);
        Cluster cluster = Cluster.builder(mode == Mode.NEITHER ? new SilentStore(store) : store)
                .transport(new LocalTransport(network))
                .nodeName(name)
                .hints(mode == Mode.HINTS)
                .build();
        return Architect.builder()
                .store(cluster.store())
                .router((providers, time) -> new ArchitectOnPostgres.NoModelRouter())
                .worker(work.of(name))
                .nodeName(name);
    }

    /** Submits at an even rate; when it is late, it makes up for it. */
    private int submit(Architect architect, Work work) throws InterruptedException {
        long start = System.nanoTime();
        int submitted = 0;
        while (submitted < perSecond * seconds) {
            long due = start + submitted * TimeUnit.SECONDS.toNanos(1) / perSecond;
            long left = due - System.nanoTime();
            if (left > 0) {
                TimeUnit.NANOSECONDS.sleep(left);
            }
            String probe = Integer.toString(submitted++);
            work.begun.put(probe, System.nanoTime());
            architect.submit(TaskRequest.of(PROBE, probe));
        }
        return submitted;
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(Condition condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SETTLE_SECONDS);
        while (!condition.holds() && System.nanoTime() < deadline) {
            Thread.sleep(20);
        }
    }

    /** What all nodes perform. */
    private static final class Work {
        private final CountDownLatch goOn = new CountDownLatch(1);
        private final AtomicInteger holding = new AtomicInteger();
        private final Map<String, Long> begun = new ConcurrentHashMap<>();
        private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();
        private final Map<String, Integer> byNode = new ConcurrentHashMap<>();

        Worker of(String node) {
            return new Worker() {
                @Override
                public Set<String> types() {
                    return Set.of(HOLD, PROBE);
                }

                @Override
                public String perform(TaskContext context) throws InterruptedException {
                    if (context.request().type().equals(HOLD)) {
                        holding.incrementAndGet();
                        goOn.await();
                    } else {
                        long started = System.nanoTime();
                        nanos.add(started
                                - Objects.requireNonNull(
                                        begun.get(context.request().payload())));
                        byNode.merge(node, 1, Integer::sum);
                    }
                    return "";
                }
            };
        }
    }
}
