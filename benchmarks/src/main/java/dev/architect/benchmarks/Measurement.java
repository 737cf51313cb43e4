package dev.architect.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A measurement that can be started from the command line. */
@FunctionalInterface
public interface Measurement {

    /** The exit code after a bad option. */
    int BAD_OPTION = 2;

    /**
     * Measures and prints the figures; takes as long as the options set.
     *
     * @param options the command line without {@code --json FILE}
     * @throws InvalidOptionException before anything is measured
     */
    MeasurementReport run(List<String> options) throws Exception;

    /**
     * Runs a measurement with the options of the command line and writes its report where {@code --json FILE} names a file.
     * A bad option ends the process with one line on the error stream and {@link #BAD_OPTION}.
     */
    static void main(Measurement measurement, String... arguments) throws Exception {
        try {
            start(measurement, arguments);
        } catch (InvalidOptionException invalid) {
            System.err.println(invalid.getMessage());
            System.exit(BAD_OPTION);
        }
    }

    /** Does the same, and leaves a bad option to the caller. */
    static void start(Measurement measurement, String... arguments) throws Exception {
        List<String> options = new ArrayList<>(List.of(arguments));
        Path json = takeJson(options);
        MeasurementReport report = measurement.run(options);
        if (json != null) {
            report.write(json);
        }
    }

    private static @Nullable Path takeJson(List<String> options) {
        int at = options.indexOf("--json");
        if (at < 0) {
            return null;
        }
        if (at + 1 == options.size()) {
            throw new InvalidOptionException("--json has no value, expected a file");
        }
        Path file = Path.of(options.get(at + 1)).toAbsolutePath();
        // Checked at once: a run takes minutes, and its figures would be lost at the end.
        Path folder = file.getParent();
        if (folder == null || Files.isDirectory(file) || !Files.isDirectory(folder)) {
            throw new InvalidOptionException(
                    "--json is '" + options.get(at + 1) + "', expected a file in an existing directory");
        }
        options.subList(at, at + 2).clear();
        return file;
    }
}
