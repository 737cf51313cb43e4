package dev.architect.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
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
public final class SideBySide {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Map<String, ToDoubleFunction<Run>> FIGURES = new LinkedHashMap<>();

    static {
        FIGURES.put("bulkPerSecond", Run::bulkPerSecond);
        FIGURES.put("drainPerSecond", Run::drainPerSecond);
        FIGURES.put("singlePerSecond", Run::singlePerSecond);
    }

    private SideBySide() {}

    /** Runs with {@code --tasks N}, {@code --rounds N}, {@code --dir DIRECTORY}. */
    public static void main(String... arguments) throws Exception {
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.exit(2);
            return;
        }
        Files.createDirectories(options.directory());
        Map<String, Object> machine = Machine.facts(options.directory());
        Peer ours = new ArchitectPeer();
        Peer theirs = new DbSchedulerPeer();
        List<Run> ourRuns = new ArrayList<>();
        List<Run> theirRuns = new ArrayList<>();
        for (int round = 0; round <= options.rounds(); round++) {
            Run our = Run.of(ours, options.tasks(), options.directory());
            Run their = Run.of(theirs, options.tasks(), options.directory());
            if (round > 0) {
                print(our, round, options, machine);
                print(their, round, options, machine);
                ourRuns.add(our);
                theirRuns.add(their);
            }
        }
        summarise(ourRuns, theirRuns);
    }

    private static void print(Run run, int round, Options options, Map<String, Object> machine) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("benchmark", "tasks-on-sqlite");
        line.put("peer", run.peer().name());
        line.put("version", run.peer().version());
        line.put("round", round);
        line.put("tasks", options.tasks());
        FIGURES.forEach((name, figure) -> line.put(name, Math.round(figure.applyAsDouble(run))));
        line.put("duplicates", run.duplicates());
        line.put("synchronous", "FULL");
        line.put("batch", Run.BATCH);
        line.put("submitThreads", Run.THREADS);
        line.put("settings", run.peer().settings());
        line.put("sqliteJdbc", Machine.version(org.sqlite.JDBC.class, "org.xerial", "sqlite-jdbc"));
        line.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
        line.put("machine", machine);
        line.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        System.out.println(json(line));
    }

    private static void summarise(List<Run> ours, List<Run> theirs) {
        Map<String, Object> ratios = new LinkedHashMap<>();
        String format = "%-16s %-26s %-26s %s%n";
        StringBuilder table = new StringBuilder(String.format(
                format,
                "median (min–max)",
                ours.get(0).peer().name(),
                theirs.get(0).peer().name(),
                "ratio inside a round"));
        FIGURES.forEach((name, figure) -> {
            double[] our = ours.stream().mapToDouble(figure).toArray();
            double[] their = theirs.stream().mapToDouble(figure).toArray();
            double[] inside = new double[our.length];
            for (int i = 0; i < our.length; i++) {
                inside[i] = our[i] / their[i];
            }
            Spread ratio = Spread.of(inside);
            ratios.put(name, ratio.asMap());
            table.append(String.format(
                    format, name, Spread.of(our).text(0), Spread.of(their).text(0), ratio.text(2)));
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
