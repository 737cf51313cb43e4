package dev.architect.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.Architect;
import dev.architect.budget.Budget;
import dev.architect.budget.BudgetMode;
import dev.architect.budget.BudgetPeriod;
import dev.architect.budget.BudgetScope;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Quality;
import dev.architect.cost.Money;
import dev.architect.cost.ReportPeriod;
import dev.architect.error.StoreException;
import dev.architect.model.ModelId;
import dev.architect.prompt.PromptTasks;
import dev.architect.router.policy.PolicyException;
import dev.architect.simulator.ProviderSimulator;
import dev.architect.simulator.log.CallAction;
import dev.architect.simulator.log.SimulatedCall;
import dev.architect.simulator.script.Outage;
import dev.architect.simulator.script.SimulatorScript;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ModelProviderFactory;
import dev.architect.spi.ProviderSettings;
import dev.architect.spi.SecretSource;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.testkit.time.ThreadEnds;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From settings to a running Architect, against simulated providers and a real database. */
final class ArchitectSetupTest {

    private static final SecretSource EVERY_KEY = name -> Optional.of("key-of-the-test");
    private static final SecretSource NO_KEY = name -> Optional.empty();

    @TempDir
    private Path folder;

    private ArchitectSetup.Builder setup(SecretSource secrets, Map<String, String> settings) {
        return ArchitectSetup.builder(folder.resolve("data"))
                .secrets(secrets)
                .settings(name -> Optional.ofNullable(settings.get(name)));
    }

    private ArchitectSetup.Builder simulated(ProviderSimulator simulator) {
        ArchitectSetup.Builder builder = setup(EVERY_KEY, Map.of());
        SimulatorScript.PROVIDERS.forEach(provider -> builder.baseUrl(provider, simulator.baseUrl(provider)));
        builder.baseUrl("acme", simulator.baseUrl("openai"));
        return builder;
    }

    @Test
    void configuredBudgetsAreInTheStoreAndOthersStay() throws Exception {
        Path file = Files.writeString(folder.resolve("architect.yaml"), """
                budgets:
                  month: {limitUsd: 250, period: month}
                  day: {limitUsd: 10, period: day, scope: "project:acme", mode: soft}
                """);
        Budget other = new Budget("other", BudgetScope.ALL, BudgetPeriod.TOTAL, Money.ofUsd("7"), BudgetMode.HARD);
        for (int start = 0; start < 2; start++) {
            try (Architect architect = ArchitectSetup.builder(RuntimeConfiguration.load(file))
                    .dataDirectory(folder.resolve("data"))
                    .secrets(EVERY_KEY)
                    .settings(name -> Optional.empty())
                    .build()
                    .open()) {
                assertThat(architect.budgets().states())
                        .extracting(state -> state.budget().name())
                        .containsExactlyElementsOf(
                                start == 0 ? List.of("day", "month") : List.of("day", "month", "other"));
                assertThat(architect
                                .budgets()
                                .find("month")
                                .orElseThrow()
                                .budget()
                                .limit())
                        .isEqualTo(Money.ofUsd("250"));
                architect.budgets().set(other);
                // What an operator has changed is as the file states it after the next start.
                architect
                        .budgets()
                        .set(new Budget(
                                "month", BudgetScope.ALL, BudgetPeriod.MONTH, Money.ofUsd("1"), BudgetMode.HARD));
            }
        }
    }

    /** Claude reports an empty account as a bad request, which would be the caller's fault and end the request. */
    @Test
    void anEmptyAccountIsAnsweredElsewhere() throws Exception {
        try (ProviderSimulator simulator = ProviderSimulator.start(SimulatorScript.standard());
                Architect architect = simulated(simulator).build().open()) {
            ChatRequest request = ChatRequest.builder("What is the capital of France?")
                    .quality(Quality.HIGH)
                    .build();
            Set<String> empty = new HashSet<>();
            do {
                String provider = architect.chat(request).model().provider();
                assertThat(empty).as("accounts without credit").doesNotContain(provider);
                empty.add(provider);
                simulator.setOutage(provider, Outage.NO_CREDIT);
            } while (!empty.contains("claude"));

            assertThat(empty).doesNotContain(architect.chat(request).model().provider());
            assertThat(simulator.log())
                    .filteredOn(call -> call.action() == CallAction.NO_CREDIT)
                    .extracting(SimulatedCall::provider)
                    .contains("claude");
        }
    }

