package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SimulateCommandTest {

    @TempDir
    private Path folder;

    @Test
    void runsUntilItIsStopped() throws Exception {
        Path script = Files.writeString(
                folder.resolve("script.json"),
                "{\"providers\":{\"ollama\":{\"models\":{\"m\":{\"strength\":\"cheap\"}}}}}");
        try (GaiaProcess gaia = GaiaProcess.start(folder, "simulate", "--script", script.toString())) {
            String url = gaia.awaitLine(line -> line.startsWith("ollama")).replaceAll("\\S+\\s+", "");
            gaia.awaitLine(line -> line.contains("Ctrl-C"));

            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(url + "/api/tags"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            gaia.terminate();

            assertThat(answer.body()).contains("\"m:latest\"");
            assertThat(gaia.awaitExit()).isEqualTo(128 + 15);
            assertThat(gaia.seen())
                    .filteredOn(line -> line.contains("http://127.0.0.1:"))
                    .hasSize(7);
        }
    }

    @Test
    void reportsThatThePortIsBusy() throws IOException {
        try (BusyPort port = new BusyPort()) {
            GaiaRun command = GaiaRun.gaia("simulate", "--port", port.number());

            assertThat(command.exitCode()).isEqualTo(1);
            assertThat(command.errLines())
                    .singleElement()
                    .asString()
                    .startsWith("gaia: port " + port.number() + " of 127.0.0.1 cannot be opened");
        }
    }

    @Test
    void reportsWhatIsWrongWithTheScript() throws IOException {
        Path script = Files.writeString(folder.resolve("script.json"), "{\"providers\":{\"claud\":{}}}");

        GaiaRun command = GaiaRun.gaia("simulate", "--script", script.toString());

        assertThat(command.exitCode()).isEqualTo(1);
        assertThat(command.errLines())
                .singleElement()
                .asString()
                .startsWith("gaia: " + script)
                .contains("claud");
    }

    @Test
    void reportsThatTheScriptIsMissing() {
        GaiaRun command = GaiaRun.gaia("simulate", "--script", "nowhere.json");

        assertThat(command.exitCode()).isEqualTo(1);
        assertThat(command.errLines()).containsExactly("gaia: nowhere.json: the script file does not exist");
    }
}
