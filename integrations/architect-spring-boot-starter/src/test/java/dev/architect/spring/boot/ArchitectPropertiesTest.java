package dev.architect.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.maintenance.TaskRetention;
import dev.architect.task.PoolLimits;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.io.support.SpringFactoriesLoader;

/** What the properties mean, what is said about wrong ones, and what an editor is told about them. */
final class ArchitectPropertiesTest {

    @Test
    void everythingHasADefault() {
        Hosts.inMemory().run(host -> {
            ArchitectProperties properties = host.getBean(ArchitectProperties.class);
            assertThat(properties.pool().limits()).isEqualTo(PoolLimits.DEFAULT);
            assertThat(properties.tasks().retention().retention()).isEqualTo(TaskRetention.DEFAULT);
            assertThat(properties.tasks().stopTimeoutWithin(Duration.ofSeconds(30)))
                    .hasSeconds(20);
            assertThat(properties.store().postgres().migrate()).isTrue();
            assertThat(properties.providers()).isEmpty();
        });
    }

    @Test
    void everythingCanBeSet() {
        Hosts.inMemory()
                .withPropertyValues(
                        "architect.node-name=build-1",
                        "architect.pool.max-sessions=1",
                        "architect.pool.slots-per-session=3",
                        "architect.tasks.retention.done=1h",
                        "architect.tasks.retention.dead=-1",
                        "architect.tasks.stop-timeout=3s",
                        "architect.tasks.outage-limit=1h",
                        "architect.tasks.propagation=mandatory",
                        "architect.store.postgres.schema=work",
                        "architect.store.postgres.listen-url=jdbc:postgresql://db/app",
                        "architect.store.postgres.migrate=false",
                        "architect.store.postgres.connections=7",
                        "architect.max-async-requests=7")
                .run(host -> {
                    ArchitectProperties properties = host.getBean(ArchitectProperties.class);
                    // The usual minimum of two gives way.
                    assertThat(properties.pool().limits()).isEqualTo(new PoolLimits(1, 1, 3));
                    assertThat(properties.tasks().retention().retention())
                            .isEqualTo(TaskRetention.DEFAULT
                                    .withDone(Duration.ofHours(1))
                                    .withDead(TaskRetention.FOREVER));
                    assertThat(properties.tasks().stopTimeoutWithin(Duration.ofSeconds(30)))
                            .hasSeconds(3);
                    assertThat(properties.tasks().propagation()).isEqualTo(ArchitectProperties.Propagation.MANDATORY);
                    assertThat(properties.store().postgres())
                            .isEqualTo(new ArchitectProperties.PostgresProperties(
                                    "work", "jdbc:postgresql://db/app", false, 7));
                    assertThat(properties.maxAsyncRequests()).isEqualTo(7);
                    assertThat(properties.nodeName()).isEqualTo("build-1");
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "architect.pool.max-sessions=0 | maxSessions is 0, expected 1..100",
                "architect.pool.min-sessions=11 | minSessions is 11, expected 1..10",
                "architect.pool.slots-per-session=129 | slotsPerSession is 129, expected 1..128",
                "architect.tasks.retention.done=1s | retention of done tasks is PT1S, expected PT1M to",
                "architect.tasks.stop-timeout=2h | stopTimeout is PT2H, expected zero to PT1H",
                "architect.tasks.outage-limit=0s | outageLimit is PT0S, expected more than zero",
                "architect.max-async-requests=0 | maxAsyncRequests is 0, expected 1 or more",
                "architect.store.type=oracle | oracle",
                "architect.chat-models.gpt.quality=70 | model is missing, expected provider/model",
                "architect.chat-models.gpt.model=gpt | model is 'gpt', expected provider/model",
                "architect.chat-models.gpt.model=a/b | architect.chat-models.gpt is about no chat model, expected the name of a ChatModel bean: there is none",
                "architect.providers.Big.adapter=openai | name of a provider is 'Big'",
                "architect.providers.claude.base-url=ftp://x | baseUrl is 'ftp://x', expected an address such as http://localhost:1234",
                "architect.tasks.stop-timeout=31s | architect.tasks.stop-timeout is PT31S, expected at most spring.lifecycle.timeout-per-shutdown-phase, which is PT30S",
            })
    void aWrongValueIsOneClearMessage(String property, String message) {
        Hosts.inMemory().withPropertyValues(property).run(host -> {
            assertThat(host).hasFailed();
            FailureAnalysis analysis = analyze(host.getStartupFailure());
            assertThat(analysis.getDescription()).contains(message);
            assertThat(analysis.getAction()).isNotBlank();
        });
    }

    /** As Spring Boot does: the first analyzer that knows the failure. */
    private static FailureAnalysis analyze(Throwable failure) {
        for (FailureAnalyzer analyzer : SpringFactoriesLoader.forDefaultResourceLocation()
                .load(
                        FailureAnalyzer.class,
                        SpringFactoriesLoader.FailureHandler.logging(
                                LogFactory.getLog(ArchitectPropertiesTest.class)))) {
            FailureAnalysis analysis = analyzer.analyze(failure);
            if (analysis != null) {
                return analysis;
            }
        }
        throw new AssertionError("no analyzer knows the failure", failure);
    }

    @Test
    void aStopThatIsNotLimitedEndsWithinAShortPhase() {
        Hosts.inMemory()
                .withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=10s")
                .run(host -> assertThat(host.getBean(ArchitectProperties.class)
                                .tasks()
                                .stopTimeoutWithin(Duration.ofSeconds(10)))
                        .hasSeconds(8));
    }

    @Test
    void editorsKnowEveryProperty() throws Exception {
        Map<String, JsonNode> known = new HashMap<>();
        for (URL metadata : Collections.list(ArchitectProperties.class
                .getClassLoader()
                .getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream text = metadata.openStream()) {
                new ObjectMapper()
                        .readTree(text)
                        .get("properties")
                        .forEach(property -> known.put(property.get("name").textValue(), property));
            }
        }
        List<String> expected =
                new ArrayList<>(List.of("architect.langchain4j.enabled", "architect.spring-ai.enabled"));
        collect("architect", ArchitectProperties.class, expected);

        assertThat(expected).hasSizeGreaterThan(20).contains("architect.tasks.retention.done");
        assertThat(known.keySet()).containsAll(expected);
        assertThat(expected)
                .allSatisfy(
                        name -> assertThat(known.get(name).path("description").asText())
                                .as(name)
                                .isNotBlank());
    }

    @Test
    void thePageNamesEveryProperty() throws Exception {
        String page = Files.readString(Path.of("../../docs/how-to/use-with-spring-boot.md"));
        List<String> expected =
                new ArrayList<>(List.of("architect.langchain4j.enabled", "architect.spring-ai.enabled"));
        collect("architect", ArchitectProperties.class, expected);

        assertThat(expected).allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
    }

    private static void collect(String prefix, Class<?> type, List<String> names) {
        Arrays.stream(type.getRecordComponents()).forEach(component -> {
            String name = prefix + "."
                    + component
                            .getName()
                            .replaceAll("([a-z0-9])([A-Z])", "$1-$2")
                            .toLowerCase(Locale.ROOT);
            if (component.getType().isRecord()) {
                collect(name, component.getType(), names);
            } else {
                names.add(name);
            }
        });
    }
}
