package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.simulator.ProviderSimulator;
import dev.architect.simulator.script.Latency;
import dev.architect.simulator.script.SimulatorScript;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskState;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How {@code gaia serve} stops while a task waits for a provider that takes a minute. */
final class ServeStopTest {

    private static final int SIGTERM = 128 + 15;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private static ProviderSimulator slow() throws IOException {
        return ProviderSimulator.start(SimulatorScript.standard()
                .withEach(provider -> provider.withLatency(Latency.fixed(Duration.ofMinutes(1)))));
    }

    private GaiaProcess serve(ProviderSimulator simulator, String... more) throws IOException {
        String[] all = new String[more.length + 7];
        System.arraycopy(
                new String[] {"serve", "--port", "0", "--data", "data", "--ready-file", "ready.json"}, 0, all, 0, 7);
        System.arraycopy(more, 0, all, 7, more.length);
        return GaiaProcess.startWithoutKeys(
                folder, Map.of("OLLAMA_BASE_URL", simulator.baseUrl("ollama").toString()), all);
    }

    /** Submits a task and returns when it runs. */
    private TaskId runningTask(GaiaProcess gaia) throws Exception {
        gaia.awaitLine(line -> line.startsWith("Ctrl-C"));
        JsonNode ready =
                new ObjectMapper().readTree(folder.resolve("ready.json").toFile());
        String url = ready.get("url").textValue() + "/api/tasks";
        String token = "Bearer " + ready.get("token").textValue();
        HttpResponse<String> accepted = CLIENT.send(
                HttpRequest.newBuilder(URI.create(url))
                        .header("Authorization", token)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"hello\"}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        TaskId id = TaskId.parse(
                new ObjectMapper().readTree(accepted.body()).get("id").textValue());
        HttpRequest show = HttpRequest.newBuilder(URI.create(url + "/" + id))
                .header("Authorization", token)
                .build();
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!CLIENT.send(show, HttpResponse.BodyHandlers.ofString()).body().contains("\"state\":\"running\"")) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
        return id;
    }

    private void assertHandedBack(TaskId id) {
        try (SqliteStore store = SqliteStore.at(folder.resolve("data/architect.db"))) {
            Task task = store.tasks().find(id).orElseThrow();
            assertThat(task.state()).isEqualTo(TaskState.READY);
        }
    }

    @Test
    void aSecondSignalHandsTheTasksBackAtOnce() throws Exception {
        try (ProviderSimulator simulator = slow();
                GaiaProcess gaia = serve(simulator)) {
            TaskId id = runningTask(gaia);

            gaia.terminate();
            assertThat(gaia.awaitLine(line -> line.startsWith("Waiting")))
                    .matches(
                            "Waiting for 1 running task, at most 1\\d s more\\. A second signal gives it back at once\\.");
            long before = System.nanoTime();
            gaia.terminate();

            assertThat(gaia.awaitExit()).isEqualTo(SIGTERM);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(8));
            assertHandedBack(id);
        }
    }

    @Test
    void aStopTakesNoLongerThanItsSetting() throws Exception {
        try (ProviderSimulator simulator = slow();
                GaiaProcess gaia = serve(simulator, "--stop-timeout", "2s")) {
            TaskId id = runningTask(gaia);
            long before = System.nanoTime();

            gaia.terminate();

            assertThat(gaia.awaitExit()).isEqualTo(SIGTERM);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(8));
            assertHandedBack(id);
        }
    }

    @Test
    void aStopWithoutRunningTasksIsQuick() throws Exception {
        try (ProviderSimulator simulator = slow();
                GaiaProcess gaia = serve(simulator)) {
            gaia.awaitLine(line -> line.startsWith("Ctrl-C"));
            long before = System.nanoTime();

            gaia.terminate();

            assertThat(gaia.awaitExit()).isEqualTo(SIGTERM);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
            assertThat(gaia.seen()).endsWith("Stopping …");
        }
    }

    @Test
    void otherMachinesAreLetInOnlyBehindTlsOrOnPurpose() {
        for (String address : new String[] {"0.0.0.0", "::", "192.0.2.1"}) {
            GaiaRun run = GaiaRun.gaia(
                    "serve",
                    "--simulate",
                    "--port",
                    "0",
                    "--data",
                    folder.resolve("data").toString(),
                    "--address",
                    address);

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.errLines())
                    .containsExactly("gaia: other machines reach " + address
                            + ", expected --origin https://… of a proxy with TLS, or --plain-http");
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void wrongOptionsAreOneLineAndAHint() {
        for (String[] wrong : new String[][] {
            {"--origin", "gaia.example.com"},
            {"--origin", "https://gaia.example.com/path"},
            {"--trusted-proxy", "proxy.example.com"},
            {"--trusted-proxy", "10.0.0.0/64"},
            {"--address", "localhost"},
            {"--stop-timeout", "soon"},
            {"--stop-timeout", "1e9s"}
        }) {
            GaiaRun run = GaiaRun.gaia("serve", wrong[0], wrong[1]);

            assertThat(run.exitCode()).as(wrong[0] + " " + wrong[1]).isEqualTo(2);
            assertThat(run.errLines()).as(wrong[1]).hasSize(2);
            assertThat(run.errLines().get(0)).contains(wrong[0], wrong[1]).doesNotContain("Exception");
        }
    }

    @Test
    void servesOnAnotherAddressWithAPublicOrigin() throws Exception {
        try (ProviderSimulator simulator = slow();
                GaiaProcess gaia = serve(
                        simulator,
                        "--address",
                        "0.0.0.0",
                        "--origin",
                        "https://gaia.example.com",
                        "--origin",
                        "https://gaia.example.org:8443",
                        "--trusted-proxy",
                        "10.0.0.0/8")) {
            gaia.awaitLine(line -> line.startsWith("Ctrl-C"));

            assertThat(gaia.seen())
                    .contains("Public: https://gaia.example.com", "Public: https://gaia.example.org:8443");
            gaia.terminate();
            assertThat(gaia.awaitExit()).isEqualTo(SIGTERM);
        }
    }
}
