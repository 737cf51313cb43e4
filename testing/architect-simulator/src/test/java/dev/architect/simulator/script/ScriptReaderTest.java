package dev.architect.simulator.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptReaderTest {

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void place() {
        file = folder.resolve("script.json");
    }

    private SimulatorScript load(String json) throws IOException {
        Files.writeString(file, json);
        return SimulatorScript.load(file);
    }

    @Test
    void readsEveryField() throws Exception {
        Files.writeString(
                folder.resolve("answers.jsonl"),
                "{\"prompt\":\"p\",\"answers\":{\"cheap\":{\"text\":\"t\",\"correct\":true}}}\n");
        SimulatorScript script = load("""
                {"seed": 7, "answers": "answers.jsonl", "providers": {"claude": {
                  "apiKey": "k", "latency": {"medianMillis": 400, "sigma": 0.5, "capMillis": 5000},
                  "perTokenMillis": 1.5, "tokensPerChunk": 2, "outage": "http503", "cacheHitShare": 0.25,
                  "requestsPerMinute": 600,
                  "errors": [{"status": 429, "share": 0.02, "retryAfterSeconds": 1.5, "midStream": true}],
                  "models": {"m": {"strength": "strong", "inputPicoUsd": 1, "cacheReadPicoUsd": 2,
                    "cacheWritePicoUsd": 3, "outputPicoUsd": 4, "requestPicoUsd": 5, "searchPicoUsd": 6,
                    "contextTokens": 7, "reasoningShare": 0.5, "strictParameters": true, "servedModel": "s",
                    "servedProvider": "p"}}}}}""");

        assertThat(script.seed()).isEqualTo(7);
        assertThat(script.answers().size()).isEqualTo(1);
        ProviderScript claude = script.provider("claude");
        assertThat(claude.apiKey()).isEqualTo("k");
        assertThat(claude.latency()).isEqualTo(Latency.logNormal(Duration.ofMillis(400), 0.5, Duration.ofSeconds(5)));
        assertThat(claude.perToken()).isEqualTo(Duration.ofNanos(1_500_000));
        assertThat(claude.tokensPerChunk()).isEqualTo(2);
        assertThat(claude.outage()).isEqualTo(Outage.HTTP_503);
        assertThat(claude.cacheHitShare()).isEqualTo(0.25);
        assertThat(claude.requestsPerMinute()).isEqualTo(600);
        assertThat(claude.errors()).containsExactly(new ErrorRate(429, 0.02, Duration.ofMillis(1500), true));
        assertThat(claude.models())
                .isEqualTo(Map.of(
                        "m",
                        new SimulatedModel(
                                ModelStrength.STRONG,
                                new SimulatedPrices(1, 2, 3, 4, 5, 6),
                                7,
                                0.5,
                                true,
                                "s",
                                "p",
                                0)));
        assertThat(script.provider("openai"))
                .isEqualTo(SimulatorScript.standard().provider("openai"));
    }

    @Test
    void leavesOutWhatIsStandard() throws Exception {
        assertThat(load("{}")).isEqualTo(SimulatorScript.standard());
        ProviderScript gemini =
                load("{\"providers\":{\"gemini\":{\"latency\":12.5}}}").provider("gemini");
        assertThat(gemini)
                .isEqualTo(SimulatorScript.standard()
                        .provider("gemini")
                        .withLatency(Latency.fixed(Duration.ofNanos(12_500_000))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]|script.json: the script is an array, expected an object",
                "{\"sed\":1}|script.json: sed is an unknown field, expected one of [answers, providers, seed]",
                "{\"seed\":\"x\"}|script.json: seed is a text, expected a whole number",
                "{\"seed\":1.5}|script.json: seed is 1.5, expected a whole number",
                "{\"providers\":{\"clade\":{}}}|script.json: providers.clade is an unknown field, expected one of",
                "{\"providers\":{\"claude\":7}}|script.json: providers.claude is 7, expected an object",
                "{\"providers\":{\"claude\":{\"latency\":-1}}}|providers.claude.latency is -1, expected milliseconds, 0 to 3600000",
                "{\"providers\":{\"claude\":{\"latency\":{\"medianMillis\":9,\"capMillis\":1}}}}|providers.claude.latency.cap is PT0.001S, expected",
                "{\"providers\":{\"claude\":{\"latency\":{\"medianMillis\":9,\"sigma\":-1}}}}|providers.claude.latency.sigma is -1.0, expected 0 to 5",
                "{\"providers\":{\"claude\":{\"tokensPerChunk\":0}}}|providers.claude.tokensPerChunk is 0, expected 1 or more",
                "{\"providers\":{\"claude\":{\"tokensPerChunk\":99999999999}}}|providers.claude has a number that is too large",
                "{\"providers\":{\"claude\":{\"errors\":{}}}}|providers.claude.errors is an object, expected a list",
                "{\"providers\":{\"claude\":{\"errors\":[{\"status\":429,\"share\":1.5}]}}}|providers.claude.errors[0].share is 1.5, expected 0 to 1",
                "{\"providers\":{\"claude\":{\"errors\":[{\"status\":200,\"share\":1}]}}}|providers.claude.errors[0].status is 200, expected 400 to 599",
                "{\"providers\":{\"claude\":{\"errors\":[{\"status\":500,\"share\":0.6},{\"status\":429,\"share\":0.6}]}}}|providers.claude.errors have shares of 1.2 together",
                "{\"providers\":{\"claude\":{\"outage\":\"dead\"}}}|providers.claude.outage is dead, expected one of refuse, http503, silent, mute, stall, noise",
                "{\"providers\":{\"claude\":{\"apiKey\":5}}}|providers.claude.apiKey is 5, expected a text",
                "{\"providers\":{\"claude\":{\"apiKey\":\" \"}}}|providers.claude.apiKey is blank, expected a key",
                "{\"providers\":{\"claude\":{\"models\":{\"m\":{}}}}}|providers.claude.models.m.strength is missing, expected cheap or strong",
                "{\"providers\":{\"claude\":{\"models\":{\"m\":{\"strength\":\"cheap\",\"inputPicoUsd\":-3}}}}}|providers.claude.models.m.inputPicoUsd is -3, expected 0 to",
                "{\"providers\":{\"claude\":{\"models\":{\"m\":{\"strength\":\"cheap\",\"strictParameters\":1}}}}}|models.m.strictParameters is 1, expected true or false",
                "{\"seed\":1,\"seed\":2}|script.json: line 1, column",
                "{\"seed\":|script.json: line 1, column",
                "{\"answers\":\"none.jsonl\"}|none.jsonl, expected a file that can be read",
            })
    void namesTheFieldTheValueAndTheExpectation(String json, String message) {
        assertThatThrownBy(() -> load(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void reportsAMissingFile() {
        assertThatThrownBy(() -> SimulatorScript.load(file))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("script.json");
    }

    @Test
    void keepsTheKeyOutOfTexts() throws Exception {
        SimulatorScript script = load("{\"providers\":{\"claude\":{\"apiKey\":\"sk-secret\"}}}");
        assertThat(script.toString()).doesNotContain("sk-secret").contains("apiKey=set");
    }
}
