package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.Architect;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.ProviderSpend;
import dev.architect.cost.ReportPeriod;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskState;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServeCommandTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int SIGTERM = 128 + 15;

    @TempDir
    private Path folder;

    @Test
    void theReadyFileIsForTheOwnerAndHoldsWhatOpensTheServer() throws Exception {
        Path ready = folder.resolve("ready.json");
        try (GaiaProcess gaia = GaiaProcess.start(
                folder, "serve", "--simulate", "--port", "0", "--data", "data", "--ready-file", ready.toString())) {
            gaia.awaitLine(line -> line.startsWith("Ctrl-C"));

            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(ready)))
                    .isEqualTo("rw-------");
            JsonNode where = new ObjectMapper().readTree(ready.toFile());
            String url = where.path("url").textValue();
            String token = where.path("token").textValue();
            assertThat(get(url + "/health", "").statusCode()).isEqualTo(200);
            assertThat(get(url + "/api/tasks", "").statusCode())
                    .as("not set up")
                    .isEqualTo(503);
            assertThat(get(url + "/api/tasks", "wrong").statusCode()).isEqualTo(503);
            assertThat(get(url + "/api/tasks", token).statusCode()).isEqualTo(200);
            assertThat(gaia.seen()).contains("Architect is at " + url).noneMatch(line -> line.contains(token));

            gaia.terminate();
            assertThat(gaia.awaitExit()).isEqualTo(SIGTERM);
            assertThat(gaia.seen()).endsWith("Stopping …");
            assertThat(ready).doesNotExist();
        }
    }

    @Test
    void theTokenStaysOverRestartsAndIsNeverPrinted() throws Exception {
        Path token = folder.resolve("data/token");
        String first;
        String link;
        try (GaiaProcess gaia = GaiaProcess.start(folder, "serve", "--simulate", "--port", "0", "--data", "data")) {
            link = login(gaia.awaitLine(line -> line.startsWith("Log in")));
            gaia.awaitLine(line -> line.startsWith("Ctrl-C"));
            first = Files.readString(token).strip();
            String url = link.substring(0, link.indexOf("/login"));

            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(token)))
                    .isEqualTo("rw-------");
            assertThat(get(url + "/api/tasks", first).statusCode()).isEqualTo(200);
            assertThat(loginWith(url, link).statusCode()).isEqualTo(204);
            assertThat(loginWith(url, link).statusCode()).as("a second time").isEqualTo(401);
            assertThat(gaia.seen()).contains("Token: in " + token.toRealPath()).noneMatch(line -> line.contains(first));
            gaia.terminate();
            gaia.awaitExit();
        }

        try (GaiaProcess again = GaiaProcess.start(folder, "serve", "--simulate", "--port", "0", "--data", "data")) {
            String url =
                    again.awaitLine(line -> line.startsWith("Architect is at")).substring("Architect is at ".length());
            again.awaitLine(line -> line.startsWith("Ctrl-C"));

            assertThat(get(url + "/api/tasks", first).statusCode()).isEqualTo(200);
            assertThat(loginWith(url, link).statusCode()).isEqualTo(401);
            again.terminate();
            again.awaitExit();
        }
    }

    @Test
    void takesTheTokenOfAFileOrOfTheEnvironment() throws Exception {
        String mine = "my-own-token-of-more-than-32-characters";
        Path file = Files.writeString(folder.resolve("mine"), mine + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        try (GaiaProcess gaia = GaiaProcess.start(
                folder, "serve", "--simulate", "--port", "0", "--data", "data", "--token-file", "mine")) {
            String url =
                    gaia.awaitLine(line -> line.startsWith("Architect is at")).substring("Architect is at ".length());
            gaia.awaitLine(line -> line.startsWith("Ctrl-C"));
            assertThat(get(url + "/api/tasks", mine).statusCode()).isEqualTo(200);
            assertThat(folder.resolve("data/token")).doesNotExist();
            gaia.terminate();
            gaia.awaitExit();
        }

        String other = "another-token-of-more-than-32-characters";
        try (GaiaProcess gaia = GaiaProcess.startWithoutKeys(
                folder, Map.of("ARCHITECT_TOKEN", other), "serve", "--simulate", "--port", "0", "--data", "data")) {
            String url =
                    gaia.awaitLine(line -> line.startsWith("Architect is at")).substring("Architect is at ".length());
            gaia.awaitLine(line -> line.startsWith("Ctrl-C"));
            assertThat(get(url + "/api/tasks", other).statusCode()).isEqualTo(200);
            assertThat(gaia.seen())
                    .contains("Token: the one of ARCHITECT_TOKEN")
                    .noneMatch(line -> line.contains(other));
            assertThat(folder.resolve("data/token")).doesNotExist();
            gaia.terminate();
            gaia.awaitExit();
        }
    }

    private static String login(String line) {
        assertThat(line).contains("/login#code=");
        return line.substring(line.indexOf("http"));
    }

    private static HttpResponse<String> loginWith(String url, String link) throws Exception {
        String code = link.substring(link.indexOf("code=") + "code=".length());
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(url + "/login"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString("{\"code\":\"" + code + "\"}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void finishesWhatAKilledDemoHadAccepted() throws Exception {
        int tasks = 300;
        try (GaiaProcess demo =
                GaiaProcess.start(folder, "demo", "--tasks", "" + tasks, "--rate", "150", "--data", "data", "--exit")) {
            demo.awaitLine(line -> line.endsWith("goes down."));
            demo.kill();
        }
        long accepted;
        long unfinished;
        try (SqliteStore store = SqliteStore.at(folder.resolve("data/architect.db"))) {
            Map<TaskState, Long> counts = store.tasks().counts();
            accepted = counts.values().stream().mapToLong(Long::longValue).sum();
            unfinished = accepted - counts.getOrDefault(TaskState.DONE, 0L);
        }
        assertThat(accepted).isBetween(tasks / 3L, (long) tasks - 1);
        assertThat(unfinished).isPositive();

        try (GaiaProcess serve = GaiaProcess.start(folder, "serve", "--simulate", "--port", "0", "--data", "data")) {
            serve.awaitLine(line -> line.startsWith("Ctrl-C"));
            assertThat(serve.seen()).contains(unfinished + " unfinished tasks of an earlier run go on.");
            assertEveryTaskEndsOnce(accepted);
            serve.terminate();
            assertThat(serve.awaitExit()).isEqualTo(SIGTERM);
        }
    }

    @Test
    void aStoppedDemoPrintsHowToGoOn() throws Exception {
        try (GaiaProcess demo = GaiaProcess.start(folder, "demo", "--tasks", "300", "--data", "data", "--exit")) {
            demo.awaitLine(line -> line.endsWith("goes down."));
            demo.terminate();

            assertThat(demo.awaitExit()).isEqualTo(SIGTERM);
            assertThat(demo.seen())
                    .anyMatch(
                            line -> line.matches(
                                    "Stopped after \\d+ of 300 tasks\\. 'gaia serve --simulate --data .*/data' finishes the rest\\."));
        }
    }

    /** Looks from a process of its own, which performs nothing itself. */
    private void assertEveryTaskEndsOnce(long accepted) throws InterruptedException {
        try (Architect watcher = Architect.builder()
                .store(SqliteStore.at(folder.resolve("data/architect.db")))
                .router(CostAwareRouter.with(RoutingPolicy.standard()))
                .withoutTaskExecution()
                .build()) {
            List<Task> all = watcher.tasks().list(TaskQuery.newest(500));
            for (Task task : all) {
                assertThat(watcher.tasks()
                                .handle(task.id())
                                .orElseThrow()
                                .await(TIMEOUT)
                                .isDone())
                        .isTrue();
            }
            assertThat(watcher.tasks().counts()).isEqualTo(Map.of(TaskState.DONE, accepted));
            assertThat(all).extracting(Task::id).doesNotHaveDuplicates().hasSize((int) accepted);
            assertThat(watcher.ledger().spend(ReportPeriod.all()).stream()
                            .mapToLong(ProviderSpend::requests)
                            .sum())
                    .isEqualTo(accepted);
            for (TaskId id : all.stream().map(Task::id).toList()) {
                long lastEpoch = watcher.tasks().find(id).orElseThrow().epoch();
                assertThat(watcher.ledger().ofTask(id))
                        .filteredOn(entry -> entry.outcome() == CallOutcome.ANSWERED
                                && entry.origin().epoch() == lastEpoch)
                        .hasSize(1);
            }
        }
    }

    @Test
    void aBusyPortIsReportedAndNothingIsLeftBehind() throws IOException {
        Path ready = folder.resolve("ready.json");
        try (BusyPort port = new BusyPort()) {
            GaiaRun command = GaiaRun.gaia(
                    "serve",
                    "--simulate",
                    "--port",
                    port.number(),
                    "--data",
                    folder.resolve("data").toString(),
                    "--ready-file",
                    ready.toString());

            assertThat(command.exitCode()).isEqualTo(1);
            assertThat(command.errLines())
                    .singleElement()
                    .asString()
                    .startsWith("gaia: port " + port.number() + " cannot be used")
                    .endsWith("choose another one with --port");
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void badYamlIsReportedAndNothingIsLeftBehind() throws IOException {
        Path policy = Files.writeString(folder.resolve("policy.yaml"), "modells: []\n");

        GaiaRun command = GaiaRun.gaia(
                "serve",
                "--simulate",
                "--policy",
                policy.toString(),
                "--data",
                folder.resolve("data").toString());

        assertThat(command.exitCode()).isEqualTo(1);
        assertThat(command.errLines())
                .hasSize(3)
                .allMatch(line -> line.startsWith("gaia: " + policy + ":1:1: "))
                .anyMatch(line -> line.endsWith("modells is not a known field, did you mean 'models'?"));
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void theApprovalPolicyOfTheInstallationIsTheOneOfAFile() throws Exception {
        Path policy = Files.writeString(
                folder.resolve("approvals.json"),
                "{\"workspace\":\"/srv/shop\",\"rules\":[{\"id\":\"ours\",\"decision\":\"deny\",\"run\":[\"make\"]}]}");
        try (GaiaProcess gaia = GaiaProcess.start(
                folder, "serve", "--simulate", "--port", "0", "--data", "data", "--approvals", policy.toString())) {
            String url =
                    gaia.awaitLine(line -> line.startsWith("Architect is at")).substring("Architect is at ".length());
            gaia.awaitLine(line -> line.startsWith("Ctrl-C"));
            String token = Files.readString(folder.resolve("data/token")).strip();

            assertThat(get(url + "/api/approval-rules", token).body())
                    .contains("\"id\":\"ours\"")
                    .doesNotContain("git-log");
            gaia.terminate();
            gaia.awaitExit();
        }

        Files.writeString(
                policy, "{\"workspace\":\"/srv/shop\",\n \"rules\":[{\"id\":\"ours\",\"decision\":\"dny\"}]}");
        try (GaiaProcess gaia = GaiaProcess.start(
                folder, "serve", "--simulate", "--port", "0", "--data", "other", "--approvals", policy.toString())) {
            assertThat(gaia.awaitExit()).isEqualTo(1);
            assertThat(gaia.seen()).anyMatch(line -> line.startsWith("gaia: " + policy + ":2:"));
            assertThat(folder.resolve("other/architect.db")).doesNotExist();
        }
    }

    @Test
    void withoutAUsableProviderItOffersToSimulate() throws Exception {
        try (GaiaProcess gaia = GaiaProcess.startWithoutKeys(folder, "serve", "--port", "0")) {
            assertThat(gaia.awaitExit()).isEqualTo(1);
            assertThat(gaia.seen())
                    .singleElement()
                    .asString()
                    .startsWith("gaia: no provider is usable: anythingllm (ANYTHINGLLM_API_KEY is not set), ")
                    .endsWith("try it with --simulate");
            assertThat(folder).isEmptyDirectory();
        }
    }

    @Test
    void theDoctorReportsWhatIsMissing() throws Exception {
        try (GaiaProcess gaia = GaiaProcess.startWithoutKeys(folder, "doctor")) {
            assertThat(gaia.awaitExit()).isEqualTo(1);
            assertThat(gaia.seen())
                    .anyMatch(line -> line.matches("java +ok .*"))
                    .anyMatch(line -> line.matches("database +ok +none yet"))
                    .anyMatch(line -> line.matches("claude +- +ANTHROPIC_API_KEY is not set"))
                    .anyMatch(line -> line.matches("ollama +FAIL .*"))
                    .anyMatch(line -> line.startsWith("No provider is usable"));
        }
    }

    private static HttpResponse<String> get(String url, String token) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
