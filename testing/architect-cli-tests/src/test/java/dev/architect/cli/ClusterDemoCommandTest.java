package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes in JVMs of their own on a real PostgreSQL, one of which is killed, paused or cut off. */
final class ClusterDemoCommandTest {

    @TempDir
    private Path folder;

    private GaiaProcess demo(String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("cluster", "demo", "--exit", "--report", "report.json"));
        arguments.addAll(List.of(options));
        return GaiaProcess.startWithoutKeys(folder, arguments.toArray(String[]::new));
    }

    private JsonNode report() throws IOException {
        return new ObjectMapper().readTree(folder.resolve("report.json").toFile());
    }

    private static List<ProcessHandle> nodes(GaiaProcess demo) {
        return demo.descendants()
                .filter(process -> process.info()
                        .command()
                        .filter(command -> command.endsWith("/java"))
                        .isPresent())
                .toList();
    }

    private static Path files(GaiaProcess demo) throws IOException {
        String line = demo.awaitLine(seen -> seen.contains("journals and logs are in "));
        return Path.of(line.substring(line.indexOf('/')));
    }

    private static void assertEnded(List<ProcessHandle> processes) throws Exception {
        for (ProcessHandle process : processes) {
            process.onExit().get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void losesNothingWhenANodeIsKilled() throws Exception {
        try (GaiaProcess demo =
                demo("--tasks", "60", "--seconds", "15", "--faults", "kill", "--wait-millis", "300-1500")) {
            int code = demo.awaitExit();

            assertThat(code).as(String.join("\n", demo.seen())).isZero();
            JsonNode report = report();
            assertThat(report.fieldNames())
                    .toIterable()
                    .containsExactly("accepted", "lost", "recordedTwice", "reclaimMillis", "dipPercent", "dipSeconds");
            assertThat(report.get("accepted").intValue()).isGreaterThan(300);
            assertThat(report.get("lost").intValue()).isZero();
            assertThat(report.get("recordedTwice").intValue()).isZero();
            assertThat(report.at("/reclaimMillis/p99").intValue()).isBetween(1, 20_000);
            assertThat(demo.seen())
                    .anyMatch(line -> line.contains("node-1 has joined again"))
                    .anyMatch(line -> line.matches(".* tasks were accepted: .* 0 lost, 0 recorded twice\\."));
        }
    }

    @Test
    void aStopEndsEveryProcessAndDeletesEveryFile() throws Exception {
        try (GaiaProcess demo = demo("--tasks", "20", "--wait-millis", "300-1500")) {
            Path files = files(demo);
            demo.awaitLine(line -> line.contains("tasks at a time"));
            List<ProcessHandle> all = demo.descendants().toList();
            List<ProcessHandle> nodes = nodes(demo);
            assertThat(nodes).hasSize(3);
            assertThat(files).isDirectory();

            demo.signal("INT");

            assertThat(demo.awaitExit()).isEqualTo(130);
            assertEnded(all);
            assertThat(files).doesNotExist();
            assertThat(folder.resolve("report.json")).doesNotExist();
        }
    }

    /** Nobody closes anything then; each node looks after itself. */
    @Test
    void nodesEndWhenTheDemoIsKilled() throws Exception {
        try (GaiaProcess demo = demo("--tasks", "20", "--wait-millis", "300-1500")) {
            Path files = files(demo);
            demo.awaitLine(line -> line.contains("tasks at a time"));
            List<ProcessHandle> nodes = nodes(demo);
            assertThat(nodes).hasSize(3);

            demo.kill();

            assertEnded(nodes);
            try (Stream<Path> left = Files.walk(files)) {
                for (Path each : left.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    /** The figures that the documents promise. */
    @ParameterizedTest
    @ValueSource(strings = {"none", "store", "jgroups"})
    @Tag("slow")
    void aThousandTasksSurviveAKilledAPausedAndACutOffNode(String transport) throws Exception {
        try (GaiaProcess demo = demo("--transport", transport)) {
            int code = demo.awaitExit();

            assertThat(code).as(String.join("\n", demo.seen())).isZero();
            JsonNode report = report();
            System.out.println(String.join("\n", demo.seen()) + "\n" + report);
            assertThat(report.get("accepted").intValue()).isGreaterThan(5_000);
            assertThat(report.get("lost").intValue()).isZero();
            assertThat(report.get("recordedTwice").intValue()).isZero();
            assertThat(report.at("/reclaimMillis/p99").intValue())
                    .isLessThanOrEqualTo(transport.equals("none") ? 12_000 : 5_000);
            assertThat(report.get("dipPercent").doubleValue()).isLessThanOrEqualTo(40);
            assertThat(report.get("dipSeconds").doubleValue()).isLessThanOrEqualTo(15);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --nodes=1 | --nodes is 1, expected 2..9
            --nodes=10 | --nodes is 10, expected 2..9
            --tasks=10001 | --tasks is 10001, expected 1..10000
            --faults=kill,burn | --faults has 'burn', expected kill, pause, cut
            --transport=pigeon | --transport is 'pigeon', expected one of
            --wait-millis=5-2 | --wait-millis is '5-2', expected the shorter time first
            """)
    void refusesWhatMakesNoSense(String option, String message) {
        GaiaRun run = GaiaRun.gaia("cluster", "demo", option);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errLines()).singleElement().asString().startsWith("gaia: " + message);
    }
}
