package dev.architect.benchmarks.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.benchmarks.InvalidOptionException;
import dev.architect.benchmarks.MeasurementReport;
import dev.architect.benchmarks.postgres.engine.BenchmarkDatabase;
import dev.architect.postgres.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PostgresComparisonTest {

    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void measuresOursBesideAPeerInProcessesOfTheirOwn() throws Exception {
        MeasurementReport report = measure("--peers db-scheduler --cases drain,remote --tasks 300");

        assertThat(report.options()).doesNotContainKey("failedRuns");
        assertThat(report.ratios())
                .containsOnlyKeys("durable/db-scheduler", "grouped/db-scheduler", "remote/db-scheduler");
        assertThat(report.rows())
                .hasSize(5)
                .allSatisfy(row -> assertThat(row).containsKey("commitMicrosMedian"))
                .filteredOn(row -> row.get("case").equals("drain"))
                .hasSize(3)
                .allSatisfy(row -> assertThat(row)
                        .containsEntry("duplicates", 0)
                        .containsKeys("perSecond", "windowSeconds", "walBytesPerTask"));
        assertThat(Files.readAllLines(folder.resolve("postgres-runs.jsonl")))
                .hasSize(8)
                .allSatisfy(line -> assertThat(line).contains("\"version\":\"", "\"date\":\""));
    }

    @Test
    @Tag("slow")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void measuresOursWithABacklogThatStaysReady() throws Exception {
        MeasurementReport report = measure("--peers none --cases backlog --backlog 150000");

        assertThat(report.options()).doesNotContainKey("failedRuns");
        assertThat(report.rows())
                .hasSize(2)
                .allSatisfy(row -> assertThat(row)
                        .containsEntry("backlogAtStart", 150_000)
                        .containsEntry("duplicates", 0)
                        .hasEntrySatisfying(
                                "perSecond", rate -> assertThat((Double) rate).isPositive()));
    }

    @Test
    @Tag("slow")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void measuresOursBesideTasksThatWaitForPermits() throws Exception {
        MeasurementReport report = measure("--peers none --cases drain,stuck --stuck 2000 --tasks 300");

        assertThat(report.options()).doesNotContainKey("failedRuns");
        assertThat(report.ratios()).containsOnlyKeys("stuck");
        assertThat(report.rows())
                .filteredOn(row -> row.get("case").equals("stuck"))
                .singleElement()
                .satisfies(row -> assertThat(row).containsEntry("stuck", 1_900).containsEntry("duplicates", 0));
    }

    private MeasurementReport measure(String options) throws Exception {
        return PostgresComparison.measure(
                List.of(("--store postgres --rounds 1 --seconds 1 --dir " + folder + " " + options).split(" ")));
    }

    @Test
    @Tag("slow")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void tasksOnSeveralProcessesAreAllDone() throws Exception {
        MeasurementReport report = InFlightProcesses.measure(
                List.of(("--store postgres --processes 2 --rate 50 --seconds 1 --min-millis 50 --max-millis 500 --dir "
                                + folder)
                        .split(" ")));

        assertThat(report.ratios())
                .containsEntry("notDone", 0)
                .containsEntry("failedAttempts", 0)
                .hasEntrySatisfying(
                        "mostRunning", most -> assertThat((Integer) most).isGreaterThan(1));
        assertThat(report.rows()).hasSize(2);
    }

    @Test
    void refusesAServerThatDoesNotWaitForTheDisk() throws Exception {
        try (PostgresServer server = PostgresServer.start(PostgresServer.Version.V15, Map.of("fsync", "off"))) {
            String url = "jdbc:postgresql://" + server.host() + ":" + server.port()
                    + "/postgres?user=postgres&password=postgres";

            assertThatThrownBy(() -> BenchmarkServer.running(url).close())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("fsync is off, expected on");
        }
    }

    @Test
    void aRunLeavesNoDatabaseOnAServerThatItWasGiven() throws Exception {
        try (PostgresServer server = PostgresServer.start(PostgresServer.Version.V15, Map.of())) {
            BenchmarkDatabase administration = new BenchmarkDatabase("jdbc:postgresql://" + server.host() + ":"
                    + server.port() + "/postgres?user=postgres&password=postgres");
            try (BenchmarkServer given = BenchmarkServer.running(administration.url())) {
                BenchmarkDatabase made = given.create();
                made.execute("CREATE TABLE filled (n int)", "INSERT INTO filled VALUES (7)");
                BenchmarkDatabase copy = given.copy(made);

                assertThat(number(copy, "SELECT n FROM filled")).isEqualTo(7);
            }
            assertThat(number(administration, "SELECT count(*) FROM pg_database WHERE NOT datistemplate"))
                    .isEqualTo(1);
        }
    }

    @Test
    void aRatioIsFormedInsideARoundAndOfATimeLessIsBetter() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int round = 1; round <= 3; round++) {
            // Each round meets another state of the machine, which the ratio does not show.
            rows.add(row("durable", "drain", round, "perSecond", 1_000.0 * round));
            rows.add(row("quartz", "drain", round, "perSecond", 10.0 * round));
            rows.add(row("durable", "remote", round, "p50Millis", 2.0 * round));
            rows.add(row("quartz", "remote", round, "p50Millis", 500.0 * round));
            rows.add(row("durable", "snapshot", round, "perSecond", 900.0 * round));
        }
        rows.add(row("grouped", "drain", 1, "failed", "it ended with 1"));

        Map<String, Object> ratios = ComparisonRatios.of(
                rows, options("--peers", "quartz", "--cases", "drain,remote,snapshot", "--rounds", "3"));

        assertThat(ratios).containsOnlyKeys("durable/quartz", "remote/quartz", "snapshot");
        assertThat(ratios.get("durable/quartz")).isEqualTo(Map.of("median", 100.0, "min", 100.0, "max", 100.0));
        assertThat(ratios.get("remote/quartz")).isEqualTo(Map.of("median", 250.0, "min", 250.0, "max", 250.0));
        assertThat(ratios.get("snapshot")).isEqualTo(Map.of("median", 0.9, "min", 0.9, "max", 0.9));
    }

    @Test
    void tasksFillTheWindowByTheRateThatWasSeen() {
        TaskEstimates estimates = new TaskEstimates();

        estimates.note("quartz", BenchmarkCase.DRAIN, 900);
        estimates.note("quartz", BenchmarkCase.PROCESSES, 9_000);
        // A round that met a busy machine must not empty the next window.
        estimates.note("quartz", BenchmarkCase.DRAIN, 9);

        assertThat(estimates.tasks("quartz", BenchmarkCase.SNAPSHOT, 10, 0)).isEqualTo(10_000);
        assertThat(estimates.tasks("quartz", BenchmarkCase.PROCESSES, 10, 0)).isEqualTo(100_000);
        assertThat(estimates.tasks("quartz", BenchmarkCase.PROCESSES, 10, 500)).isEqualTo(500);
        assertThat(estimates.tasks("quartz", BenchmarkCase.DRAIN, 0.01, 0)).isEqualTo(100);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--peers | oban | --peers names 'oban', expected all, none or of db-scheduler, jobrunr, quartz, graphile-worker",
                "--cases | drain,drive | --cases names 'drive', expected of bulk, single, single16, drain, backlog, stuck, snapshot, processes, local, remote, soak",
                "--version | 9 | --version is '9', expected 15 or 18",
                "--store | mysql | --store is 'mysql', expected postgres",
                "--rounds | 0 | --rounds is 0, expected at least 1"
            })
    void namesTheWrongOption(String option, String value, String message) {
        assertThatThrownBy(() -> options(option, value))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessage(message);
    }

    @Test
    void namesAServerThatCannotBeUsed() {
        assertThatThrownBy(() -> BenchmarkServer.running("mysql://localhost"))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageStartingWith("--server is 'mysql://localhost', expected jdbc:postgresql://");
        assertThatThrownBy(() -> BenchmarkServer.running("jdbc:postgresql://localhost:1/none?user=nobody"))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageStartingWith("--server cannot be reached: ");
    }

    private static PostgresOptions options(String... arguments) {
        return PostgresOptions.parse(List.of(arguments));
    }

    private static Map<String, Object> row(String engine, String benchmarkCase, int round, String name, Object figure) {
        return Map.of("engine", engine, "case", benchmarkCase, "round", round, name, figure);
    }

    private static long number(BenchmarkDatabase database, String query) throws Exception {
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            return BenchmarkDatabase.number(statement, query);
        }
    }
}
