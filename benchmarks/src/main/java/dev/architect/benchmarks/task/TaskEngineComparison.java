package dev.architect.benchmarks.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.benchmarks.HostInfo;
import dev.architect.benchmarks.Quantiles;
import java.nio.file.Files;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Task engines side by side on SQLite: one JSON line for each run, one for the ratios, and a table.
 *
 * <p>Rounds are interleaved (A B A B), so that whatever else the machine does meets both alike, and a ratio is formed inside
 * a round. One round before the first warms up and is not counted.
 */
public final class TaskEngineComparison {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Map<String, ToDoubleFunction<EngineRun>> FIGURES = new LinkedHashMap<>();

    static {
        FIGURES.put("bulkPerSecond", EngineRun::bulkPerSecond);
        FIGURES.put("drainPerSecond", EngineRun::drainPerSecond);
        FIGURES.put("singlePerSecond", EngineRun::singlePerSecond);
    }

    private TaskEngineComparison() {}

    /** Runs with {@code --tasks N}, {@code --rounds N}, {@code --dir DIRECTORY}. */
    public static void main(String... arguments) throws Exception {
        ComparisonOptions options;
        try {
            options = ComparisonOptions.parse(arguments);
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.exit(2);
            return;
        }
        Files.createDirectories(options.directory());
        Map<String, Object> machine = HostInfo.facts(options.directory());
        Engine ours = new ArchitectEngine();
        Engine theirs = new DbSchedulerEngine();
        List<EngineRun> ourRuns = new ArrayList<>();
        List<EngineRun> theirRuns = new ArrayList<>();
        for (int round = 0; round <= options.rounds(); round++) {
            EngineRun our = EngineRun.of(ours, options.tasks(), options.directory());
            EngineRun their = EngineRun.of(theirs, options.tasks(), options.directory());
            if (round > 0) {
                print(our, round, options, machine);
                print(their, round, options, machine);
                ourRuns.add(our);
                theirRuns.add(their);
            }
        }
        summarise(ourRuns, theirRuns);
    }

    private static void print(EngineRun run, int round, ComparisonOptions options, Map<String, Object> machine) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("benchmark", "tasks-on-sqlite");
        line.put("engine", run.engine().name());
        line.put("version", run.engine().version());
        line.put("round", round);
        line.put("tasks", options.tasks());
        FIGURES.forEach((name, figure) -> line.put(name, Math.round(figure.applyAsDouble(run))));
        line.put("duplicates", run.duplicates());
        line.put("synchronous", "FULL");
        line.put("batch", EngineRun.BATCH);
        line.put("submitThreads", EngineRun.THREADS);
        line.put("settings", run.engine().settings());
        line.put("sqliteJdbc", HostInfo.version(org.sqlite.JDBC.class, "org.xerial", "sqlite-jdbc"));
        line.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
        line.put("machine", machine);
        line.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        System.out.println(json(line));
    }

    private static void summarise(List<EngineRun> ours, List<EngineRun> theirs) {
        Map<String, Object> ratios = new LinkedHashMap<>();
        String format = "%-16s %-26s %-26s %s%n";
        StringBuilder table = new StringBuilder(String.format(
                format,
                "median (min–max)",
                ours.get(0).engine().name(),
                theirs.get(0).engine().name(),
                "ratio inside a round"));
        FIGURES.forEach((name, figure) -> {
            double[] our = ours.stream().mapToDouble(figure).toArray();
            double[] their = theirs.stream().mapToDouble(figure).toArray();
            double[] inside = new double[our.length];
            for (int i = 0; i < our.length; i++) {
                inside[i] = our[i] / their[i];
            }
            Quantiles ratio = Quantiles.of(inside);
            ratios.put(name, ratio.asMap());
            table.append(String.format(
                    format,
                    name,
                    Quantiles.of(our).format(0),
                    Quantiles.of(their).format(0),
                    ratio.format(2)));
        });
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("benchmark", "tasks-on-sqlite");
        line.put("ratios", ratios);
        System.out.println(json(line));
        System.out.println();
        System.out.print(table);
    }

    private static String json(Map<String, Object> line) {
        try {
            return JSON.writeValueAsString(line);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a line of plain values was not written", impossible);
        }
    }
}
