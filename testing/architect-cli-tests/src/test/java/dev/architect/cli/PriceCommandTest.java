package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.router.pricing.Prices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gaia price}, beside a server that prices calls. */
final class PriceCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ROW =
            "  - {provider: claude, model: %s, usdPerMillionTokens: {input: %s}, source: a test, checked: 2026-11-01}\n";

    @TempDir
    private Path folder;

    private String file(String name, String... rows) throws IOException {
        String text = "version: " + name + "\nbase: none\nprices:\n" + String.join("", rows);
        return Files.writeString(folder.resolve(name + ".yaml"), text).toString();
    }

    @Test
    void pricesAreListedPutOnTopAndTakenAway() throws Exception {
        try (ServedData served = ServedData.in(folder)) {
            GaiaRun standard = served.gaia("price", "list", "--provider", "claude");
            assertThat(standard.exitCode()).isZero();
            assertThat(standard.out()).contains("Rates", "claude/claude-fable-5-2", "input $8.00/M, ", "us");
            assertThat(standard.err())
                    .isEqualTo("Catalogue " + Prices.standard().version() + "\n");
            assertThat(served.gaia("price", "list", "--own").err()).contains("There is no such price.");

            GaiaRun added = served.gaia(
                    "price",
                    "add",
                    "claude/claude-mine",
                    "--tokens",
                    "input=1.25",
                    "--tokens",
                    "output=10",
                    "--fee",
                    "webSearch=5",
                    "--hour",
                    "0.5",
                    "--region",
                    "eu",
                    "--from",
                    "2026-11-01T00:00:00Z",
                    "--until",
                    "2027-11-01T00:00:00Z",
                    "--source",
                    "our contract");

            assertThat(added.out())
                    .as(added.err())
                    .contains(" of claude/claude-mine counts from 2026-11-01T00:00:00Z on");
            String id = added.out().split(" ")[1];
            JsonNode onServer = served.get("/api/prices/" + id);
            assertThat(onServer.get("by").textValue()).isEqualTo("operator");
            assertThat(onServer.at("/prices/0/region").textValue()).isEqualTo("eu");
            JsonNode listed = JSON.readTree(
                    served.gaia("price", "list", "--own", "--json").out());
            assertThat(listed.get("model").textValue()).isEqualTo("claude-mine");
            assertThat(listed.get("override").textValue()).isEqualTo(id);
            assertThat(listed.get("validTo").textValue()).isEqualTo("2027-11-01T00:00:00Z");
            assertThat(listed.get("rates").toString())
                    .contains("{\"kind\":\"input\",\"usd\":\"1.25\",\"units\":1000000}")
                    .contains("{\"kind\":\"web-search\",\"usd\":\"5\",\"units\":1000}");
            assertThat(served.gaia("price", "list", "--model", "claude-mine").out())
                    .contains("standard, eu", "input $1.25/M", "web-search $5.00/k", "compute-millis $0.50/h", id);
            assertThat(served.gaia("price", "list", "--own", "--at", "2026-10-31T00:00:00Z")
                            .err())
                    .contains("There is no such price.");
            GaiaRun again = served.gaia(
                    "price",
                    "add",
                    "claude/claude-mine",
                    "--tokens",
                    "input=1",
                    "--region",
                    "eu",
                    "--from",
                    "2026-12-01T00:00:00Z",
                    "--source",
                    "another");
            assertThat(again.exitCode()).isEqualTo(1);
            assertThat(again.err()).contains("overlap, expected one price at a time");

            assertThat(served.gaia("price", "remove", id).out()).contains("price " + id + " counts no more");

            assertThat(served.gaia("price", "list", "--own").err()).contains("There is no such price.");
            assertThat(served.gaia("price", "remove", id).err()).contains("price '" + id + "' does not exist");
            assertThat(served.architect.routing().overrides()).isEmpty();
        }
    }

    @Test
    void aPriceFileIsComparedWithAnotherAndWithTheStore() throws Exception {
        ServedData.in(folder).close();
        String before = file("before", ROW.formatted("x", "1"), ROW.formatted("y", "1"));
        String after = file("after", ROW.formatted("y", "2"), ROW.formatted("z", "1"));

        GaiaRun text = GaiaRun.gaia("price", "compare", after, "--with", before);
        JsonNode json = JSON.readTree(GaiaRun.gaia("price", "compare", after, "--with", before, "--json")
                .out());

        assertThat(text.out().lines().map(line -> line.replaceAll(" +", " ").strip()))
                .contains("before before", "after after")
                .anyMatch(line -> line.startsWith("added claude/z standard always"))
                .anyMatch(line -> line.startsWith("removed claude/x standard always"))
                .anyMatch(line -> line.contains("input $1.00/M input $2.00/M"));
        assertThat(json.get("fromVersion").textValue()).isEqualTo("before");
        assertThat(json.at("/added/0/model").textValue()).isEqualTo("z");
        assertThat(json.at("/removed/0/model").textValue()).isEqualTo("x");
        assertThat(json.at("/changed/0/after/rates/0/usd").textValue()).isEqualTo("2");
        assertThat(GaiaRun.gaia("price", "compare", after, "--with", after).err())
                .contains("Nothing differs.");
        JsonNode withStore = JSON.readTree(
                ServedData.gaia(folder, "price", "compare", after, "--json").out());
        assertThat(withStore.get("fromVersion").textValue())
                .isEqualTo(Prices.standard().version());
        assertThat(withStore.get("removed")).hasSameSizeAs(Prices.standard().prices());
    }

    @Test
    void aServerAsksTheSourceOfItsHost() throws Exception {
        AtomicReference<String> version = new AtomicReference<>("first");
        try (ServedData served = ServedData.in(
                folder,
                router -> router.priceSource(
                        () -> Prices.parse("version: " + version.get() + "\nprices: []"), Duration.ofDays(1)))) {
            while (served.get("/api/prices").at("/source/answeredAt").isNull()) {
                Thread.onSpinWait();
            }
            version.set("second");

            GaiaRun changed = served.gaia("price", "refresh", "--server", served.url());

            assertThat(changed.out()).as(changed.err()).contains("there are other prices", "second");
            assertThat(served.get("/api/prices").get("ownVersion").textValue()).endsWith("second");
            GaiaRun newest = served.gaia("price", "refresh", "--server", served.url(), "--json");
            assertThat(JSON.readTree(newest.out()).get("changed").booleanValue())
                    .isFalse();
        }
        try (ServedData served = ServedData.in(folder)) {
            GaiaRun refused = served.gaia("price", "refresh", "--server", served.url() + "/");
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err()).contains("answered with status 409", "has no source of prices");
        }
    }

    @Test
    void refusesWhatIsWrong() throws Exception {
        ServedData.in(folder).close();

        assertThat(ServedData.gaia(folder, "price", "add", "claude/x", "--source", "s")
                        .err())
                .contains("--tokens is missing, expected one such as input=3");
        assertThat(ServedData.gaia(folder, "price", "add", "claude", "--tokens", "input=1", "--source", "s")
                        .err())
                .contains("'claude'");
        assertThat(ServedData.gaia(folder, "price", "add", "claude/x", "--tokens", "inputs=1", "--source", "s")
                        .err())
                .contains("inputs is not a known field, did you mean 'input'?");
        assertThat(ServedData.gaia(
                                folder,
                                "price",
                                "add",
                                "claude/x",
                                "--tokens",
                                "input=1",
                                "--source",
                                "s",
                                "--checked",
                                "today")
                        .err())
                .contains("--checked is 'today', expected a day such as 2026-03-01");
        assertThat(ServedData.gaia(folder, "price", "add", "claude/x", "--tokens", "input=1")
                        .exitCode())
                .isEqualTo(2);
        assertThat(ServedData.gaia(folder, "price", "list", "--at", "now").err())
                .contains("--at is 'now', expected a time in UTC");
        assertThat(ServedData.gaia(folder, "price", "compare", "none.yaml").err())
                .contains("FILE is none.yaml, expected a price file");
        assertThat(ServedData.gaia(folder, "price", "refresh", "--server", "here")
                        .err())
                .contains("--server is 'here', expected an address");
        Files.delete(folder.resolve("token"));
        assertThat(ServedData.gaia(folder, "price", "refresh").err()).contains("token is not there");
        assertThat(GaiaRun.gaia("price").err())
                .contains("what to do is missing, expected one of list, add, remove, compare, refresh");
    }
}
