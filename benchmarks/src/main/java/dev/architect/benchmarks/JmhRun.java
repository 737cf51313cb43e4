package dev.architect.benchmarks;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * A run of one JMH benchmark class with the options of JMH's own command line.
 *
 * @param results one for each method and combination of parameters, at least one
 * @param options what was in force, for {@link MeasurementReport#options}
 */
public record JmhRun(Collection<RunResult> results, Map<String, Object> options) {

    /**
     * Runs every method of {@code benchmark} in the first mode of its annotation with the GC profiler, which counts the bytes that
     * are allocated.
     *
     * @throws InvalidOptionException when JMH refuses an option, a parameter has an unknown value, or nothing is left to run
     * @throws RunnerException when a benchmark fails
     */
    public static JmhRun of(Class<?> benchmark, List<String> arguments) throws RunnerException {
        return of(benchmark, benchmark.getAnnotation(BenchmarkMode.class).value()[0], arguments);
    }

    /** The same in a mode that the caller chooses. */
    public static JmhRun of(Class<?> benchmark, Mode mode, List<String> arguments) throws RunnerException {
        CommandLineOptions given = parse(arguments);
        for (Field field : benchmark.getFields()) {
            checkParameter(field, given);
        }
        Runner runner = new Runner(new OptionsBuilder()
                .parent(given)
                // The dot ends the name: that of another benchmark may begin alike.
                .include(benchmark.getName() + "\\.")
                // The fields of a report name their units, so neither may change with an option.
                .mode(mode)
                .timeUnit(benchmark.getAnnotation(OutputTimeUnit.class).value())
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .build());
        Collection<RunResult> results;
        try {
            results = runner.run();
        } catch (NoBenchmarksException none) {
            throw new InvalidOptionException(arguments + " leave no benchmark to run, expected one or more");
        }
        BenchmarkParams params = results.iterator().next().getParams();
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("arguments", arguments);
        options.put("forks", params.getForks());
        options.put("threads", params.getThreads());
        options.put("warmupIterations", params.getWarmup().getCount());
        options.put("measurementIterations", params.getMeasurement().getCount());
        return new JmhRun(results, options);
    }

    /** Returns the name of the method that a result is of. */
    public static String method(RunResult result) {
        String benchmark = result.getParams().getBenchmark();
        return benchmark.substring(benchmark.lastIndexOf('.') + 1);
    }

    /** Returns how many bytes one operation allocates. */
    public static double bytes(RunResult result) {
        return Objects.requireNonNull(result.getSecondaryResults().get("gc.alloc.rate.norm"), "bytes")
                .getScore();
    }

    private static CommandLineOptions parse(List<String> arguments) {
        CommandLineOptions given;
        try {
            given = new CommandLineOptions(arguments.toArray(String[]::new));
        } catch (CommandLineOptionException invalid) {
            throw new InvalidOptionException(firstLine(invalid) + ", expected options of JMH");
        }
        if (!given.getIncludes().isEmpty()) {
            throw new InvalidOptionException(
                    given.getIncludes() + " are no options, expected options of JMH such as -wi 2 or -e PATTERN");
        }
        return given;
    }

    private static String firstLine(Exception failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }

    /** JMH itself would only fail in a fork, after the rows before. */
    private static void checkParameter(Field field, CommandLineOptions given) {
        Param param = field.getAnnotation(Param.class);
        if (param == null || !given.getParameter(field.getName()).hasValue()) {
            return;
        }
        List<String> known = Arrays.asList(param.value());
        for (String value : given.getParameter(field.getName()).get()) {
            if (!known.contains(value)) {
                throw new InvalidOptionException(
                        "-p " + field.getName() + " is '" + value + "', expected one of " + String.join(", ", known));
            }
        }
    }
}
