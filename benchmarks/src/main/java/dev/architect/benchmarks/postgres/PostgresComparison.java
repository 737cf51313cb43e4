package dev.architect.benchmarks.postgres;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.benchmarks.HostInfo;
import dev.architect.benchmarks.Measurement;
import dev.architect.benchmarks.MeasurementReport;
import dev.architect.benchmarks.postgres.engine.BenchmarkDatabase;
import dev.architect.benchmarks.postgres.engine.GraphileWorkerOnPostgres;
import dev.architect.benchmarks.postgres.engine.PostgresEngine;
import dev.architect.benchmarks.postgres.engine.PostgresEngines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Task engines side by side on one PostgreSQL server, each run in a process and a database of its own.
 *
 * <p>Rounds are interleaved (A B C A B C), so that whatever else the machine does meets all alike, and a ratio is formed inside a round. A
 * short round before the first is not counted: it tells how many tasks fill a window.
 */
public final class PostgresComparison {

    private static final int FIRST_ROUND_SECONDS = 2;

    /** Quartz needs longer to be filled than all others together, so its backlog is a tenth. */
    private static final int QUARTZ_SHARE = 10;

    private static final String QUARTZ = "quartz";

    private final PostgresOptions options;
    private final BenchmarkServer server;
    private final Path lines;
    private final TaskEstimates estimates = new TaskEstimates();
    private final Map<String, BenchmarkDatabase> backlogs = new HashMap<>();
    private Optional<BenchmarkDatabase> stuck = Optional.empty();
    private final List<Map<String, Object>> rows = new ArrayList<>();
    private int failures;

    private PostgresComparison(PostgresOptions options, BenchmarkServer server) {
        this.options = options;
        this.server = server;
        this.lines = options.directory().resolve("postgres-runs.jsonl");
    }

    /** Runs with the options of {@link PostgresOptions} and {@code --json FILE}. */
    public static void main(String... arguments) throws Exception {
        Measurement.main(PostgresComparison::measure, arguments);
    }

    static MeasurementReport measure(List<String> arguments) throws Exception {
        PostgresOptions options = PostgresOptions.parse(arguments);
        Files.createDirectories(options.directory());
        Map<String, String> left = new LinkedHashMap<>();
        options = withoutUnavailable(options, left);
        try (BenchmarkServer server = options.server().isPresent()
                ? BenchmarkServer.running(options.server().get())
                : BenchmarkServer.fresh(options.version())) {
            return new PostgresComparison(options, server).run(left);
        }
    }

    /** Leaves graphile-worker out where it cannot be had. */
    private static PostgresOptions withoutUnavailable(PostgresOptions options, Map<String, String> left) {
        String name = GraphileWorkerOnPostgres.NAME;
        if (!options.engines().contains(name)) {
            return options;
        }
        Optional<String> reason =
                GraphileWorkerOnPostgres.install(options.directory().resolve(name));
        if (reason.isEmpty()) {
            return options;
        }
        System.out.printf("%s is left out: %s%n", name, reason.get());
        left.put(name, reason.get());
        return new PostgresOptions(
                options.server(),
                options.version(),
                options.engines().stream().filter(each -> !each.equals(name)).toList(),
                options.cases(),
                options.sizes(),
                options.directory());
    }

    private MeasurementReport run(Map<String, String> left) throws Exception {
        Map<String, Object> machine = HostInfo.factsWithDisk(options.directory());
        machine.put("date", Instant.now().toString());
        Map<String, Object> facts = options.facts();
        facts.put("postgres", server.settings());
        for (String each : options.engines()) {
            PostgresEngine engine = PostgresEngines.named(each);
            facts.put(each, Map.of("version", engine.version(), "settings", engine.settings()));
        }
        left.forEach((name, reason) -> facts.put(name, Map.of("leftOut", reason)));
        for (int round = 0; round <= options.sizes().rounds(); round++) {
            round(round);
        }
        Map<String, Object> ratios = ComparisonRatios.of(rows, options);
        if (failures > 0) {
            System.out.printf("%n%d runs failed, see above: their figures are missing%n", failures);
            facts.put("failedRuns", failures);
        }
        return new MeasurementReport("tasks", machine, facts, rows, ratios);
    }

    /** Round 0 is not counted. */
    private void round(int round) throws Exception {
        for (BenchmarkCase benchmarkCase : options.cases()) {
            boolean isCounted = round > 0;
            // Only a drain is sized by what went before, and all cases that perform are sized by it.
            if (!isCounted && benchmarkCase != BenchmarkCase.DRAIN) {
                continue;
            }
            for (String engine : options.engines()) {
                if (takesPart(engine, benchmarkCase)) {
                    run(engine, benchmarkCase, round);
                }
            }
        }
        System.out.println(
                round == 0
                        ? "the short round is over"
                        : "round " + round + " of " + options.sizes().rounds() + " is measured");
    }

