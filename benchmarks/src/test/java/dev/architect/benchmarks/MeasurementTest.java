package dev.architect.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;

final class MeasurementTest {

    private static final MeasurementReport REPORT =
            new MeasurementReport("toy", Map.of(), Map.of(), List.of(), Map.of("speed", 2.0));

    @TempDir
    private Path folder;

    private final List<String> seen = new ArrayList<>();

    @Test
    void hidesTheJsonOptionFromTheMeasurement() throws Exception {
        Path file = folder.resolve("report.json");

        Measurement.start(this::measure, "--rounds", "3", "--json", file.toString(), "--dir", "x");

        assertThat(seen).containsExactly("measured", "--rounds", "3", "--dir", "x");
        assertThat(Files.readString(file)).contains("\"speed\" : 2.0");
    }

    @Test
    void refusesAFileThatCannotBeWrittenBeforeItMeasures() {
        String nowhere = folder.resolve("missing/report.json").toString();

        assertThatThrownBy(() -> Measurement.start(this::measure, "--json", nowhere))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessage("--json is '" + nowhere + "', expected a file in an existing directory");
        assertThatThrownBy(() -> Measurement.start(this::measure, "--json"))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessage("--json has no value, expected a file");
        assertThat(seen).isEmpty();
    }

    @Test
    void namesTheWrongOptionOfItsOwn() {
        Map<String, String> defaults = Map.of("tasks", "10");

        assertThatThrownBy(() -> Options.parse(List.of("--colour", "red"), defaults))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessage("--colour is unknown; expected --tasks (default 10), --json FILE");
        assertThatThrownBy(() -> Options.parse(List.of("tasks", "1"), defaults))
                .hasMessageStartingWith("tasks is unknown");
        assertThatThrownBy(() -> Options.parse(List.of("--tasks"), defaults))
                .hasMessageStartingWith("--tasks has no value");
        assertThatThrownBy(
                        () -> Options.parse(List.of("--tasks", "few"), defaults).number("tasks", 1))
                .hasMessage("--tasks is 'few', expected a whole number");
        assertThatThrownBy(
                        () -> Options.parse(List.of("--tasks", "0"), defaults).number("tasks", 1))
                .hasMessage("--tasks is 0, expected at least 1");
        assertThatThrownBy(() -> Options.parse(List.of(), defaults).oneOf("tasks", "sqlite", "memory"))
                .hasMessage("--tasks is '10', expected sqlite or memory");
    }

    @Test
    void aPercentileIsTheNearestRank() {
        List<Long> nanos = new ArrayList<>();
        for (long i = 100; i >= 1; i--) {
            nanos.add(i * 1_000_000);
        }

        assertThat(Percentiles.ofNanos(nanos)).isEqualTo(new Percentiles(100, 50, 99, 100));
        assertThat(Percentiles.ofNanos(List.of())).isEqualTo(new Percentiles(0, 0, 0, 0));
    }

    @Test
    void namesTheWrongOptionOfJmh() {
        assertInvalid("-p size is 'huge', expected one of small, large", "-p", "size=huge");
        assertInvalid("expected options of JMH", "--colour", "red");
        assertInvalid("[route] are no options", "route");
        assertInvalid("leave no benchmark to run", "-f", "0", "-wi", "0");
    }

    private static void assertInvalid(String message, String... options) {
        assertThatThrownBy(() -> JmhRun.of(NoBenchmark.class, List.of(options)))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining(message)
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("\n"));
    }

    private MeasurementReport measure(List<String> options) {
        seen.add("measured");
        seen.addAll(options);
        return REPORT;
    }

    /** A class with a parameter and no method to measure. */
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public static final class NoBenchmark {
        @Param({"small", "large"})
        public String size = "small";
    }
}
