package dev.architect.benchmarks.list;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.OperatingSystemMXBean;
import dev.architect.Architect;
import dev.architect.benchmarks.HostInfo;
import dev.architect.benchmarks.LoadTime;
import dev.architect.benchmarks.Measurement;
import dev.architect.benchmarks.MeasurementReport;
import dev.architect.benchmarks.Options;
import dev.architect.benchmarks.task.NoRouter;
import dev.architect.maintenance.TaskRetention;
import dev.architect.micrometer.ArchitectMeters;
import dev.architect.runtime.AccessToken;
import dev.architect.server.ArchitectServer;
import dev.architect.store.sqlite.SqliteStore;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The lists of a server over many tasks and calls in SQLite, over HTTP on loopback, server and client in one process: the first page of every list with each of its conditions and with
 * several of them, all pages down to the last one, what is on the pages of a list that grows meanwhile, and reads at an even rate.
 */
public final class ServerLists {

    private static final String TOKEN = "server-lists-0123456789abcdef0123456789abcdef";
    private static final String NO_FILE = "none";
    private static final int PAGE = 50;
    private static final int LONG_PAGE = 500;
    private static final int WARM_UP = 3;
    private static final int BAD_REQUEST = 400;
    private static final int CONFLICT = 409;
    private static final int SHARE = 10;
    private static final long FILLED = 7;
    private static final double MILLION = 1e6;

    private final Options options;
    private final SqliteStore store;
    private final ListClient client;
    private final List<Map<String, Object>> rows = new ArrayList<>();
    private final Map<String, Object> ratios = new LinkedHashMap<>();
    private final List<Long> firstPages = new ArrayList<>();
    private final ListSamples added;
    private double highest;
    private String slowest = "";

    private ServerLists(Options options, SqliteStore store, String url) {
        this.options = options;
        this.store = store;
        this.client = new ListClient(url, TOKEN);
        Instant now = Instant.now();
        this.added = new ListSamples(new LoadTime(now), now, now.toEpochMilli());
    }

    /**
     * Runs with {@code --tasks N}, {@code --calls N}, {@code --repeats N}, {@code --rate N}, {@code --seconds N}, {@code --warm-up N}, {@code --inserts N}, {@code --walked N},
     * {@code --file FILE}, {@code --dir DIRECTORY} and {@code --json FILE}.
     */
    public static void main(String... arguments) throws Exception {
        Measurement.main(ServerLists::measure, arguments);
    }

