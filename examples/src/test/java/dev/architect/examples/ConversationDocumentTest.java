package dev.architect.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.Architect;
import dev.architect.model.Capability;
import dev.architect.provider.anythingllm.AnythingLlmProvider;
import dev.architect.provider.claude.ClaudeProvider;
import dev.architect.provider.gemini.GeminiProvider;
import dev.architect.provider.ollama.OllamaProvider;
import dev.architect.provider.openai.OpenAiProvider;
import dev.architect.provider.perplexity.PerplexityProvider;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.simulator.ProviderSimulator;
import dev.architect.simulator.script.SimulatorScript;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.SecretSource;
import dev.architect.store.sqlite.SqliteStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds {@code docs/how-to/conversations.md} to the code: its examples run, and its table is what the adapters declare. */
final class ConversationDocumentTest {

    private static final Path PAGE = Path.of("../docs/how-to/conversations.md");
    private static final SecretSource KEYS = name -> Optional.of("sk-test");

    @TempDir
    Path directory;

    @Test
    void itsExamplesRun() throws Exception {
        try (ProviderSimulator simulator = ProviderSimulator.start(SimulatorScript.standard());
                Architect architect = Architect.builder()
                        .store(SqliteStore.at(directory.resolve("architect.db")))
                        .provider(ClaudeProvider.builder(KEYS)
                                .baseUrl(simulator.baseUrl("claude"))
                                .build())
                        .router(CostAwareRouter.with(RoutingPolicy.standard()))
                        .build()) {
            assertThat(ConversationExample.tools(architect, arguments -> "sunny in " + arguments))
                    .contains("sunny in {\"city\":");
            assertThat(ConversationExample.structuredOutput(architect, new byte[] {1, 2, 3}))
                    .startsWith("{");
            ConversationExample.stream(architect);
            assertThat(simulator.log()).hasSize(4).allMatch(call -> call.isAnswered());
        }
    }

    @Test
    void itsExamplesAreTheOnesThatAreCompiled() throws IOException {
        String compiled =
                flat(Files.readString(Path.of("src/test/java/dev/architect/examples/ConversationExample.java")));
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
        int count = 0;
        while (block.find()) {
            assertThat(compiled).contains(flat(block.group(1)));
            count++;
        }
        assertThat(count).isEqualTo(3);
    }

    @Test
    void itsTableIsWhatTheAdaptersDeclare() throws IOException {
        Map<String, ModelProvider> models = new TreeMap<>(Map.of(
                "claude/claude-opus-5-5", ClaudeProvider.builder(KEYS).build(),
                "openai/gpt-4o-mini", OpenAiProvider.builder(KEYS).build(),
                "openai/gpt-5.6-terra", OpenAiProvider.builder(KEYS).build(),
                "gemini/gemini-3.5-flash", GeminiProvider.builder(KEYS).build(),
                "ollama/qwen3:8b", OllamaProvider.local(),
                "anythingllm/docs", AnythingLlmProvider.builder(KEYS).build(),
                "perplexity/perplexity/sonar", PerplexityProvider.builder(KEYS).build()));

        String table = table(models);
        models.values().forEach(ModelProvider::close);

        assertThat(Files.readString(PAGE))
                .as("the page should hold this table:\n" + table)
                .contains(table);
    }

    private static String table(Map<String, ModelProvider> models) {
        StringBuilder table = new StringBuilder("| | " + String.join(" | ", models.keySet()) + " |\n");
        table.append("|---".repeat(models.size() + 1)).append("|\n");
        for (Capability capability : Capability.values()) {
            List<String> cells = models.entrySet().stream()
                    .map(model -> able(model).contains(capability) ? "yes" : "")
                    .toList();
            table.append(cells.stream().collect(Collectors.joining(" | ", "| " + capability + " | ", " |\n")));
        }
        return table.toString();
    }

    private static Set<Capability> able(Map.Entry<String, ModelProvider> model) {
        return model.getValue()
                .capabilities(model.getKey().substring(model.getKey().indexOf('/') + 1));
    }

    /** Indentation differs between the page and the class. */
    private static String flat(String code) {
        return code.replaceAll("(?m)^ +", "").strip();
    }
}
