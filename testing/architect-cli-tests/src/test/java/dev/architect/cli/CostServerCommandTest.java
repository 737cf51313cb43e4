package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.cost.CallCharge;
import dev.architect.cost.CallOrigin;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CallRoute;
import dev.architect.cost.CallTiming;
import dev.architect.cost.Cost;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Metering;
import dev.architect.cost.Money;
import dev.architect.cost.SpendDimension;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.project.Attribution;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code gaia cost} on a running server, beside the same on its store. */
final class CostServerCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

    @TempDir
    private Path folder;

    private ServedData served;

    @BeforeEach
    void serve() throws IOException {
        try (SqliteStore store = SqliteStore.at(folder.resolve("architect.db"))) {
            store.ledger()
                    .record(List.of(
                            call("a", START, "small", "search", Cost.priced(new Money(1_000_000_000_001L))),
                            call("b", START.plus(Duration.ofDays(2)), "large", "ads", Cost.priced(Money.ofUsd("0.5"))),
                            call(
                                    "c",
                                    START.plus(Duration.ofDays(2)),
                                    "large",
                                    "",
                                    Cost.priced(Money.ofUsd("0.25")).estimated()),
                            call("d", START.plus(Duration.ofDays(2)), "large", "ads", Cost.UNPRICED)));
        }
        served = ServedData.in(folder);
    }

    @AfterEach
    void close() {
        served.close();
    }

    private static LedgerEntry call(String id, Instant at, String model, String team, Cost cost) {
        return new LedgerEntry(
                id,
                new CallOrigin(
                        "request-" + id,
                        Optional.empty(),
                        0,
                        team.isEmpty() ? Attribution.DEFAULT : Attribution.DEFAULT.withTag("team", team)),
                new CallRoute(Complexity.SIMPLE, 0, new ModelId("claude", model), new ModelId("claude", model)),
                new CallTiming(at, Duration.ofMillis(250)),
                CallOutcome.ANSWERED,
                Optional.empty(),
                new Metering(TokenUsage.of(10, 5), UsageSource.REPORTED),
                new CallCharge(cost, Optional.empty(), Cost.priced(Money.ofUsd("4")), "2026-11-22"),
                Optional.of(StopReason.COMPLETE));
    }

    private GaiaRun ofStore(String... arguments) {
        List<String> all = new ArrayList<>(List.of("cost"));
        all.addAll(List.of(arguments));
        return served.gaia(all.toArray(String[]::new));
    }

    private GaiaRun ofServer(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--server", served.url()));
        return ofStore(all.toArray(String[]::new));
    }

    private String prices() throws IOException {
        return Files.writeString(folder.resolve("offer.yaml"), """
                        base: none
                        version: offer
                        prices:
                          - provider: claude
                            model: large
                            source: a test
                            checked: 2026-11-22
                            usdPerMillionTokens: {input: 1, output: 2}
                        """).toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "breakdown --month 2026-03",
                "breakdown model,team --month 2026-03 --json",
                "breakdown outcome,cost-status --month 2026-03",
                "breakdown tag:team --period all --cost-status estimated --json",
                "breakdown model,team --period all --limit 2",
                "series --month 2026-03",
                "series --from 2026-03-01T00:00:00Z --until 2026-03-02T00:00:00Z --interval hour --json",
                "series --month 2026-03 --tag team=ads --model claude/large",
            })
    void aServerGivesTheReportsOfItsStore(String arguments) {
        String[] words = arguments.split(" ");

        GaiaRun server = ofServer(words);
        GaiaRun store = ofStore(words);

        assertThat(server.exitCode()).as(server.err()).isZero();
        assertThat(server.out()).isEqualTo(store.out()).isNotEmpty();
        assertThat(server.err()).isEqualTo(store.err());
    }

    @Test
    void costsStandByTwoDimensions() throws IOException {
        GaiaRun text = ofServer("breakdown", "model,team", "--month", "2026-03");
        List<String> json = ofServer("breakdown", "model,team", "--month", "2026-03", "--json")
                .out()
                .lines()
                .toList();

        assertThat(text.out().lines().map(line -> line.strip().replaceAll(" +", " ")))
                .first()
                .isEqualTo("model team Calls Failed Requests Tokens in Tokens out Cost Estimated Baseline Unpriced");
        assertThat(text.out().lines().map(line -> line.strip().replaceAll(" +", " ")))
                .anyMatch(line -> line.startsWith("claude/small search 1 0"))
                .anyMatch(line -> line.startsWith("total 4 0") && line.contains("$1.750000000001 $0.25"));
        assertThat(json).hasSize(3);
        JsonNode first = JSON.readTree(json.get(0));
        assertThat(first.get("values").toString()).isEqualTo("{\"model\":\"claude/small\",\"team\":\"search\"}");
        assertThat(first.get("exactUsd").textValue()).isEqualTo("1.000000000001");
        assertThat(ofServer("breakdown", "model,team", "--period", "all", "--limit", "1")
                        .err())
                .contains("2 more; --limit shows more of them");
    }

    @Test
    void theHelpNamesEveryDimension() {
        String help = GaiaRun.gaia("cost", "breakdown", "--help").out();

        for (SpendDimension dimension : SpendDimension.values()) {
            assertThat(help).contains(dimension.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
    }

    @Test
    void aServerRatesCallsInTheBackgroundAndKeepsTheReport() throws IOException {
        GaiaRun rated = ofServer(
                "rerate", "--prices", prices(), "--month", "2026-03", "--as", "claude/large", "--reason", "an offer");

        assertThat(rated.exitCode()).as(rated.err()).isZero();
        assertThat(rated.err()).matches("(?s)rating \\w+ is accepted.*");
        assertThat(rated.out())
                .isEqualTo(ofStore("rerate", "--prices", prices(), "--month", "2026-03", "--as", "claude/large")
                        .out())
                .startsWith("prices     offer");
        String id = rated.err().split(" ")[1];
        assertThat(ofServer("ratings").out()).contains(id, "an offer", "done");
        assertThat(JSON.readTree(ofServer("ratings", "--json").out())
                        .get("purpose")
                        .textValue())
                .isEqualTo("an offer");
        GaiaRun again = ofServer("ratings", id, "--json");
        assertThat(again.exitCode()).isZero();
        assertThat(again.out())
                .isEqualTo(
                        ofStore("rerate", "--prices", prices(), "--month", "2026-03", "--as", "claude/large", "--json")
                                .out());
        GaiaRun detached = ofServer("rerate", "--month", "2026-03", "--by", "project", "--reason", "now", "--detach");
        assertThat(detached.exitCode()).as(detached.err()).isZero();
        assertThat(ofServer("ratings").out()).contains(detached.out().strip());
        assertThat(ofServer("ratings", "none").err()).contains("status 404", "rating none does not exist");
    }

    @Test
    void aServerComparesAnInvoiceAndKeepsTheOutcome() throws IOException {
        String invoice = Files.writeString(
                        folder.resolve("march.csv"),
                        "date,model,cost\n2026-03-01,small,1.000000000001\n2026-03-03,large,0.8\n")
                .toString();
        String[] march = {"reconcile", invoice, "--provider", "claude", "--month", "2026-03", "--column", "amount=cost"
        };
        List<String> noted = new ArrayList<>(List.of(march));
        noted.addAll(List.of("--note", "no. 117"));

        GaiaRun kept = ofServer(noted.toArray(String[]::new));

        assertThat(kept.exitCode()).as(kept.err()).isEqualTo(1);
        assertThat(kept.out()).isEqualTo(ofStore(march).out()).contains("difference $0.05");
        String id = kept.err().split(" ")[1];
        assertThat(ofServer("reconciliations").out()).contains(id, "no. 117", "different", "$0.05");
        GaiaRun shown = ofServer("reconciliations", id);
        assertThat(shown.exitCode()).isEqualTo(1);
        assertThat(shown.out()).isEqualTo(kept.out());
        List<String> tolerant = new ArrayList<>(List.of(march));
        tolerant.addAll(List.of("--tolerance", "0.05", "--json"));
        GaiaRun matched = ofServer(tolerant.toArray(String[]::new));
        assertThat(matched.exitCode()).as(matched.err()).isZero();
        assertThat(matched.out())
                .isEqualTo(ofStore(tolerant.toArray(String[]::new)).out());
    }

    @Test
    void aServerEstimatesARequest() throws IOException {
        GaiaRun text = ofServer("estimate", "Summarise the changelog", "--max-output-tokens", "100");
        String request = Files.writeString(folder.resolve("request.json"), "{\"prompt\":\"Summarise the changelog\"}")
                .toString();
        GaiaRun json = ofServer(
                "estimate", "--request", request, "--max-output-tokens", "100", "--task-type", "digest", "--json");

        assertThat(text.exitCode()).as(text.err()).isZero();
        assertThat(text.out()).contains("model      claude/", "prompt     ", "forecast   ", "nine of ten", "priced");
        assertThat(json.exitCode()).as(json.err()).isZero();
        assertThat(JSON.readTree(json.out()).at("/p90/costUsd").isTextual()).isTrue();
        assertThat(JSON.readTree(json.out()).at("/p90/answerTokens").longValue())
                .isBetween(1L, 100L);
    }

    @Test
    void refusesWhatIsWrong() throws IOException {
        String broken = Files.writeString(folder.resolve("broken.json"), "[1]").toString();

        assertThat(ofStore("breakdown", "week").err())
                .contains("dimension is 'week', expected one of team, tag:NAME, provider");
        assertThat(ofServer("breakdown", "week").err()).contains("status 400", "'week'");
        assertThat(ofStore("breakdown", "model,model").err()).contains("expected two that differ");
        assertThat(ofServer("breakdown", "--tag", "a=b", "--tag", "c=d").err())
                .contains("--tag is given 2 times, expected once beside --server");
        assertThat(ofServer("rerate", "--month", "2026-03").err()).contains("--reason is missing");
        assertThat(ofStore("rerate", "--reason", "why").err()).contains("--reason is given without --server");
        assertThat(ofServer("rerate", "--reason", "x", "--as", "large").err()).contains("status 400", "'large'");
        assertThat(ofServer("estimate").err()).contains("PROMPT is missing, expected a prompt or --request");
        assertThat(ofServer("estimate", "--request", broken).err()).contains("expected a JSON object");
        assertThat(ofStore("series", "--server", "here").err()).contains("--server is 'here', expected an address");
        assertThat(ofStore("ratings", "--server", "http://127.0.0.1:1").err()).contains("cannot be reached");
        assertThat(ofServer("breakdown").exitCode()).isZero();
        Files.delete(folder.resolve("token"));
        assertThat(ofServer("breakdown").err()).contains("token is not there");
    }
}