    private static MeasurementReport measure(List<String> arguments) throws Exception {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("tasks", "1000000");
        defaults.put("calls", "1000000");
        defaults.put("repeats", "20");
        defaults.put("rate", "500");
        defaults.put("seconds", "20");
        defaults.put("warm-up", "60");
        defaults.put("inserts", "1000");
        defaults.put("walked", "1000000");
        defaults.put("file", NO_FILE);
        defaults.put("dir", Path.of("benchmarks", "target").toString());
        Options options = Options.parse(arguments, defaults);
        Map<String, Object> facts = new LinkedHashMap<>();
        defaults.keySet().forEach(name -> facts.put(name, options.text(name)));
        Map<String, Object> machine = HostInfo.facts();
        if (!options.text("file").equals(NO_FILE)) {
            return run(options, Path.of(options.text("file")), machine, facts);
        }
        Path parent = Path.of(options.text("dir"));
        Files.createDirectories(parent);
        Path directory = Files.createTempDirectory(parent, "lists-");
        try {
            return run(options, directory.resolve("lists.db"), machine, facts);
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static MeasurementReport run(
            Options options, Path file, Map<String, Object> machine, Map<String, Object> facts) throws Exception {
        if (!Files.exists(file)) {
            fill(options, file);
        }
        SqliteStore store = SqliteStore.at(file);
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ArchitectMeters meters = new ArchitectMeters(registry);
        try (Architect architect = Architect.builder()
                        .store(store)
                        .router((providers, time) -> new NoRouter())
                        .retention(TaskRetention.KEEP_ALL)
                        .listener(meters)
                        .build();
                ArchitectServer server = ArchitectServer.builder(architect, AccessToken.of(TOKEN))
                        .port(0)
                        .meters(meters, registry)
                        .start()) {
            ServerLists lists = new ServerLists(options, store, server.url());
            lists.run();
            return new MeasurementReport("lists", machine, facts, lists.rows, lists.ratios);
        }
    }

    private static void fill(Options options, Path file) throws SQLException {
        Instant end = Instant.now().truncatedTo(ChronoUnit.MICROS);
        LoadTime time = new LoadTime(end.minus(ListSamples.SPAN));
        long begin = System.nanoTime();
        ListSamples samples = new ListSamples(time, end, FILLED);
        try (SqliteStore store = SqliteStore.builder(file).time(time).open()) {
            samples.fillTasks(store, options.number("tasks", 1));
        }
        ListSamples.endTasks(file);
        try (SqliteStore store = SqliteStore.builder(file).time(time).open()) {
            samples.fillCalls(store, options.number("calls", 1));
        }
        System.out.printf(Locale.ROOT, "filled in %.0f s%n", (System.nanoTime() - begin) / 1e9);
    }

    private void run() throws Exception {
        List<String> tasks = ids(client.read("/api/tasks?limit=" + LONG_PAGE).json());
        JsonNode openApi = client.read("/openapi.json").json();
        ListCases cases = new ListCases(PAGE, openApi, tasks);
        for (Map.Entry<String, Supplier<String>> each : cases.cases().entrySet()) {
            firstPages(each.getKey(), each.getValue());
        }
        for (Map.Entry<String, Supplier<String>> each : cases.refused().entrySet()) {
            refused(each.getKey(), each.getValue().get());
        }
        ratios.put("highestFirstPageP95Millis", highest);
        ratios.put("slowestFirstPage", slowest);
        ratios.put("firstPageP95Millis", at(firstPages.stream().sorted().toList(), 95));
        walk("tasks", "/api/tasks?limit=" + LONG_PAGE, "id", this::insertTasks);
        walk("calls", "/api/calls?period=all&limit=" + LONG_PAGE, "callId", this::insertCalls);
        steady(cases, tasks);
        ratios.forEach((name, value) -> System.out.println(name + ": " + value));
    }

    private static List<String> ids(JsonNode page) {
        List<String> ids = new ArrayList<>();
        page.get("tasks").forEach(task -> ids.add(task.get("id").asText()));
        return ids;
    }

    private void firstPages(String name, Supplier<String> path) throws Exception {
        for (int i = 0; i < WARM_UP; i++) {
            client.get(path.get());
        }
        List<Long> nanos = new ArrayList<>();
        int things = 0;
        int unfinished = 0;
        long cpu = cpuNanos();
        for (int i = 0; i < options.number("repeats", 1); i++) {
            ListClient.Answer answer = client.get(path.get());
            if (answer.status() == BAD_REQUEST || answer.status() == CONFLICT) {
                // A list that knows the words of a condition has none that nothing has; one of prices needs a router
                // that has them.
                return;
            }
            if (answer.status() != ListClient.OK) {
                throw new IllegalStateException(name + " was answered with status " + answer.status());
            }
            nanos.add(answer.nanos());
            JsonNode page = answer.json();
            int size = things(page);
            things += size;
            unfinished += size < PAGE && page.hasNonNull("next") ? 1 : 0;
        }
        cpu = cpuNanos() - cpu;
        firstPages.addAll(nanos);
        Map<String, Object> row = row(name, nanos);
        row.put("cpuMillis", rounded(cpu / MILLION / nanos.size()));
        row.put("things", things / nanos.size());
        row.put("unfinishedPages", unfinished);
        double p95 = millis(row, "p95Millis");
        if (p95 > highest) {
            highest = p95;
            slowest = name;
        }
    }

    /** How many things the one list of a page has. */
    private static int things(JsonNode page) {
        for (JsonNode field : page) {
            if (field.isArray()) {
                return field.size();
            }
        }
        return 0;
    }

    private void refused(String name, String path) throws Exception {
        List<Long> nanos = new ArrayList<>();
        for (int i = 0; i < options.number("repeats", 1); i++) {
            ListClient.Answer answer = client.get(path);
            if (answer.status() != BAD_REQUEST) {
                throw new IllegalStateException(path + " answered with status " + answer.status() + ", expected 400");
            }
            nanos.add(answer.nanos());
        }
        row(name, nanos);
    }

    /** Adds things to a list until it is closed. */
    @FunctionalInterface
    private interface Insertion {
        void insert(int count);
    }

    private void insertTasks(int count) {
        store.tasks().submit(ListSamples.inserted(count));
    }

    private void insertCalls(int count) {
        store.ledger()
                .record(Stream.generate(() -> added.call(Instant.now().truncatedTo(ChronoUnit.MICROS)))
                        .limit(count)
                        .toList());
    }

    /** All pages while nothing happens, and again while things are added. */
    private static double millis(Map<String, Object> row, String name) {
        return (double) Objects.requireNonNull(row.get(name));
    }

    private void walk(String list, String path, String id, Insertion insertion) throws Exception {
        int most = options.number("walked", 1);
        ListWalk quiet = new ListWalk(client, path, list, id).run(most);
        List<Long> nanos = quiet.nanos();
        int part = Math.max(1, nanos.size() / SHARE);
        Map<String, Object> first = row(list + ", first pages of " + LONG_PAGE, nanos.subList(0, part));
        Map<String, Object> last =
                row(list + ", last pages of " + LONG_PAGE, nanos.subList(nanos.size() - part, nanos.size()));
        ratios.put(list + "DeepPageRatio", rounded(millis(last, "p50Millis") / millis(first, "p50Millis")));
        try (Inserter inserter = new Inserter(insertion, options.number("inserts", 1))) {
            ListWalk busy = new ListWalk(client, path, list, id).run(most);
            int inserted = inserter.stop();
            Map<String, Object> row = row(list + ", pages while things are added", busy.nanos());
            // What was there before, and a walk of as many things has passed.
            Set<String> there = most <= quiet.seen().size() ? Set.of() : quiet.seen();
            row.put("inserted", inserted);
            row.put("walked", busy.seen().size());
            row.put("twice", busy.twice());
            row.put("missing", busy.missing(there));
            System.out.printf(
                    Locale.ROOT,
                    "%s: %d read while %d were added: %d twice, %d missing%n",
                    list,
                    busy.seen().size(),
                    inserted,
                    busy.twice(),
                    busy.missing(there));
            ratios.put(list + "Twice", busy.twice());
            ratios.put(list + "Missing", busy.missing(there));
        }
    }

    /** Adds things at an even rate on a thread of its own. */
    private static final class Inserter implements AutoCloseable {

        private static final int BATCH = 20;

        private final Insertion insertion;
        private final int rate;
        private final Thread thread = new Thread(this::insert, "inserter");
        private volatile boolean stopped;
        private int inserted;

        Inserter(Insertion insertion, int rate) {
            this.insertion = insertion;
            this.rate = rate;
            thread.setDaemon(true);
            thread.start();
        }

        private void insert() {
            long begin = System.nanoTime();
            while (!stopped) {
                insertion.insert(BATCH);
                inserted += BATCH;
                long due = begin + (long) (1e9 * inserted / rate);
                long wait = (due - System.nanoTime()) / 1_000_000;
                if (wait > 0) {
                    try {
                        Thread.sleep(wait);
                    } catch (InterruptedException stop) {
                        return;
                    }
                }
            }
        }

        /** Ends, and returns how many were added. */
        int stop() throws InterruptedException {
            stopped = true;
            thread.join();
            return inserted;
        }

        @Override
        public void close() {
            stopped = true;
        }
    }

    /** Reads of a few people with pages open: single tasks, lists with filters, the state of the whole. */
    private void steady(ListCases cases, List<String> tasks) throws Exception {
        List<String> paths = new ArrayList<>();
        List<String> lists = new ArrayList<>();
        for (Map.Entry<String, Supplier<String>> each : cases.cases().entrySet()) {
            String path = each.getValue().get();
            if (client.get(path).status() == ListClient.OK) {
                lists.add(path);
            }
        }
        Random random = new Random(11);
        for (int i = 0; i < 2 * lists.size(); i++) {
            // Every second one is a list, each once.
            paths.add(
                    i % 2 == 0
                            ? lists.get(i / 2)
                            : i % 20 == 1 ? "/api/status" : "/api/tasks/" + tasks.get(random.nextInt(tasks.size())));
        }
        SteadyLoad load = new SteadyLoad(client, paths);
        // While the server compiles its code, the compiler takes half of two processors.
        ratios.put("coldSteadyP95Millis", steady(load, "reads at an even rate, at first"));
        load.run(options.number("rate", 1), options.number("warm-up", 1));
        ratios.put("steadyP95Millis", steady(load, "reads at an even rate"));
    }

    private double steady(SteadyLoad load, String operation) throws Exception {
        long begin = System.nanoTime();
        long cpu = cpuNanos();
        List<Long> nanos = load.run(options.number("rate", 1), options.number("seconds", 1));
        Map<String, Object> row = row(operation, nanos);
        row.put("perSecond", Math.round(nanos.size() / ((System.nanoTime() - begin) / 1e9)));
        row.put("cpuMillis", rounded((cpuNanos() - cpu) / MILLION / nanos.size()));
        return millis(row, "p95Millis");
    }

    /** How long the processors have worked for this process, the client included. */
    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private Map<String, Object> row(String operation, List<Long> nanos) {
        List<Long> sorted = nanos.stream().sorted().toList();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("operation", operation);
        row.put("p50Millis", at(sorted, 50));
        row.put("p95Millis", at(sorted, 95));
        rows.add(row);
        System.out.printf(Locale.ROOT, "%-52s p50 %8.2f ms, p95 %8.2f ms%n", operation, at(sorted, 50), at(sorted, 95));
        return row;
    }

    private static double at(List<Long> sorted, int percent) {
        return rounded(sorted.get((sorted.size() * percent + 99) / 100 - 1) / MILLION);
    }

    private static double rounded(double figure) {
        return Math.round(figure * 100) / 100.0;
    }
}
