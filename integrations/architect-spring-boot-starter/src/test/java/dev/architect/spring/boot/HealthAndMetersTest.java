package dev.architect.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.Architect;
import dev.architect.micrometer.ArchitectGauges;
import dev.architect.micrometer.ArchitectMeters;
import dev.architect.spi.Store;
import dev.architect.task.TaskRequest;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What Actuator shows, over HTTP, of an application in which everything is found by itself. */
final class HealthAndMetersTest {

    private final HttpClient client = HttpClient.newHttpClient();

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Hosts.Echo.class)
    static class Application {}

    private static ConfigurableApplicationContext start(String... properties) {
        SpringApplication application = new SpringApplication(Application.class);
        application.setDefaultProperties(java.util.Map.of(
                "server.port", "0",
                "server.address", "127.0.0.1",
                "spring.main.banner-mode", "off",
                "architect.store.type", "memory",
                "management.endpoints.web.exposure.include", "health,metrics",
                "management.endpoint.health.show-details", "always",
                // Another database than the store's: none is needed.
                "spring.datasource.url", "jdbc:h2:mem:actuator"));
        return application.run(properties);
    }

    private JsonNode get(ConfigurableApplicationContext host, String path, int status) throws Exception {
        String port = host.getEnvironment().getRequiredProperty("local.server.port");
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return new ObjectMapper().readTree(answer.body());
    }

    @Test
    void showsHealthAndMeters() throws Exception {
        try (ConfigurableApplicationContext host = start("--OPENAI_API_KEY=k")) {
            host.getBean(Architect.class).submit(TaskRequest.of("echo", "x")).await(Duration.ofSeconds(30));

            JsonNode health = get(host, "/actuator/health", 200).at("/components/architect");
            assertThat(health.get("status").textValue()).isEqualTo("UP");
            assertThat(health.at("/details/store").textValue()).isEqualTo("InMemoryStore");
            assertThat(health.at("/details/nodes").intValue()).isOne();
            assertThat(health.at("/details/claiming").booleanValue()).isTrue();
            assertThat(health.at("/details/providers/openai").textValue()).isEqualTo("circuit breaker closed");

            assertThat(get(host, "/actuator/metrics/architect.task.submitted?tag=type:echo", 200)
                            .at("/measurements/0/value")
                            .intValue())
                    .isOne();
            assertThat(get(host, "/actuator/metrics/architect.task.count?tag=state:done", 200)
                            .at("/measurements/0/value")
                            .isNumber())
                    .isTrue();
            assertThat(get(host, "/actuator/metrics", 200).get("names").toString())
                    .contains("architect.task.assign", "architect.provider.breaker", "architect.router.");
        }
    }

    @Test
    void performsTasksOfAnApplicationWhoseBeansAreMadeLate() throws Exception {
        // Nothing asks for the Architect here but its lifecycle.
        try (ConfigurableApplicationContext host = start("--spring.main.lazy-initialization=true")) {
            assertThat(host.getBeanFactory().containsSingleton("architect")).isTrue();
            assertThat(host.getBean(Architect.class).sessions().isPaused()).isFalse();
        }
    }

    @Test
    void isDownWhenTheStoreIs() throws Exception {
        try (ConfigurableApplicationContext host = start()) {
            host.getBean(Store.class).close();

            JsonNode health = get(host, "/actuator/health", 503).at("/components/architect");
            assertThat(health.get("status").textValue()).isEqualTo("DOWN");
            assertThat(health.at("/details/storeFailure").textValue()).startsWith("closed: ");
        }
    }

    @Test
    void theIndicatorCanBeTurnedOff() throws Exception {
        try (ConfigurableApplicationContext host = start("--management.health.architect.enabled=false")) {
            assertThat(get(host, "/actuator/health", 200).at("/components").has("architect"))
                    .isFalse();
        }
    }

    @Test
    void thereAreNoMetersWithoutARegistryOrWithoutTheirArtifact() {
        Hosts.inMemory().run(host -> assertThat(host).hasNotFailed().doesNotHaveBean(ArchitectMeters.class));
        Hosts.inMemory()
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withClassLoader(new FilteredClassLoader(ArchitectMeters.class))
                .run(host -> assertThat(host).hasNotFailed().doesNotHaveBean("architectMeters"));
        Hosts.inMemory()
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .run(host ->
                        assertThat(host).hasSingleBean(ArchitectMeters.class).hasSingleBean(ArchitectGauges.class));
    }

    @Test
    void metersBackOff() {
        Hosts.inMemory()
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withBean("own", ArchitectMeters.class, () -> new ArchitectMeters(new SimpleMeterRegistry()))
                .run(host ->
                        assertThat(host).hasSingleBean(ArchitectMeters.class).hasBean("own"));
    }

    @Test
    void thereIsNoIndicatorWithoutActuator() {
        Hosts.inMemory()
                .withClassLoader(
                        new FilteredClassLoader("org.springframework.boot.actuate", "org.springframework.boot.health"))
                .run(host -> assertThat(host).hasNotFailed().doesNotHaveBean("architectHealthIndicator"));
        Hosts.inMemory().run(host -> assertThat(host).hasBean("architectHealthIndicator"));
    }
}
