package dev.architect.cli.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cli.terminal.AtomicFile;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.Duration;

/** The figures of a run as JSON. */
final class ClusterDemoReport {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private ClusterDemoReport() {}

    static void write(Path file, ClusterDemoResult result) throws IOException {
        ObjectNode report = of(result);
        AtomicFile.write(file, writer -> writer.write(JSON.writeValueAsString(report) + "\n"));
    }

    static ObjectNode of(ClusterDemoResult result) {
        ObjectNode report = JSON.createObjectNode()
                .put("accepted", result.accepted())
                .put("lost", result.lost())
                .put("recordedTwice", result.recordedTwice());
        report.putObject("reclaimMillis").put("p50", millis(result, 50)).put("p99", millis(result, 99));
        return report.put("dipPercent", rounded(result.dipPercent())).put("dipSeconds", rounded(result.dipSeconds()));
    }

    private static long millis(ClusterDemoResult result, int percent) {
        return result.decisive()
                .map(figures -> figures.reclaim(percent))
                .orElse(Duration.ZERO)
                .toMillis();
    }

    private static BigDecimal rounded(double value) {
        return BigDecimal.valueOf(value).setScale(1, RoundingMode.HALF_EVEN);
    }
}
