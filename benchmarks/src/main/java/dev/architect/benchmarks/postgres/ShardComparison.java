package dev.architect.benchmarks.postgres;

import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.AttemptResult;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.benchmarks.HostInfo;
import dev.architect.benchmarks.Measurement;
import dev.architect.benchmarks.MeasurementReport;
import dev.architect.benchmarks.Options;
import dev.architect.cluster.shard.ShardedStore;
import dev.architect.node.NodeLoad;
import dev.architect.postgres.PostgresDatabase;
import dev.architect.postgres.PostgresServer;
import dev.architect.postgres.PostgresServer.Version;
import dev.architect.project.ProjectId;
import dev.architect.spi.Store;
import dev.architect.store.postgres.PostgresStore;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tasks through one store and through two, each with a server of its own: submitted, claimed and recorded in batches, without an engine. Where
 * clients and servers share the processors of one machine, two servers cannot do more than one; so the processor time of the servers for
 * each task is measured as well, and a model tells what two machines do:
 *
 * <pre>one = cores / time for a task with one store;  two = 2 × cores / time for a task with two stores;  ratio = two / one</pre>
 */
public final class ShardComparison {

    private static final String TYPE = "shard";
    private static final int BATCH = 200;
    private static final int THREADS = 4;
    private static final int BEATS = 1_000;

    private ShardComparison() {}

    /** Runs with {@code --seconds N}, {@code --rounds N}, {@code --json FILE}. */
    public static void main(String... arguments) throws Exception {
        Measurement.main(ShardComparison::measure, arguments);
    }

    static MeasurementReport measure(List<String> arguments) throws Exception {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("seconds", "10");
        defaults.put("rounds", "3");
        Options options = Options.parse(arguments, defaults);
        int seconds = options.number("seconds", 1);
        int rounds = options.number("rounds", 1);
        Map<String, String> durable = Map.of("fsync", "on", "synchronous_commit", "on", "full_page_writes", "on");
        List<Map<String, Object>> rows = new ArrayList<>();
        try (PostgresServer one = PostgresServer.start(Version.V15, durable);
                PostgresServer other = PostgresServer.start(Version.V15, durable)) {
            for (int round = 0; round < rounds; round++) {
                rows.add(run(List.of(one), seconds));
                rows.add(run(List.of(one, other), seconds));
            }
        }
        return new MeasurementReport(
                "shards", HostInfo.facts(), Map.of("seconds", seconds, "rounds", rounds), rows, model(rows));
    }

    private static Map<String, Object> run(List<PostgresServer> servers, int seconds) throws Exception {
        List<PostgresDatabase> databases = new ArrayList<>();
        try {
            for (PostgresServer server : servers) {
                databases.add(server.createDatabase());
            }
            return run(databases, open(databases), seconds);
        } finally {
            databases.forEach(PostgresDatabase::close);
        }
    }

    private static ShardedStore open(List<PostgresDatabase> databases) {
        List<Store> stores = new ArrayList<>();
        databases.forEach(database -> stores.add(PostgresStore.builder(database.jdbcUrl())
                .user(database.user())
                .password(database.password())
                .open()));
        ShardedStore.Builder group = ShardedStore.builder("store-0", stores.get(0));
        for (int i = 1; i < stores.size(); i++) {
            group.add("store-" + i, stores.get(i));
        }
        return group.open();
    }

    private static Map<String, Object> run(List<PostgresDatabase> databases, ShardedStore opened, int seconds)
            throws Exception {
        try (ShardedStore store = opened) {
            List<ProjectId> projects = projects(store, databases.size());
            long node = store.nodes().join("benchmark");
            store.nodes().beat(node);
            work(store, node, projects, Duration.ofSeconds(Math.max(1, seconds / 3)));
            List<ServerCpu> cpus = new ArrayList<>();
            List<Connection> connections = new ArrayList<>();
            for (PostgresDatabase database : databases) {
                Connection connection = database.connect();
                connections.add(connection);
                try (Statement statement = connection.createStatement()) {
                    cpus.add(ServerCpu.of(statement));
                }
            }
            long serverBefore = micros(cpus);
            long commitsBefore = commits(connections);
            long clientBefore = clientMicros();
            long start = System.nanoTime();
            long tasks = work(store, node, projects, Duration.ofSeconds(seconds));
            double took = (System.nanoTime() - start) / 1e9;
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("stores", databases.size());
            row.put("tasksPerSecond", Math.round(tasks / took));
            row.put("serverMicrosPerTask", (micros(cpus) - serverBefore) / (double) tasks);
            row.put("clientMicrosPerTask", (clientMicros() - clientBefore) / (double) tasks);
            row.put("commitsPerThousandTasks", (commits(connections) - commitsBefore) * 1000.0 / tasks);
            long beatsBefore = micros(cpus);
            for (int i = 0; i < BEATS; i++) {
                store.nodes().beat(node, NodeLoad.NONE);
            }
            row.put("serverMicrosPerBeatAndStore", (micros(cpus) - beatsBefore) / (double) BEATS / databases.size());
            long claimsBefore = micros(cpus);
            for (int i = 0; i < BEATS; i++) {
                store.tasks().claim(new ClaimRequest(node, 8, Map.of("none", 8, TYPE, 8)));
            }
            row.put(
                    "serverMicrosPerEmptyClaimAndStore",
                    (micros(cpus) - claimsBefore) / (double) BEATS / databases.size());
            for (Connection connection : connections) {
                connection.close();
            }
            System.out.println(row);
            return row;
        }
    }

