package dev.architect.benchmarks.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.benchmarks.InvalidOptionException;
import dev.architect.benchmarks.MeasurementReport;
import dev.architect.benchmarks.Percentiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GatewayComparisonTest {

    @TempDir
    private Path folder;

    @Test
    void startsTheServerAndMeasuresItUnderEachLoad() throws Exception {
        MeasurementReport report = GatewayComparison.measure(List.of(
                "--launcher",
                launcher().toString(),
                "--dir",
                folder.toString(),
                "--peer",
                "none",
                "--rounds",
                "1",
                "--seconds",
                "1",
                "--warm-up",
                "0",
                "--cold-seconds",
                "0",
                "--starts",
                "1",
                "--connections",
                "2"));

        assertThat(report.rows())
                .extracting(row -> row.get("row") + " " + row.get("gateway"))
                .containsExactly(
                        "start architect",
                        "startWithoutArchive architect",
                        "plain/2 architect",
                        "plain/2 none",
                        "stream/2 architect",
                        "stream/2 none",
                        "target/plain/2/resident MiB architect",
                        "target/stream/2/first token p50 ms architect",
                        "target/stream/2/first token p99 ms architect",
                        "target/stream/2/resident MiB architect",
                        "target/start/until first answer ms architect",
                        "target/startWithoutArchive/until first answer ms architect");
        assertThat(report.rows())
                .filteredOn(row -> row.containsKey("cpuMicrosPerAnswer"))
                .hasSize(2)
                .allSatisfy(row -> {
                    assertThat(median(row, "perSecond")).isPositive();
                    assertThat(median(row, "residentMib")).isGreaterThan(20);
                    assertThat(median(row, "firstTokenP50Millis")).isLessThanOrEqualTo(median(row, "p99Millis"));
                });
        assertThat(report.ratios()).isEmpty();
    }

    @Test
    void aSideIsComparedWithThePeerOfTheSameRound() {
        GatewayTable table = new GatewayTable();
        GatewayUnderTest ours = side(GatewaySides.ARCHITECT);
        GatewayUnderTest peer = side(GatewaySides.PORTKEY);
        table.addRound("plain/10", ours, round(600, 100));
        table.addRound("plain/10", peer, round(100, 120));
        table.addRound("plain/10", ours, round(500, 110));
        table.addRound("plain/10", peer, round(50, 120));

        assertThat(table.ratios().get("plain/10/perSecond")).isEqualTo(Map.of("median", 8.0, "min", 6.0, "max", 10.0));
        assertThat(table.rows())
                .contains(
                        Map.of(
                                "row",
                                "target/plain/10/perSecond ÷ peer",
                                "gateway",
                                GatewaySides.ARCHITECT,
                                "seen",
                                8.0,
                                "atLeast",
                                5.2,
                                "isMet",
                                true),
                        Map.of(
                                "row",
                                "target/plain/10/resident MiB, peer's",
                                "gateway",
                                GatewaySides.ARCHITECT,
                                "seen",
                                110.0,
                                "atMost",
                                120.0,
                                "isMet",
                                true));
    }

    @Test
    void theUpstreamAnswersWholeAndStreamed() throws Exception {
        try (FakeUpstream upstream = new FakeUpstream("m")) {
            for (boolean streamed : List.of(false, true)) {
                GatewayLoad load = new GatewayLoad(upstream.address().getPort(), "m", Map.of(), streamed);

                LoadFigures figures = load.run(3, Duration.ofMillis(50));

                assertThat(figures.whole().count()).isGreaterThanOrEqualTo(3);
                assertThat(figures.firstToken().p50())
                        .isPositive()
                        .isLessThanOrEqualTo(figures.whole().max());
            }
        }
    }

    @Test
    void anAnswerOtherThanTheExpectedOneFailsTheRun() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread failing = new Thread(() -> {
                try (Socket socket = listener.accept()) {
                    new HttpMessageReader(socket.getInputStream(), null).next();
                    socket.getOutputStream()
                            .write(HttpMessageReader.bytes("HTTP/1.1 500 Oh\r\nContent-Length: 11\r\n\r\nAlpha omega"));
                } catch (IOException gone) {
                    throw new IllegalStateException(gone);
                }
            });
            failing.start();

            assertThatThrownBy(() -> new GatewayLoad(listener.getLocalPort(), "m", Map.of(), false)
                            .run(1, Duration.ofSeconds(1)))
                    .isInstanceOf(IOException.class)
                    .hasRootCauseMessage(
                            "expected 200 and a whole answer, got HTTP/1.1 500 Oh\r\nContent-Length: 11\r\n"
                                    + "\r\nAlpha omega");
            failing.join();
        }
    }

    @Test
    void wrongOptionsAreRefusedBeforeAnythingStarts() {
        assertThatThrownBy(() -> GatewayComparison.measure(List.of("--connections", "10,many")))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessage("--connections is 'many', expected a whole number");
        assertThatThrownBy(() -> GatewayComparison.measure(
                        List.of("--launcher", folder.resolve("none").toString(), "--dir", folder.toString())))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessage("--launcher is '" + folder.resolve("none") + "', expected the program gaia");
    }

    private static double median(Map<String, Object> row, String figure) {
        return ((Number) ((Map<?, ?>) row.get(figure)).get("median")).doubleValue();
    }

    private GatewayUnderTest side(String name) {
        return new GatewayUnderTest(name, "1", List.of(), Map.of(), Map.of(), "m", folder);
    }

    private static GatewayRound round(double perSecond, double residentMib) {
        Percentiles times = Percentiles.ofNanos(List.of(1_000_000L));
        return new GatewayRound(new LoadFigures(perSecond, times, times), Duration.ofMillis(1), residentMib);
    }

    /** Starts what is on the class path of this test, with the options with which the launcher of the tree starts its own build. */
    private Path launcher() throws IOException {
        Path script = folder.resolve("launcher");
        Files.writeString(
                script,
                "#!/usr/bin/env bash\nexec '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC $GAIA_JAVA_OPTIONS -cp '%s' dev.architect.cli.Main \"$@\"\n"
                        .formatted(
                                Path.of(System.getProperty("java.home"), "bin", "java"),
                                System.getProperty("java.class.path")));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script;
    }
}