    @Test
    void aRetiredModelIsAnsweredElsewhere() throws Exception {
        try (ProviderSimulator simulator = ProviderSimulator.start(SimulatorScript.standard());
                Architect architect = simulated(simulator).build().open()) {
            ChatRequest request = ChatRequest.of("What is the capital of France?");
            ModelId first = architect.chat(request).model();

            simulator.update(script -> script.with(first.provider(), one -> one.withModels(Map.of())));

            assertThat(architect.chat(request).model().provider()).isNotEqualTo(first.provider());
            assertThat(simulator.log()).extracting(SimulatedCall::action).contains(CallAction.UNKNOWN_MODEL);
        }
    }

    /** An Error, as when an adapter was built for another version of its library. */
    @Test
    void leavesNothingOpenWhenAProviderCannotBeMade() throws IOException {
        ScriptedProvider first = ScriptedProvider.named("first");
        NoSuchMethodError broken = new NoSuchMethodError("client");
        ArchitectSetup setup = setup(EVERY_KEY, Map.of())
                .factories(List.of(factory("first", () -> first), factory("second", () -> {
                    throw broken;
                })))
                .build();

        assertThatThrownBy(setup::open).isSameAs(broken);

        assertThat(first.isClosed()).isTrue();
        try (var files = Files.list(folder.resolve("data"))) {
            assertThat(files).containsExactly(setup.database().orElseThrow());
        }
        assertThat(ThreadEnds.awaitNamed("architect-sqlite")).isEmpty();
    }