    /** Projects of which each store has as many. */
    private static List<ProjectId> projects(ShardedStore store, int stores) throws InterruptedException {
        List<ProjectId> projects = new ArrayList<>();
        for (int i = 0; projects.size() < 8; i++) {
            ProjectId project = new ProjectId("project-" + i);
            boolean isNew = projects.stream().noneMatch(other -> other.shard() == project.shard());
            if (isNew) {
                store.mover().move(project.shard(), "store-" + projects.size() % stores, Duration.ZERO);
                projects.add(project);
            }
        }
        return projects;
    }

    /** Each thread submits for a project, and claims and records whatever there is. */
    private static long work(ShardedStore store, long node, List<ProjectId> projects, Duration time) throws Exception {
        AtomicLong ended = new AtomicLong();
        long deadline = System.nanoTime() + time.toNanos();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                all.add(threads.submit(() -> {
                    for (int j = thread; System.nanoTime() < deadline; j += THREADS) {
                        round(store, node, projects.get(j % projects.size()), ended);
                    }
                }));
            }
            long nextBeat = System.nanoTime();
            while (System.nanoTime() < deadline) {
                if (System.nanoTime() >= nextBeat) {
                    store.nodes().beat(node);
                    nextBeat += Duration.ofSeconds(1).toNanos();
                }
                Thread.sleep(20);
            }
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        return ended.get();
    }

    private static void round(ShardedStore store, long node, ProjectId project, AtomicLong ended) {
        TaskRequest request = TaskRequest.of(TYPE, "{}").withProject(project);
        store.tasks().submit(Collections.nCopies(BATCH, request));
        List<ClaimedTask> claimed = store.tasks().claim(ClaimRequest.of(node, BATCH, Set.of(TYPE)));
        Instant now = Instant.now();
        ended.addAndGet(store.tasks()
                .finish(claimed.stream()
                        .map(task -> new AttemptEnd(
                                task.fencingToken(),
                                "llm-1",
                                now,
                                now,
                                AttemptOutcome.SUCCEEDED,
                                TaskState.DONE,
                                Duration.ZERO,
                                AttemptResult.output("")))
                        .toList())
                .size());
    }

    private static long micros(List<ServerCpu> cpus) {
        return cpus.stream().mapToLong(cpu -> cpu.micros().orElse(0)).sum();
    }

    private static long commits(List<Connection> connections) throws Exception {
        long commits = 0;
        for (Connection connection : connections) {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(
                            "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()")) {
                row.next();
                commits += row.getLong(1);
            }
        }
        return commits;
    }

    private static long clientMicros() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime() / 1000
                : 0;
    }

    private static Map<String, Object> model(List<Map<String, Object>> rows) {
        double one = median(rows, 1, "serverMicrosPerTask");
        double two = median(rows, 2, "serverMicrosPerTask");
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("measuredRatio", median(rows, 2, "tasksPerSecond") / median(rows, 1, "tasksPerSecond"));
        model.put("serverMicrosPerTaskWithOneStore", one);
        model.put("serverMicrosPerTaskWithTwoStores", two);
        model.put("modelTasksPerSecondAndCoreWithOneStore", 1_000_000 / one);
        model.put("modelTasksPerSecondAndCoreOfEachOfTwoStores", 2_000_000 / two);
        model.put("modelRatioOnMachinesOfTheirOwn", 2 * one / two);
        model.put("serverMicrosPerBeat", median(rows, 1, "serverMicrosPerBeatAndStore"));
        model.put("serverMicrosPerEmptyClaim", median(rows, 1, "serverMicrosPerEmptyClaimAndStore"));
        System.out.println(model);
        return model;
    }

    private static double median(List<Map<String, Object>> rows, int stores, String figure) {
        double[] sorted = rows.stream()
                .filter(row -> Objects.equals(row.get("stores"), stores))
                .mapToDouble(row -> ((Number) Objects.requireNonNull(row.get(figure))).doubleValue())
                .sorted()
                .toArray();
        return sorted[sorted.length / 2];
    }
}
