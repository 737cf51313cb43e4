package dev.architect.benchmarks.postgres;

import dev.architect.Architect;
import dev.architect.benchmarks.HostInfo;
import dev.architect.benchmarks.Measurement;
import dev.architect.benchmarks.MeasurementReport;
import dev.architect.benchmarks.Options;
import dev.architect.benchmarks.Percentiles;
import dev.architect.benchmarks.postgres.engine.ArchitectOnPostgres;
import dev.architect.benchmarks.postgres.engine.BenchmarkDatabase;
import dev.architect.benchmarks.postgres.engine.EngineProcess;
import dev.architect.benchmarks.postgres.engine.LineProcess;
import dev.architect.task.TaskRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Many tasks running on several processes over one PostgreSQL, while this process submits more at an even rate, one a call: how long each
 * waited from being ready to its start, as the engine states it in its events. Every option of the engine has its default.
 */
public final class InFlightProcesses {

    private static final long SEED = 1;
    private static final int HEAP_MIB = 1_024;
    private static final long SETTLE_SECONDS = 60;

    private final int processes;
    private final int perSecond;
    private final int seconds;
    private final int minMillis;
    private final int maxMillis;
    private final List<Long> rising = new ArrayList<>();
    private final List<Long> full = new ArrayList<>();
    private boolean isFull;
    private int started;
    private int ended;
    private int failed;
    private int mostRunning;

    private InFlightProcesses(Options options) {
        processes = options.number("processes", 1);
        perSecond = options.number("rate", 1);
        seconds = options.number("seconds", 1);
        minMillis = options.number("min-millis", 1);
        maxMillis = options.number("max-millis", minMillis);
    }

    /**
     * Runs with {@code --server URL}, {@code --version 15|18}, {@code --processes N}, {@code --rate N}, {@code --seconds N}, {@code --min-millis
     * N}, {@code --max-millis N}, {@code --dir DIRECTORY}, {@code --json FILE}.
     */
    public static void main(String... arguments) throws Exception {
        Measurement.main(InFlightProcesses::measure, arguments);
    }

    static MeasurementReport measure(List<String> arguments) throws Exception {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("store", "postgres");
        defaults.put("server", "");
        defaults.put("version", "15");
        defaults.put("processes", "3");
        defaults.put("rate", "100");
        defaults.put("seconds", "30");
        defaults.put("min-millis", "2000");
        defaults.put("max-millis", "20000");
        defaults.put("dir", Path.of("benchmarks", "target").toString());
        Options options = Options.parse(arguments, defaults);
        options.oneOf("store", "postgres");
        InFlightProcesses measured = new InFlightProcesses(options);
        Path directory = Path.of(options.text("dir"));
        Files.createDirectories(directory);
        int version = Integer.parseInt(options.oneOf("version", "15", "18"));
        String server = options.text("server");
        try (BenchmarkServer opened =
                server.isEmpty() ? BenchmarkServer.fresh(version) : BenchmarkServer.running(server)) {
            BenchmarkDatabase database = opened.create();
            try {
                return measured.run(database, HostInfo.factsWithDisk(directory));
            } finally {
                opened.drop(database);
            }
        }
    }

    private MeasurementReport run(BenchmarkDatabase database, Map<String, Object> machine) throws Exception {
        long commitMicros = Math.round(database.commitMicros());
        int submitted;
        try (Architect architect = Architect.builder()
                .store(ArchitectOnPostgres.open(database))
                .router((providers, time) -> new ArchitectOnPostgres.NoModelRouter())
                .worker(new InFlightNode.Waiting())
                .withoutTaskExecution()
                .build()) {
            List<LineProcess> nodes = new ArrayList<>();
            try {
                for (int i = 0; i < processes; i++) {
                    nodes.add(new LineProcess(
                            EngineProcess.jvm(HEAP_MIB, InFlightNode.class, database.url()), this::read));
                }
                submitted = submit(architect);
                awaitEnds(submitted);
            } finally {
                nodes.forEach(LineProcess::close);
            }
        }
        return report(machine, database.settings(), commitMicros, submitted);
    }

    private synchronized void read(String line) {
        if (line.startsWith("started ")) {
            (isFull ? full : rising).add(Long.parseLong(line.substring("started ".length())));
            started++;
            mostRunning = Math.max(mostRunning, started - ended - failed);
        } else if (line.equals("ended")) {
            ended++;
        } else {
            failed++;
        }
    }

    /** Submits at an even rate; when it is late, it makes up for it. As many run as there will be after the longest has ended. */
    private int submit(Architect architect) throws InterruptedException {
        Random random = new Random(SEED);
        long start = System.nanoTime();
        long end = maxMillis + TimeUnit.SECONDS.toMillis(seconds);
        int submitted = 0;
        while (true) {
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            if (millis >= maxMillis) {
                fill();
            }
            if (millis >= end) {
                return submitted;
            }
            if (submitted < millis * perSecond / 1_000) {
                long work = (long) minMillis + random.nextInt(maxMillis - minMillis + 1);
                architect.submit(TaskRequest.of(InFlightNode.TYPE, Long.toString(work)));
                submitted++;
            } else {
                Thread.sleep(1);
            }
        }
    }

    private synchronized void fill() {
        isFull = true;
    }

    private void awaitEnds(int submitted) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SETTLE_SECONDS);
        while (isMissing(submitted) && System.nanoTime() < deadline) {
            Thread.sleep(100);
        }
    }

    private synchronized boolean isMissing(int submitted) {
        return ended < submitted;
    }

    private synchronized MeasurementReport report(
            Map<String, Object> machine, Map<String, Object> settings, long commitMicros, int submitted) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("store", "postgres");
        facts.put("postgres", settings);
        facts.put("processes", processes);
        facts.put("rate", perSecond);
        facts.put("seconds", seconds);
        facts.put("taskMillis", minMillis + "-" + maxMillis);
        facts.put("commitMicrosMedian", commitMicros);
        List<Map<String, Object>> rows = new ArrayList<>();
        rows.add(row("while the number of running tasks rises", rising));
        rows.add(row("from then on", full));
        Map<String, Object> ratios = new LinkedHashMap<>();
        ratios.put("submitted", submitted);
        ratios.put("mostRunning", mostRunning);
        ratios.put("notDone", submitted - ended);
        ratios.put("failedAttempts", failed);
        ratios.put("assignmentP99Millis", Percentiles.ofNanos(full).asMap().get("p99Millis"));
        System.out.printf(
                "%s%nassignment, rising: %s%nassignment, full:   %s%n",
                ratios, Percentiles.ofNanos(rising), Percentiles.ofNanos(full));
        return new MeasurementReport("inflight", machine, facts, rows, ratios);
    }

    private static Map<String, Object> row(String part, List<Long> nanos) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("assignment", part);
        row.putAll(Percentiles.ofNanos(nanos).asMap());
        return row;
    }
}
