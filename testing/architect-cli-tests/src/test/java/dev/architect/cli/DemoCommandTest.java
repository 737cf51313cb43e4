package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Money;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.Savings;
import dev.architect.spend.SpendFilter;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.task.Task;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskState;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoCommandTest {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    @TempDir
    private Path folder;

    private Path data;
    private Path report;

    @BeforeEach
    void choosePlaces() {
        data = folder.resolve("data");
        report = folder.resolve("report.json");
    }

    @Test
    void ledgerReportAndSimulatorAgreeToThePicoDollar() throws IOException {
        GaiaRun command = demo("--tasks", "120", "--rate", "80");

        assertThat(command.exitCode()).as(command.err() + command.out()).isZero();
        JsonNode figures = JSON.readTree(report.toFile());
        assertThat(names(figures))
                .containsExactly(
                        "tasks",
                        "succeeded",
                        "failed",
                        "wallSeconds",
                        "assignLatencyMs",
                        "costUsd",
                        "baselineUsd",
                        "savingsPercent",
                        "failovers",
                        "byProvider",
                        "simulatorCostUsd");
        assertThat(figures.path("tasks").intValue()).isEqualTo(120);
        assertThat(figures.path("succeeded").intValue()).isEqualTo(120);
        assertThat(names(figures.path("assignLatencyMs"))).containsExactly("p50", "p95", "p99");

        BigDecimal cost = figures.path("costUsd").decimalValue();
        assertThat(cost)
                .isPositive()
                .isEqualByComparingTo(figures.path("simulatorCostUsd").decimalValue());
        BigDecimal byProvider = BigDecimal.ZERO;
        int tasks = 0;
        for (JsonNode provider : figures.path("byProvider")) {
            assertThat(names(provider)).containsExactly("tasks", "inputTokens", "outputTokens", "costUsd");
            byProvider = byProvider.add(provider.path("costUsd").decimalValue());
            tasks += provider.path("tasks").intValue();
        }
        assertThat(byProvider).isEqualByComparingTo(cost);
        assertThat(tasks).isEqualTo(120);
        try (SqliteStore store = SqliteStore.at(data.resolve("architect.db"))) {
            Savings savings = Savings.of(store.ledger().spend(ReportPeriod.all().resolve(Instant.EPOCH)));
            assertThat(savings.spent().usd()).isEqualByComparingTo(cost);
            assertThat(savings.baseline().usd())
                    .isEqualByComparingTo(figures.path("baselineUsd").decimalValue());
            assertThat(savings.percent().orElseThrow())
                    .isEqualByComparingTo(figures.path("savingsPercent").decimalValue());
            assertThat(recomputedPercent(store, cost))
                    .isEqualByComparingTo(figures.path("savingsPercent").decimalValue());
            assertThat(store.tasks().counts()).isEqualTo(Map.of(TaskState.DONE, 120L));
        }
    }

    /** The saving by nothing but the rows of the calls and of the attempts that made them. */
    private static BigDecimal recomputedPercent(SqliteStore store, BigDecimal shown) {
        BigDecimal spent = BigDecimal.ZERO;
        BigDecimal baseline = BigDecimal.ZERO;
        List<LedgerEntry> calls = store.ledger()
                .page(SpendFilter.ALL, ReportPeriod.all().resolve(Instant.EPOCH), Optional.empty(), 10_000);
        for (LedgerEntry call : calls) {
            Optional<Money> cost = call.charge().cost().amount();
            spent = spent.add(cost.map(Money::usd).orElse(BigDecimal.ZERO));
            boolean isAccepted = call.outcome() == CallOutcome.ANSWERED
                    && store.tasks().attempts(call.origin().task().orElseThrow()).stream()
                            .anyMatch(
                                    attempt -> attempt.epoch() == call.origin().epoch()
                                            && attempt.outcome() == AttemptOutcome.SUCCEEDED);
            if (isAccepted && cost.isPresent()) {
                baseline = baseline.add(
                        call.charge().baseline().amount().map(Money::usd).orElse(BigDecimal.ZERO));
            }
        }
        assertThat(spent).isEqualByComparingTo(shown);
        return baseline.subtract(spent).multiply(BigDecimal.valueOf(100)).divide(baseline, 1, RoundingMode.FLOOR);
    }

    @Test
    void reportsWhatTheOutageDid() {
        GaiaRun command = demo("--tasks", "120", "--rate", "80");

        assertThat(command.err()).containsPattern("\\w+ goes down\\.\\R").containsPattern("\\w+ is back\\.\\R");
        assertThat(command.out())
                .containsPattern("For \\d\\.\\d s \\w+ was down\\. Who answered:")
                .containsPattern("(?m)^ +before +during +after$")
                .contains("Ledger and simulator agree to the last pico-dollar")
                .contains("120 of 120 tasks ended: 120 succeeded");
    }

    @Test
    void countsCorrectAnswersOfARecording() throws IOException {
        int questions = 40;
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < questions; i++) {
            lines.add("{\"prompt\":\"Question " + i + "?\",\"answers\":{\"cheap\":{\"text\":\"cheap " + i
                    + "\",\"correct\":" + (i % 4 == 0) + "},\"strong\":{\"text\":\"strong " + i + "\",\"correct\":"
                    + (i % 10 != 0) + "}}}");
        }
        Path prompts = Files.write(folder.resolve("prompts.jsonl"), lines);

        GaiaRun best = demo("--prompts", prompts.toString(), "--rate", "80", "--quality", "high");
        assertThat(best.out()).contains("Correct answers: 36 (90.0 %)");

        data = folder.resolve("other data");
        GaiaRun command = demo("--prompts", prompts.toString(), "--rate", "80");

        assertThat(command.exitCode()).as(command.err() + command.out()).isZero();
        JsonNode figures = JSON.readTree(report.toFile());
        assertThat(figures.path("tasks").intValue()).isEqualTo(questions);
        assertThat(figures.path("correctIfAllStrong").intValue()).isEqualTo(36);
        assertThat(figures.path("correctIfAllCheap").intValue()).isEqualTo(10);
        assertThat(figures.path("correct").intValue()).isEqualTo(correctInTheStore());
        assertThat(command.out())
                .contains("all to the strong model 36 (90.0 %), all to the cheap one 10 (25.0 %)")
                .contains("The same 40 questions")
                .containsPattern("(?m)^all to the strong model +36 +90\\.0 +40 +\\$")
                .contains("Other ways to choose are learned from 250 questions or more.");
        assertThat(figures.path("questions")).hasSize(2);
    }

    /** Counts by the rule by which the recording was made. */
    private int correctInTheStore() {
        int correct = 0;
        try (SqliteStore store = SqliteStore.at(data.resolve("architect.db"))) {
            for (Task task : store.tasks().list(TaskQuery.newest(500))) {
                String text =
                        store.tasks().result(task.id()).orElseThrow().output().orElseThrow();
                int number = Integer.parseInt(text.replaceAll("\\D+", ""));
                correct += (text.startsWith("cheap") ? number % 4 == 0 : number % 10 != 0) ? 1 : 0;
            }
        }
        return correct;
    }

    @Test
    void aReportThatCannotBeWrittenIsRefusedBeforeAnythingRuns() {
        report = folder.resolve("missing/report.json");

        GaiaRun command = demo("--tasks", "10");

        assertThat(command.exitCode()).isEqualTo(1);
        assertThat(command.errLines())
                .containsExactly("gaia: " + folder.resolve("missing") + ": there is no such directory");
        assertThat(data).doesNotExist();
    }

    @Test
    void aBusyPortIsReportedBeforeAnythingRuns() throws IOException {
        try (BusyPort port = new BusyPort()) {
            GaiaRun command = demo("--tasks", "10", "--port", port.number());

            assertThat(command.exitCode()).isEqualTo(1);
            assertThat(command.errLines())
                    .singleElement()
                    .asString()
                    .startsWith("gaia: port " + port.number() + " cannot be used");
            assertThat(data).doesNotExist();
            assertThat(report).doesNotExist();
        }
    }

    @Test
    void aFileInPlaceOfTheDataDirectoryIsReported() throws IOException {
        Files.writeString(data, "x");

        GaiaRun command = demo("--tasks", "10");

        assertThat(command.exitCode()).isEqualTo(1);
        assertThat(command.errLines())
                .containsExactly("gaia: data directory " + data + " is a file, expected a directory");
    }

    @Test
    void aDirectoryThatCannotBeCreatedIsReported() throws IOException {
        Files.writeString(data, "x");
        data = data.resolve("below");

        GaiaRun command = demo("--tasks", "10");

        assertThat(command.exitCode()).isEqualTo(1);
        assertThat(command.errLines())
                .singleElement()
                .asString()
                .startsWith("gaia: data directory " + data + " cannot be created");
    }

    @Test
    void aDamagedDatabaseIsReportedAndLeftAsItWas() throws IOException {
        demo("--tasks", "10", "--rate", "50");
        Path file = data.resolve("architect.db");
        byte[] damaged = Files.readAllBytes(file);
        byte[] garbage = "this was a page of the database ".repeat(600).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(garbage, 0, damaged, 4_096, garbage.length);
        Files.write(file, damaged);

        GaiaRun command = demo("--tasks", "10");

        assertThat(command.exitCode()).isEqualTo(1);
        assertThat(command.errLines())
                .singleElement()
                .asString()
                .startsWith("gaia: " + file)
                .contains("damaged");
        assertThat(Files.readAllBytes(file)).isEqualTo(damaged);
    }

    @Test
    void aMissingPromptFileIsReported() {
        GaiaRun command = demo("--prompts", "nowhere.jsonl");

        assertThat(command.exitCode()).isEqualTo(1);
        assertThat(command.errLines()).containsExactly("gaia: nowhere.jsonl: there is no such file or directory");
    }

    private GaiaRun demo(String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("demo", "--exit", "--data", data.toString(), "--report", report.toString()));
        arguments.addAll(List.of(options));
        return GaiaRun.gaia(arguments.toArray(String[]::new));
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
