package dev.architect.benchmarks.parse;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs {@link ParseBenchmark} and prints one table: microseconds (the median) and bytes for each answer, and how many times those of our
 * adapter they are. Takes the options of JMH, for example {@code -p row=openai/architect,openai/openai-java}.
 */
public final class ParseTable {

    private static final String LINE = "| %-16s | %-7s | %-15s | %9s | %6s | %11s | %6s |%n";

    private ParseTable() {}

    /** Runs and prints. */
    public static void main(String... arguments) throws RunnerException, CommandLineOptionException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .parent(new CommandLineOptions(arguments))
                        .include(ParseBenchmark.class.getName() + "\\.")
                        .addProfiler(GCProfiler.class)
                        .build())
                .run();
        Map<String, Figures> figures = new LinkedHashMap<>();
        results.forEach(result -> figures.put(key(result), Figures.of(result)));
        System.out.println();
        System.out.printf(LINE, "wire", "answer", "client", "µs", "÷ ours", "bytes", "÷ ours");
        System.out.printf(LINE, "---", "---", "---", "---:", "---:", "---:", "---:");
        figures.forEach((key, found) -> {
            String[] names = key.split("/");
            Figures ours = figures.getOrDefault(names[0] + "/" + names[1] + "/architect", found);
            System.out.printf(
                    LINE,
                    names[0],
                    names[1],
                    names[2],
                    String.format(Locale.ROOT, "%,.1f", found.micros()),
                    String.format(Locale.ROOT, "%.2f", found.micros() / ours.micros()),
                    String.format(Locale.ROOT, "%,.0f", found.bytes()),
                    String.format(Locale.ROOT, "%.2f", found.bytes() / ours.bytes()));
        });
    }

    /** The wire, the kind of answer and the client, by which rows that belong together sort together. */
    private static String key(RunResult result) {
        String[] names = result.getParams().getParam("row").split("/");
        String benchmark = result.getParams().getBenchmark();
        return names[0] + "/" + benchmark.substring(benchmark.lastIndexOf('.') + 1) + "/" + names[1];
    }

    private record Figures(double micros, double bytes) {

        static Figures of(RunResult result) {
            return new Figures(
                    result.getPrimaryResult().getStatistics().getPercentile(50),
                    Objects.requireNonNull(result.getSecondaryResults().get("gc.alloc.rate.norm"), "bytes")
                            .getScore());
        }
    }
}
