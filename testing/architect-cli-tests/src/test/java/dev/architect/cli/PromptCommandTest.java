package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CostStatus;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.Savings;
import dev.architect.simulator.ProviderSimulator;
import dev.architect.simulator.script.Latency;
import dev.architect.simulator.script.SimulatorScript;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.usage.UsageSource;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PromptCommandTest {

    @TempDir
    private Path folder;

    @Test
    void printsTheAnswerApartFromRouteAndCost() {
        GaiaRun command = GaiaRun.gaia("-p", "Write a hello world function", "--simulate");

        assertThat(command.exitCode()).isZero();
        assertThat(command.out()).contains("Hello").doesNotContain("cost:");
        assertThat(command.errLines()).hasSize(2);
        assertThat(command.errLines().get(0)).startsWith("route: simple; ollama/");
        assertThat(command.errLines().get(1)).startsWith("cost: $0.00 (baseline $0.");
    }

    /** A call that is on its way, and an answer that is shown as it comes. */
    @ParameterizedTest
    @CsvSource({"INT, 130, false", "TERM, 143, false", "INT, 130, true"})
    void aStoppedCallIsInTheLedgerWithItsEstimatedUsage(String signal, int exitCode, boolean streams) throws Exception {
        Path data = folder.resolve("data");
        SimulatorScript slow = SimulatorScript.standard()
                .withEach(provider -> streams
                        ? provider.withPerToken(Duration.ofSeconds(2)).withTokensPerChunk(1)
                        : provider.withLatency(Latency.fixed(Duration.ofMinutes(5))));
        try (ProviderSimulator simulator = ProviderSimulator.start(slow);
                GaiaProcess gaia = GaiaProcess.startWithoutKeys(
                        folder,
                        Map.of(
                                "ANTHROPIC_API_KEY",
                                "key",
                                "CLAUDE_BASE_URL",
                                simulator.baseUrl("claude").toString(),
                                "JAVA_TOOL_OPTIONS",
                                "-Dgaia.out.interactive=" + streams),
                        "-p",
                        "Write a long story about a lighthouse",
                        "--data",
                        data.toString())) {
            assertThat(simulator.awaitCalls(1, Duration.ofSeconds(60))).isTrue();

            gaia.signal(signal);

            assertThat(gaia.awaitExit()).isEqualTo(exitCode);
            assertThat(gaia.seen())
                    .anyMatch(line -> line.contains("gaia: stopped before the answer was complete"))
                    .noneMatch(line -> line.contains("Exception"));
        }
        try (SqliteStore store = SqliteStore.at(data.resolve("architect.db"))) {
            assertThat(store.ledger().newest(1)).singleElement().satisfies(call -> {
                assertThat(call.outcome()).isEqualTo(CallOutcome.CANCELLED);
                assertThat(call.route().requested().provider()).isEqualTo("claude");
                assertThat(call.metering().source()).isEqualTo(UsageSource.ESTIMATED);
                assertThat(call.metering().usage().promptTokens()).isPositive();
                assertThat(call.charge().cost().status()).isEqualTo(CostStatus.ESTIMATED);
                assertThat(call.charge().cost().amount().orElseThrow().picoUsd())
                        .isPositive();
            });
        }
        try (Stream<Path> files = Files.list(data)) {
            assertThat(files).containsExactly(data.resolve("architect.db"));
        }
    }

    @Test
    void quietPrintsTheAnswerAlone() {
        GaiaRun command = GaiaRun.gaia("-p", "Say hello", "--simulate", "--quiet");

        assertThat(command.out()).isNotBlank();
        assertThat(command.err()).isEmpty();
    }

    @Test
    void readsThePromptFromTheInput() {
        GaiaRun piped = GaiaRun.gaiaReading("Say hello\n", "-p", "-", "--simulate", "--quiet");

        assertThat(piped.out())
                .isEqualTo(GaiaRun.gaia("-p", "Say hello\n", "--simulate", "--quiet")
                        .out());
    }

    @Test
    void sendsWhatIsPipedInBelowThePrompt() throws Exception {
        try (ProviderSimulator simulator = ProviderSimulator.start(SimulatorScript.standard())) {
            Path configuration =
                    Files.writeString(folder.resolve("architect.yaml"), """
                    providers:
                      ollama: {adapter: ollama, baseUrl: "%s"}
                    """.formatted(simulator.baseUrl("ollama")));

            GaiaRun command = GaiaRun.gaiaReading(
                    "line one of the file\nline two, Öl\n",
                    "-p",
                    "Summarise this:",
                    "--json",
                    "--config",
                    configuration.toString());

            assertThat(command.exitCode()).as(command.err()).isZero();
            int piped = new ObjectMapper()
                    .readTree(command.out())
                    .path("inputTokens")
                    .intValue();
            GaiaRun alone = GaiaRun.gaia("-p", "Summarise this:", "--json", "--config", configuration.toString());
            int withoutFile =
                    new ObjectMapper().readTree(alone.out()).path("inputTokens").intValue();
            GaiaRun whole = GaiaRun.gaia(
                    "-p",
                    "Summarise this:\n\nline one of the file\nline two, Öl\n",
                    "--json",
                    "--config",
                    configuration.toString());
            int both =
                    new ObjectMapper().readTree(whole.out()).path("inputTokens").intValue();

            assertThat(piped).isEqualTo(both).isGreaterThan(withoutFile);
        }
    }

    @Test
    void refusesAPipedFileThatIsNoText() {
        GaiaRun command = GaiaRun.gaiaReading(
                new java.io.ByteArrayInputStream(new byte[] {(byte) 0x89, 'P', 'N', 'G'}),
                "-p",
                "What is it?",
                "--simulate");

        assertThat(command.exitCode()).isEqualTo(1);
        assertThat(command.out()).isEmpty();
        assertThat(command.errLines())
                .singleElement()
                .asString()
                .startsWith("gaia: the input is not UTF-8 text: byte 0x89 at position 0");
    }

    @Test
    void printsOneJsonObjectWithExactMoney() throws IOException {
        GaiaRun command = GaiaRun.gaia(
                "-p",
                "Say hello",
                "--simulate",
                "--json",
                "--model",
                "claude/claude-sonnet-4-6",
                "--system",
                "Be kind.");

        assertThat(command.err()).isEmpty();
        assertThat(command.out().lines()).hasSize(1);
        JsonNode json = new ObjectMapper().readTree(command.out());
        BigDecimal expected = json.path("inputTokens")
                .decimalValue()
                .multiply(new BigDecimal("0.000003"))
                .add(json.path("outputTokens").decimalValue().multiply(new BigDecimal("0.000015")));
        assertThat(json.path("model").textValue()).isEqualTo("claude/claude-sonnet-4-6");
        assertThat(json.path("route")).hasSize(1);
        assertThat(json.at("/route/0/selection").textValue()).isEqualTo("named-by-request");
        assertThat(json.at("/route/0/quality").intValue()).isPositive();
        assertThat(json.at("/route/0/estimatedUsd").decimalValue()).isPositive();
        assertThat(json.at("/route/0/reason").textValue()).endsWith("the request names it");
        assertThat(json.path("costUsd").decimalValue()).isEqualByComparingTo(expected);
        assertThat(json.path("baselineUsd").decimalValue()).isEqualByComparingTo(expected);
    }

    @Test
    void callsABetterModelWhenQualityIsRequired() throws IOException {
        GaiaRun command = GaiaRun.gaia("-p", "Say hello", "--simulate", "--json", "--quality", "high");

        assertThat(new ObjectMapper().readTree(command.out()).path("model").textValue())
                .isEqualTo("claude/claude-sonnet-5-5");
    }

    @Test
    void keepsTheCostInALedger() {
        Path data = folder.resolve("data");
        GaiaRun.gaia("-p", "Say hello", "--simulate", "--quality", "high", "--data", data.toString());
        GaiaRun.gaia("-p", "Say hello", "--simulate", "--quality", "high", "--data", data.toString());

        try (SqliteStore store = SqliteStore.at(data.resolve("architect.db"))) {
            Savings savings = Savings.of(store.ledger().spend(ReportPeriod.all().resolve(Instant.EPOCH)));
            assertThat(store.ledger().newest(10)).hasSize(2);
            assertThat(savings.spent().picoUsd()).isPositive();
        }
    }

    @Test
    void namesTheNearestModelForAnUnknownOne() {
        GaiaRun command = GaiaRun.gaia("-p", "Say hello", "--simulate", "--model", "claude/claude-sonet-5-5");

        assertThat(command.exitCode()).isEqualTo(1);
        assertThat(command.errLines())
                .containsExactly("gaia: model is 'claude/claude-sonet-5-5', which is not in the policy, did you mean"
                        + " 'claude/claude-sonnet-5-5'?");
    }

    @Test
    void refusesABlankPrompt() {
        assertThat(GaiaRun.gaia("-p", " ", "--simulate").errLines())
                .containsExactly("gaia: the prompt is blank, expected text");
        assertThat(GaiaRun.gaiaReading("", "-p", "-", "--simulate").exitCode()).isEqualTo(1);
    }

    @Test
    void reportsWhatIsWrongWithThePolicy() throws IOException {
        Path policy = Files.writeString(folder.resolve("policy.yaml"), "models: [\nbaselin: x");

        GaiaRun command = GaiaRun.gaia("-p", "Say hello", "--simulate", "--policy", policy.toString());

        assertThat(command.exitCode()).isEqualTo(1);
        assertThat(command.errLines()).singleElement().asString().contains("policy.yaml");
    }

    @Test
    void optionsWithoutAPromptMakeNoSense() {
        GaiaRun command = GaiaRun.gaia("--json");

        assertThat(command.exitCode()).isEqualTo(2);
        assertThat(command.err()).contains("--prompt=PROMPT").doesNotContain("\tat ");
    }

    @Test
    void aModelWithoutAProviderMakesNoSense() {
        GaiaRun command = GaiaRun.gaia("-p", "x", "--model", "gpt");

        assertThat(command.exitCode()).isEqualTo(2);
        assertThat(command.err()).startsWith("gaia: Invalid value for option '--model'");
    }

    @Test
    void callsTheProvidersThatTheConfigurationFileNames() throws Exception {
        try (ProviderSimulator simulator = ProviderSimulator.start(SimulatorScript.standard())) {
            Files.writeString(folder.resolve("policy.yaml"), """
                    baseline: hosted/llama3.2
                    models:
                      - {model: hosted/llama3.2, quality: 66, contextTokens: 8192}
                    """);
            Path configuration =
                    Files.writeString(folder.resolve("architect.yaml"), """
                    policy: policy.yaml
                    providers:
                      hosted: {adapter: ollama, baseUrl: "%s"}
                    """.formatted(simulator.baseUrl("ollama")));

            try (GaiaProcess named = GaiaProcess.startWithoutKeys(
                    folder, "-p", "Say hello", "--json", "--config", configuration.toString())) {
                assertThat(named.awaitExit()).isZero();
                assertThat(named.seen()).last().asString().contains("\"model\":\"hosted/llama3.2\"");
            }
            try (GaiaProcess byEnvironment = GaiaProcess.startWithoutKeys(
                    folder, Map.of("ARCHITECT_CONFIG", configuration.toString()), "-p", "Say hello", "--json")) {
                assertThat(byEnvironment.awaitExit()).isZero();
                assertThat(byEnvironment.seen()).last().asString().contains("\"model\":\"hosted/llama3.2\"");
            }
            try (GaiaProcess doctor =
                    GaiaProcess.startWithoutKeys(folder, "doctor", "--config", configuration.toString())) {
                assertThat(doctor.awaitExit()).isZero();
                assertThat(doctor.seen())
                        .anyMatch(line -> line.matches("config +ok +1 providers"))
                        .anyMatch(line -> line.matches("policy +ok +.*policy\\.yaml, 1 models.*"))
                        .anyMatch(line -> line.matches("hosted +ok .*"));
            }
        }
    }

    @Test
    void neverReadsAConfigurationBecauseItIsThere() throws Exception {
        try (ProviderSimulator simulator = ProviderSimulator.start(SimulatorScript.standard())) {
            Files.writeString(folder.resolve("architect.yaml"), """
                    providers:
                      hosted: {adapter: ollama, baseUrl: "%s"}
                    """.formatted(simulator.baseUrl("ollama")));

            try (GaiaProcess gaia = GaiaProcess.startWithoutKeys(folder, "-p", "Say hello")) {
                assertThat(gaia.awaitExit()).isEqualTo(1);
            }
            assertThat(simulator.log()).isEmpty();
        }
    }

    @Test
    void namesWhatIsWrongWithTheConfiguration() throws IOException {
        Path configuration = Files.writeString(folder.resolve("architect.yaml"), "providers: {claud: {}}\n");

        GaiaRun prompt = GaiaRun.gaia("-p", "Say hello", "--config", configuration.toString());
        GaiaRun doctor = GaiaRun.gaia("doctor", "--config", configuration.toString());

        assertThat(prompt.exitCode()).isEqualTo(1);
        assertThat(prompt.errLines())
                .containsExactly(
                        "gaia: " + configuration + ":1:13: providers.claud is no adapter, did you mean 'claude'?");
        assertThat(doctor.exitCode()).isEqualTo(1);
        assertThat(doctor.out()).contains("providers.claud is no adapter");
    }
}
