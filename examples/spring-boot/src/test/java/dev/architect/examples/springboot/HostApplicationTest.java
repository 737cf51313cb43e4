package dev.architect.examples.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.Architect;
import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.postgres.PostgresDatabase;
import dev.architect.postgres.PostgresServer;
import dev.architect.simulator.ProviderSimulator;
import dev.architect.simulator.log.SimulatedCall;
import dev.architect.simulator.script.SimulatorScript;
import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The host on a free loopback port and a database of its own, with the simulator in the vendors' place. */
final class HostApplicationTest {

    private final HttpClient client = HttpClient.newHttpClient();

    private PostgresDatabase database;
    private ProviderSimulator simulator;

    @BeforeEach
    void startWhatIsOutside() throws IOException {
        database = PostgresServer.shared(PostgresServer.Version.V15).createDatabase();
        simulator = ProviderSimulator.start(SimulatorScript.standard());
    }

    @AfterEach
    void stopWhatIsOutside() {
        simulator.close();
        database.close();
    }

    private ConfigurableApplicationContext start(Class<?>... more) {
        String vendors = "http://127.0.0.1:" + simulator.port();
        return new SpringApplicationBuilder(HostApplication.class)
                .sources(more)
                .run(
                        "--server.port=0",
                        "--spring.main.banner-mode=off",
                        "--spring.datasource.url=" + database.jdbcUrl(),
                        "--spring.datasource.username=" + database.user(),
                        "--spring.datasource.password=" + database.password(),
                        "--architect.providers.claude.base-url=" + vendors + "/claude",
                        "--architect.providers.openai.base-url=" + vendors + "/openai/v1",
                        "--ANTHROPIC_API_KEY=simulated",
                        "--OPENAI_API_KEY=simulated");
    }

    private static String url(ConfigurableApplicationContext host) {
        return "http://127.0.0.1:" + host.getEnvironment().getRequiredProperty("local.server.port");
    }