    private static ModelProviderFactory factory(String name, Supplier<ModelProvider> provider) {
        return new ModelProviderFactory() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public String keyName() {
                return "SOME_KEY";
            }

            @Override
            public ModelProvider create(ProviderSettings settings, SecretSource secrets) {
                return provider.get();
            }
        };
    }

    @Test
    void answersTasksThroughTheProvidersAndKeepsThemAndTheirCost() throws Exception {
        try (ProviderSimulator simulator = ProviderSimulator.start(SimulatorScript.standard())) {
            ArchitectSetup setup = simulated(simulator).build();
            assertThat(setup.providers()).containsAll(SimulatorScript.PROVIDERS);
            TaskId id;
            try (Architect architect = setup.open()) {
                TaskHandle handle =
                        architect.submit(PromptTasks.of(ChatRequest.builder("What is the capital of France?")
                                .quality(Quality.HIGH)
                                .build()));
                id = handle.id();
                assertThat(handle.await(Duration.ofSeconds(30)).isDone()).isTrue();
                assertThat(architect
                                .ledger()
                                .savings(ReportPeriod.all())
                                .spent()
                                .picoUsd())
                        .isPositive()
                        .isEqualTo(simulator.billed());
            }

            try (Architect again = setup.open()) {
                assertThat(again.tasks().result(id).orElseThrow().output()).isPresent();
                assertThat(again.ledger().savings(ReportPeriod.all()).spent().picoUsd())
                        .isEqualTo(simulator.billed());
            }
        }
    }

    @Test
    void onlyConfiguredProvidersTakePart() {
        ArchitectSetup setup = setup(
                        name -> Optional.of("key").filter(key -> name.equals("OPENAI_API_KEY")),
                        Map.of("OLLAMA_BASE_URL", "http://localhost:9"))
                .build();

        assertThat(setup.providers()).containsExactly("ollama", "openai");
        assertThat(setup.skipped())
                .containsEntry("claude", "ANTHROPIC_API_KEY is not set")
                .containsOnlyKeys("acme", "anythingllm", "claude", "gemini", "perplexity");
    }

    @Test
    void refusesWhatIsNoAddressOrNoProvider() {
        for (String text : List.of("localhost:11434", "ftp://localhost", "http://", "not an address", "http:///x")) {
            assertThatThrownBy(
                            () -> setup(NO_KEY, Map.of("OLLAMA_BASE_URL", text)).build())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("OLLAMA_BASE_URL is '" + text + "', expected an address such as http://localhost:1234");
        }
        assertThatThrownBy(() -> setup(NO_KEY, Map.of())
                        .baseUrl("clod", URI.create("http://localhost"))
                        .build())
                .hasMessage("provider is 'clod', expected one of "
                        + "acme, anythingllm, claude, gemini, ollama, openai, perplexity");
    }

    @Test
    void reportsWhatIsWrongWithThePolicyBeforeAnythingIsCreated() throws IOException {
        Path policy = Files.writeString(folder.resolve("policy.yaml"), "baselin: claude/claude-sonnet-4-6\n");

        assertThatThrownBy(() -> setup(NO_KEY, Map.of()).policy(policy).build())
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("baselin");
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void createsADirectoryThatOnlyItsUserReads() throws IOException {
        setup(EVERY_KEY, Map.of()).build().open().close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("data"))))
                .isEqualTo("rwx------");
        assertThat(folder.resolve("data").resolve("architect.db")).isRegularFile();
    }

    @Test
    void aFileInTheWayAndADamagedDatabaseAreOneClearException() throws IOException {
        ArchitectSetup setup = setup(EVERY_KEY, Map.of()).build();
        Path data = Files.writeString(folder.resolve("data"), "in the way");

        StoreException inTheWay = catchThrowableOfType(StoreException.class, () -> setup.open());
        assertThat(inTheWay).hasMessage("data directory " + data + " is a file, expected a directory");
        assertThat(data).hasContent("in the way");

        Files.delete(data);
        Files.createDirectory(data);
        Path database = Files.writeString(data.resolve("architect.db"), "x".repeat(10_000));
        assertThatThrownBy(() -> setup.open()).isInstanceOf(StoreException.class);
        assertThat(database).hasContent("x".repeat(10_000));
    }

    @Test
    void takesThePartsThatTheConfigurationNames() throws Exception {
        try (ProviderSimulator simulator = ProviderSimulator.start(SimulatorScript.standard())) {
            RuntimeConfiguration configuration = RuntimeConfiguration.empty()
                    .withProviders(List.of(
                            new ProviderConfiguration(
                                    "acme",
                                    "acme",
                                    Optional.of(simulator.baseUrl("openai")),
                                    Optional.empty(),
                                    Map.of("tenant", "blue")),
                            new ProviderConfiguration(
                                    "openai-eu",
                                    "openai",
                                    Optional.of(URI.create("http://127.0.0.1:1")),
                                    Optional.of("KEY_OF_THE_EU"),
                                    Map.of()),
                            ProviderConfiguration.of("claude")));
            Path policy = Files.writeString(folder.resolve("policy.yaml"), """
                    baseline: acme/gpt-4o-mini
                    models:
                      - {model: acme/gpt-4o-mini, quality: 66, contextTokens: 128000}
                      - {model: openai-eu/gpt-4o-mini, quality: 66, contextTokens: 128000}
                    """);
            ArchitectSetup setup = ArchitectSetup.builder(configuration)
                    .dataDirectory(folder.resolve("data"))
                    .policy(policy)
                    .secrets(name -> Optional.of("key")
                            .filter(key ->
                                    List.of("ACME_API_KEY", "KEY_OF_THE_EU").contains(name)))
                    .settings(name -> name.equals("OPENAI_EU_BASE_URL")
                            ? Optional.of(simulator.baseUrl("openai").toString())
                            : Optional.empty())
                    .build();

            assertThat(setup.providers()).containsExactly("acme", "openai-eu");
            assertThat(setup.skipped()).isEqualTo(Map.of("claude", "ANTHROPIC_API_KEY is not set"));
            assertThat(setup.isAnyUsable()).isTrue();
            assertThat(setup.probe("acme").usable()).isTrue();
            assertThat(setup.probe("openai-eu").usable()).isTrue();
            try (Architect architect = setup.open()) {
                for (String provider : setup.providers()) {
                    assertThat(architect
                                    .chat(ChatRequest.builder("Say hello")
                                            .model(new ModelId(provider, "gpt-4o-mini"))
                                            .build())
                                    .model()
                                    .provider())
                            .isEqualTo(provider);
                }
            }
        }
    }

    @Test
    void aLocalProviderThatTheConfigurationNamesTakesPartWhetherItAnswersOrNot() {
        RuntimeConfiguration configuration = RuntimeConfiguration.empty()
                .withProviders(List.of(new ProviderConfiguration(
                        "ollama",
                        "ollama",
                        Optional.of(URI.create("http://127.0.0.1:1")),
                        Optional.empty(),
                        Map.of())));
        ArchitectSetup setup = ArchitectSetup.builder(configuration)
                .secrets(NO_KEY)
                .settings(name -> Optional.empty())
                .build();

        assertThat(setup.providers()).containsExactly("ollama");
        assertThat(setup.isAnyUsable()).isFalse();
    }

    @Test
    void usesTheFactoriesThatItIsGiven() {
        ArchitectSetup setup = setup(EVERY_KEY, Map.of())
                .factories(List.of(new ListedFactory()))
                .build();

        assertThat(setup.providers()).containsExactly("acme");
        assertThatThrownBy(() -> setup.probe("claude")).hasMessage("provider is 'claude', expected one of acme");
    }
}
