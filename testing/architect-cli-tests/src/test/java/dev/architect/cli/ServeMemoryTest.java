package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much memory {@code ./gaia serve} takes; it builds itself on first use. */
final class ServeMemoryTest {

    private static final int TASKS = 20_000;
    private static final int BATCH = 500;
    private static final int MAX_KIB = 200 * 1024;

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    @Test
    @Tag("slow")
    void staysBelowTwoHundredMegabytesAfterTwentyThousandTasks() throws Exception {
        Path ready = folder.resolve("ready.json");
        Process server = new ProcessBuilder(
                        Path.of("../../gaia").toRealPath().toString(),
                        "serve",
                        "--simulate",
                        "--port",
                        "0",
                        "--data",
                        "data",
                        "--ready-file",
                        ready.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        try {
            server.inputReader()
                    .lines()
                    .filter(line -> line.startsWith("Ctrl-C"))
                    .findFirst()
                    .orElseThrow();
            JsonNode where = new ObjectMapper().readTree(ready.toFile());
            for (int sent = 0; sent < TASKS; sent += BATCH) {
                int first = sent;
                call(
                        where,
                        "/api/tasks",
                        IntStream.range(0, BATCH)
                                .mapToObj(i -> "{\"prompt\":\"Describe the number " + (first + i) + " in a sentence\"}")
                                .collect(Collectors.joining(",", "{\"tasks\":[", "]}")));
            }
            long deadline = System.nanoTime() + Duration.ofMinutes(5).toNanos();
            while (call(where, "/api/status", null).at("/tasks/done").intValue() < TASKS) {
                assertThat(System.nanoTime()).isLessThan(deadline);
            }

            assertThat(residentKiB(server.pid())).isPositive().isLessThanOrEqualTo(MAX_KIB);
        } finally {
            server.destroy();
            server.waitFor();
        }
    }

    private JsonNode call(JsonNode where, String path, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(where.path("url").textValue() + path))
                .header("Authorization", "Bearer " + where.path("token").textValue())
                .header("Content-Type", "application/json");
        if (body != null) {
            request.POST(HttpRequest.BodyPublishers.ofString(body));
        }
        HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isLessThan(300);
        return new ObjectMapper().readTree(answer.body());
    }

    private static int residentKiB(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> line.replaceAll("[^0-9]", ""))
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElseThrow();
    }
}