    private JsonNode json(HttpRequest.Builder request, int status) throws Exception {
        HttpResponse<String> answer = client.send(
                request.header("Content-Type", "application/json").build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return new ObjectMapper().readTree(answer.body());
    }

    private static HttpRequest.Builder get(String url) {
        return HttpRequest.newBuilder(URI.create(url));
    }

    private static HttpRequest.Builder post(String url, String json) {
        return get(url).POST(HttpRequest.BodyPublishers.ofString(json));
    }

    private static Set<String> threadsOfArchitect() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("architect-"))
                .collect(Collectors.toSet());
    }

    @Test
    void asksSubmitsAndStopsInOrder() throws Exception {
        String task;
        String url;
        try (ConfigurableApplicationContext host = start()) {
            url = url(host);
            JsonNode answer = json(post(url + "/ask", "{\"text\": \"Write a hello world function\"}"), 200);
            assertThat(answer.get("text").textValue()).isNotBlank();
            assertThat(answer.get("model").textValue()).matches("(claude|openai)/.+");
            assertThat(answer.get("cost").textValue()).matches("\\$0\\.0*[1-9]\\d*");

            task = json(post(url + "/tasks", "{\"text\": \"Summarise the changelog\"}"), 202)
                    .get("id")
                    .textValue();
            JsonNode result = json(get(url + "/tasks/" + task), 200);
            assertThat(result.get("state").textValue()).isEqualTo("DONE");
            assertThat(result.get("text").textValue()).isNotBlank();
            assertThat(threadsOfArchitect()).isNotEmpty();
        }
        assertThat(simulator.log()).hasSize(2).allMatch(SimulatedCall::isAnswered);
        assertThat(threadsOfArchitect()).as("threads after the stop").isEmpty();
        assertThatThrownBy(() -> json(get(url + "/tasks/" + task), 200)).isInstanceOf(ConnectException.class);

        try (ConfigurableApplicationContext again = start()) {
            JsonNode kept = json(get(url(again) + "/tasks/" + task), 200);
            assertThat(kept.get("state").textValue()).isEqualTo("DONE");
        }
        assertThat(simulator.log()).as("nothing is asked twice").hasSize(2);
    }

    @Test
    void anOrderThatIsRolledBackLeavesNoTask() throws Exception {
        try (ConfigurableApplicationContext host = start()) {
            assertThat(client.send(
                                    post(url(host) + "/orders", "{\"item\": \"lamp\", \"amount\": 11}")
                                            .header("Content-Type", "application/json")
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(409);

            assertThat(database.count("SELECT count(*) FROM orders")).isZero();
            assertThat(database.count("SELECT count(*) FROM task")).isZero();
        }
    }

    @Test
    void anOrderThatIsCommittedGetsItsInvoice() throws Exception {
        try (ConfigurableApplicationContext host = start()) {
            String task = json(post(url(host) + "/orders", "{\"item\": \"lamp\", \"amount\": 4}"), 202)
                    .get("id")
                    .textValue();

            assertThat(json(get(url(host) + "/tasks/" + task), 200).get("text").textValue())
                    .isEqualTo("invoice of order 1");
            assertThat(database.count("SELECT count(*) FROM invoice")).isOne();
            assertThat(database.count("SELECT amount FROM stock")).isEqualTo(6);
        }
    }

    @Test
    void actuatorShowsHealthAndMeters() throws Exception {
        try (ConfigurableApplicationContext host = start()) {
            String task = json(post(url(host) + "/orders", "{\"item\": \"lamp\", \"amount\": 1}"), 202)
                    .get("id")
                    .textValue();
            json(get(url(host) + "/tasks/" + task), 200);

            JsonNode health = json(get(url(host) + "/actuator/health"), 200).at("/components/architect");
            assertThat(health.get("status").textValue()).isEqualTo("UP");
            assertThat(health.at("/details/store").textValue()).isEqualTo("PostgresStore");
            assertThat(health.at("/details/nodes").intValue()).isOne();
            assertThat(health.at("/details/providers/claude").textValue()).isEqualTo("circuit breaker closed");

            JsonNode meter = json(get(url(host) + "/actuator/metrics/architect.task.assign"), 200);
            assertThat(meter.at("/measurements/0/value").intValue()).isOne();
            assertThat(json(get(url(host) + "/actuator/metrics"), 200)
                            .get("names")
                            .toString())
                    .contains("architect.task.count", "architect.provider.breaker");
        }
    }

    @Test
    void aStopHandsWorkBackAndTheNextProcessDoesIt() throws Exception {
        TaskId id;
        ReportWorker.STARTED.drainPermits();
        try (ConfigurableApplicationContext host = start(ReportWorker.class)) {
            id = host.getBean(Architect.class)
                    .submit(TaskRequest.of("report", "wait").withMaxAttempts(1))
                    .id();
            assertThat(ReportWorker.STARTED.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
            host.getBean(Architect.class).handBack();
        }
        assertThat(database.count("SELECT count(*) FROM node WHERE state IN (0, 1)"))
                .isZero();

        ReportWorker.MAY_END.countDown();
        try (ConfigurableApplicationContext again = start(ReportWorker.class)) {
            Architect architect = again.getBean(Architect.class);
            TaskHandle task = architect.tasks().handle(id).orElseThrow();
            assertThat(task.await(Duration.ofSeconds(30)).output()).contains("report");
            assertThat(architect.tasks().attempts(id))
                    .extracting(Attempt::outcome)
                    .containsExactly(AttemptOutcome.HANDED_BACK, AttemptOutcome.SUCCEEDED);
        }
    }

    /** Takes as long as the test wants. */
    static final class ReportWorker implements Worker {

        static final Semaphore STARTED = new Semaphore(0);
        static final CountDownLatch MAY_END = new CountDownLatch(1);

        @Override
        public Set<String> types() {
            return Set.of("report");
        }

        @Override
        public String perform(TaskContext context) throws InterruptedException {
            STARTED.release();
            MAY_END.await();
            return "report";
        }
    }
}
