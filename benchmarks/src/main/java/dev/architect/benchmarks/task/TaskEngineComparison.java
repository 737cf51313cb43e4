package dev.architect.benchmarks.task;

import dev.architect.benchmarks.HostInfo;
import dev.architect.benchmarks.Measurement;
import dev.architect.benchmarks.MeasurementReport;
import dev.architect.benchmarks.Quantiles;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Task engines side by side on SQLite.
 *
 * <p>Rounds are interleaved (A B A B), so that whatever else the machine does meets both alike, and a ratio is formed inside
 * a round. One round before the first warms up and is not counted.
 */
public final class TaskEngineComparison {

    private static final Map<String, ToDoubleFunction<EngineRun>> FIGURES = new LinkedHashMap<>();

    static {
        FIGURES.put("bulkPerSecond", EngineRun::bulkPerSecond);
        FIGURES.put("drainPerSecond", EngineRun::drainPerSecond);
        FIGURES.put("singlePerSecond", EngineRun::singlePerSecond);
    }

    private TaskEngineComparison() {}

    /** Runs with {@code --tasks N}, {@code --rounds N}, {@code --dir DIRECTORY}, {@code --json FILE}. */
    public static void main(String... arguments) throws Exception {
        Measurement.main(TaskEngineComparison::measure, arguments);
    }

    static MeasurementReport measure(List<String> arguments) throws Exception {
        ComparisonOptions options = ComparisonOptions.parse(arguments);
        Files.createDirectories(options.directory());
        Map<String, Object> machine = HostInfo.factsWithDisk(options.directory());
        Engine ours = new ArchitectEngine();
        Engine theirs = new DbSchedulerEngine();
        List<EngineRun> ourRuns = new ArrayList<>();
        List<EngineRun> theirRuns = new ArrayList<>();
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int round = 0; round <= options.rounds(); round++) {
            // The engines take turns, so that a slow phase of the machine meets both.
            EngineRun our = EngineRun.of(ours, options.tasks(), options.directory());
            EngineRun their = EngineRun.of(theirs, options.tasks(), options.directory());
            // Round 0 only warms up.
            if (round > 0) {
                rows.add(row(our, round));
                rows.add(row(their, round));
                ourRuns.add(our);
                theirRuns.add(their);
                System.out.printf("round %d of %d is measured%n", round, options.rounds());
            }
        }
        Map<String, Object> ratios = compare(ourRuns, theirRuns);
        return new MeasurementReport("tasks", machine, facts(options, ours, theirs), rows, ratios);
    }

    private static Map<String, Object> row(EngineRun run, int round) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("engine", run.engine().name());
        row.put("round", round);
        FIGURES.forEach((name, figure) -> row.put(name, Math.round(figure.applyAsDouble(run))));
        row.put("duplicates", run.duplicates());
        return row;
    }

    private static Map<String, Object> facts(ComparisonOptions options, Engine... engines) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("tasks", options.tasks());
        facts.put("rounds", options.rounds());
        facts.put("directory", options.directory().toString());
        facts.put("synchronous", "FULL");
        facts.put("batchTasks", EngineRun.BATCH);
        facts.put("submitThreads", EngineRun.THREADS);
        facts.put("sqliteJdbc", HostInfo.version(org.sqlite.JDBC.class, "org.xerial", "sqlite-jdbc"));
        for (Engine engine : engines) {
            facts.put(engine.name(), Map.of("version", engine.version(), "settings", engine.settings()));
        }
        return facts;
    }

    /** Prints the table and returns the ratios. */
    private static Map<String, Object> compare(List<EngineRun> ours, List<EngineRun> theirs) {
        Map<String, Object> ratios = new LinkedHashMap<>();
        String format = "%-16s %-26s %-26s %s%n";
        System.out.println();
        System.out.printf(
                format,
                "median (min–max)",
                ours.get(0).engine().name(),
                theirs.get(0).engine().name(),
                "ratio inside a round");
        FIGURES.forEach((name, figure) -> {
            double[] our = ours.stream().mapToDouble(figure).toArray();
            double[] their = theirs.stream().mapToDouble(figure).toArray();
            double[] inside = new double[our.length];
            for (int i = 0; i < our.length; i++) {
                // Inside a round both engines met the same state of the
                // machine, so this ratio spreads less than the figures.
                inside[i] = our[i] / their[i];
            }
            Quantiles ratio = Quantiles.of(inside);
            ratios.put(name, ratio.asMap());
            System.out.printf(
                    format,
                    name,
                    Quantiles.of(our).format(0),
                    Quantiles.of(their).format(0),
                    ratio.format(2));
        });
        return ratios;
    }
}
