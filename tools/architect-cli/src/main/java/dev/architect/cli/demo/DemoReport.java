package dev.architect.cli.demo;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cli.terminal.AtomicFile;
import dev.architect.cost.MoneyTotal;
import dev.architect.cost.ProviderSpend;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The figures of a demo as JSON. Money is in dollars, exact to the pico-dollar. */
final class DemoReport {

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN);

    private DemoReport() {}

    static void write(Path file, DemoResult account, @Nullable QuestionComparison comparison) throws IOException {
        ObjectNode report = of(account);
        if (comparison != null) {
            ArrayNode ways = report.putArray("questions");
            for (QuestionComparison.Way way : comparison.ways()) {
                ways.addObject()
                        .put("way", way.name())
                        .put("correct", way.correct())
                        .put("strong", way.strong())
                        .put("costUsd", usd(way.cost()));
            }
        }
        AtomicFile.write(file, writer -> writer.write(JSON.writeValueAsString(report) + "\n"));
    }

    static ObjectNode of(DemoResult account) {
        ObjectNode report = JSON.createObjectNode()
                .put("tasks", account.tasks())
                .put("succeeded", account.succeeded())
                .put("failed", account.failed())
                .put("wallSeconds", seconds(account.wall()));
        report.putObject("assignLatencyMs")
                .put("p50", Latencies.millis(account.waited().percentile(50)))
                .put("p95", Latencies.millis(account.waited().percentile(95)))
                .put("p99", Latencies.millis(account.waited().percentile(99)));
        report.put("costUsd", usd(account.savings().spent()))
                .put("baselineUsd", usd(account.savings().baseline()))
                .put("savingsPercent", account.savings().percent().orElse(null))
                .put("failovers", account.failovers());
        ObjectNode providers = report.putObject("byProvider");
        for (ProviderSpend line : account.spend()) {
            providers
                    .putObject(line.provider())
                    .put("tasks", line.requests())
                    .put("inputTokens", line.tokens().input())
                    .put("outputTokens", line.tokens().output())
                    .put("costUsd", usd(line.cost().spent()));
        }
        report.put("simulatorCostUsd", usd(new MoneyTotal(account.billed())));
        DemoResult.Correctness correct = account.correct();
        if (correct != null) {
            report.put("correct", correct.routed())
                    .put("correctIfAllStrong", correct.allStrong())
                    .put("correctIfAllCheap", correct.allCheap());
        }
        return report;
    }

    /** Without trailing zeros, and never in powers of ten. */
    private static BigDecimal usd(MoneyTotal amount) {
        BigDecimal stripped = amount.usd().stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    private static BigDecimal seconds(Duration duration) {
        return BigDecimal.valueOf(duration.toMillis(), 3);
    }
}