    /** What does not perform is the same in both ways of ours; the soak is of ours alone, because the others delete, and so is what waits for permits. */
    private static boolean takesPart(String engine, BenchmarkCase benchmarkCase) {
        if (benchmarkCase == BenchmarkCase.SOAK || benchmarkCase == BenchmarkCase.STUCK) {
            return engine.equals(PostgresEngines.DURABLE);
        }
        return benchmarkCase.performs() || !engine.equals(PostgresEngines.GROUPED);
    }

    private void run(String engine, BenchmarkCase benchmarkCase, int round) throws Exception {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("engine", engine);
        row.put("case", benchmarkCase.word());
        row.put("round", round);
        Optional<BenchmarkDatabase> database = Optional.empty();
        try {
            BenchmarkDatabase made = switch (benchmarkCase) {
                case BACKLOG -> server.copy(backlog(engine));
                case STUCK -> server.copy(stuck(engine));
                case BULK, SINGLE, SINGLE16, DRAIN, SNAPSHOT, PROCESSES, LOCAL, REMOTE, SOAK -> server.create();
            };
            database = Optional.of(made);
            int seconds = round == 0
                    ? Math.min(FIRST_ROUND_SECONDS, options.sizes().seconds())
                    : options.sizes().seconds();
            row.putAll(ScenarioProcess.run(scenario(engine, benchmarkCase, made, seconds)));
            if (row.get("perSecond") instanceof Number rate) {
                estimates.note(engine, benchmarkCase, rate.doubleValue());
            }
        } catch (ScenarioFailedException failure) {
            // The others still count; a run of an hour must not be lost by one of them.
            failures++;
            row.put("failed", String.valueOf(failure.getMessage()));
        } finally {
            if (database.isPresent()) {
                server.drop(database.get());
            }
        }
        report(row);
        if (round > 0) {
            rows.add(row);
        }
    }

    private Scenario scenario(
            String engine, BenchmarkCase benchmarkCase, BenchmarkDatabase database, int windowSeconds) {
        PostgresOptions.Sizes sizes = options.sizes();
        long tasks = benchmarkCase == BenchmarkCase.SOAK
                ? sizes.tasks()
                : estimates.tasks(
                        engine,
                        benchmarkCase,
                        benchmarkCase == BenchmarkCase.SNAPSHOT ? sizes.snapshotSeconds() : windowSeconds,
                        sizes.tasks());
        return new Scenario(
                engine,
                benchmarkCase.word(),
                database.url(),
                tasks,
                windowSeconds,
                sizes.payloadBytes(),
                sizes.samples(),
                sizes.processes());
    }

    /** Filled once; each run gets a copy. Both ways of ours share one. */
    private BenchmarkDatabase backlog(String engine) throws Exception {
        String owner = engine.equals(PostgresEngines.GROUPED) ? PostgresEngines.DURABLE : engine;
        BenchmarkDatabase filled = backlogs.get(owner);
        if (filled == null) {
            filled = server.create();
            int backlog = options.sizes().backlog() / (engine.equals(QUARTZ) ? QUARTZ_SHARE : 1);
            System.out.printf("%s is filled with a backlog of %d%n", owner, backlog);
            fill(owner, Scenario.FILL, filled, backlog);
            backlogs.put(owner, filled);
        }
        return filled;
    }

    /** The same for tasks that wait for permits. */
    private BenchmarkDatabase stuck(String engine) throws Exception {
        if (stuck.isEmpty()) {
            BenchmarkDatabase filled = server.create();
            fill(engine, Scenario.FILL_STUCK, filled, options.sizes().stuck());
            stuck = Optional.of(filled);
        }
        return stuck.get();
    }

    private void fill(String engine, String how, BenchmarkDatabase database, int tasks) throws Exception {
        ScenarioProcess.run(new Scenario(
                engine, how, database.url(), tasks, 0, options.sizes().payloadBytes(), 0, 0));
    }

    /** At once, so that a run that ends early leaves what it has measured. */
    private void report(Map<String, Object> row) throws IOException {
        System.out.println(new ObjectMapper().writeValueAsString(row));
        Map<String, Object> line = new LinkedHashMap<>(row);
        line.put(
                "version",
                PostgresEngines.named(String.valueOf(row.get("engine"))).version());
        line.put("date", Instant.now().toString());
        Files.writeString(
                lines,
                new ObjectMapper().writeValueAsString(line) + System.lineSeparator(),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }
}
