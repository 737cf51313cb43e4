package dev.architect.benchmarks.postgres;

import dev.architect.benchmarks.Options;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One run of one engine in one case, as it is handed to a process of its own.
 *
 * @param engine the name of the engine
 * @param benchmarkCase the word of a {@link BenchmarkCase}, {@link #FILL} or {@link #FILL_STUCK}
 * @param url the database, which holds the engine's tables and, where there is one, the backlog
 * @param tasks how many tasks are performed or filled in, where the case does not go by time
 * @param seconds how long is measured, where the case goes by time
 * @param payloadBytes what a task carries
 * @param samples how many pick-ups are measured
 * @param processes in how many processes the tasks are performed in the case {@code processes}
 */
record Scenario(
        String engine,
        String benchmarkCase,
        String url,
        long tasks,
        int seconds,
        int payloadBytes,
        int samples,
        int processes) {

    /** Not measured: makes the tables and submits the tasks. */
    static final String FILL = "fill";

    /** Not measured: makes the tables and submits tasks that will wait for permits. */
    static final String FILL_STUCK = "fill-stuck";

    static final int HEAP_MIB = 2_048;

    /** Of each of several processes. */
    static final int SMALL_HEAP_MIB = 1_024;

    List<String> arguments() {
        return List.of(
                "--engine", engine,
                "--case", benchmarkCase,
                "--url", url,
                "--tasks", Long.toString(tasks),
                "--seconds", Integer.toString(seconds),
                "--payload-bytes", Integer.toString(payloadBytes),
                "--samples", Integer.toString(samples),
                "--processes", Integer.toString(processes));
    }

    static Scenario parse(List<String> arguments) {
        Map<String, String> defaults = new LinkedHashMap<>();
        List.of("engine", "case", "url").forEach(name -> defaults.put(name, ""));
        List.of("tasks", "seconds", "payload-bytes", "samples", "processes").forEach(name -> defaults.put(name, "0"));
        Options options = Options.parse(arguments, defaults);
        return new Scenario(
                options.text("engine"),
                options.text("case"),
                options.text("url"),
                options.number("tasks", 0),
                options.number("seconds", 0),
                options.number("payload-bytes", 2),
                options.number("samples", 0),
                options.number("processes", 0));
    }
}
