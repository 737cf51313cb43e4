package dev.architect.examples.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.simulator.ProviderSimulator;
import dev.architect.simulator.log.SimulatedCall;
import dev.architect.simulator.script.SimulatorScript;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** The host on a free loopback port, with the simulator in the vendors' place. */
final class HostApplicationTest {

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private ConfigurableApplicationContext start(ProviderSimulator simulator) {
        return SpringApplication.run(
                HostApplication.class,
                "--server.port=0",
                "--spring.main.banner-mode=off",
                "--architect.simulator=http://127.0.0.1:" + simulator.port(),
                "--architect.database=" + folder.resolve("host.db"),
                "--ANTHROPIC_API_KEY=simulated",
                "--OPENAI_API_KEY=simulated");
    }

    private static String url(ConfigurableApplicationContext host) {
        return "http://127.0.0.1:"
                + ((ServletWebServerApplicationContext) host).getWebServer().getPort();
    }

    private JsonNode json(HttpRequest.Builder request, int status) throws Exception {
        HttpResponse<String> answer = client.send(
                request.header("Content-Type", "application/json").build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return new ObjectMapper().readTree(answer.body());
    }

    private static HttpRequest.Builder post(String url, String text) {
        return HttpRequest.newBuilder(URI.create(url))
                .POST(HttpRequest.BodyPublishers.ofString("{\"text\":\"" + text + "\"}"));
    }

    private static Set<String> threadsOfArchitect() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("architect-"))
                .collect(Collectors.toSet());
    }

    @Test
    void asksSubmitsAndStopsInOrder() throws Exception {
        try (ProviderSimulator simulator = ProviderSimulator.start(SimulatorScript.standard())) {
            String task;
            String url;
            try (ConfigurableApplicationContext host = start(simulator)) {
                url = url(host);
                JsonNode answer = json(post(url + "/ask", "Write a hello world function"), 200);
                assertThat(answer.get("text").textValue()).isNotBlank();
                assertThat(answer.get("model").textValue()).matches("(claude|openai)/.+");
                assertThat(answer.get("cost").textValue()).matches("\\$0\\.0*[1-9]\\d*");

                task = json(post(url + "/tasks", "Summarise the changelog"), 202)
                        .get("id")
                        .textValue();
                JsonNode result = json(HttpRequest.newBuilder(URI.create(url + "/tasks/" + task)), 200);
                assertThat(result.get("state").textValue()).isEqualTo("DONE");
                assertThat(result.get("text").textValue()).isNotBlank();
                assertThat(threadsOfArchitect()).isNotEmpty();
            }
            assertThat(simulator.log()).hasSize(2).allMatch(SimulatedCall::isAnswered);
            assertThat(threadsOfArchitect()).as("threads after the stop").isEmpty();
            assertThatThrownBy(() -> json(HttpRequest.newBuilder(URI.create(url + "/tasks/" + task)), 200))
                    .isInstanceOf(ConnectException.class);

            try (ConfigurableApplicationContext again = start(simulator)) {
                JsonNode kept = json(HttpRequest.newBuilder(URI.create(url(again) + "/tasks/" + task)), 200);
                assertThat(kept.get("state").textValue()).isEqualTo("DONE");
            }
            assertThat(simulator.log()).as("nothing is asked twice").hasSize(2);
        }
    }
}
