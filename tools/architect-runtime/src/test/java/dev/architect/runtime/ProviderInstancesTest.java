package dev.architect.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.Architect;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.cost.Cost;
import dev.architect.cost.CostStatus;
import dev.architect.model.ModelId;
import dev.architect.provider.claude.ClaudeProviderFactory;
import dev.architect.provider.openai.OpenAiProvider;
import dev.architect.provider.openai.OpenAiProviderFactory;
import dev.architect.spi.ModelProviderFactory;
import dev.architect.spi.ModelProviderFactory.KeyRequirement;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.SecretSource;
import dev.architect.testkit.replay.ReplyServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several services behind one adapter, side by side. */
final class ProviderInstancesTest {

    private static final List<ModelProviderFactory> FACTORIES =
            List.of(new OpenAiProviderFactory(), new ClaudeProviderFactory());
    private static final Map<String, String> KEYS = Map.of(
            "OPENAI_API_KEY", "sk-of-openai", "OPENROUTER_API_KEY", "sk-of-openrouter", "KEY_OF_GROQ", "sk-of-groq");
    private static final SecretSource SECRETS = name -> Optional.ofNullable(KEYS.get(name));

    @TempDir
    private Path folder;

    @Test
    void servicesBehindOneAdapterHaveNamesAddressesAndKeysOfTheirOwn() throws Exception {
        try (ReplyServer vllm = service("of vllm");
                ReplyServer openRouter = service("of openrouter");
                ReplyServer groq = service("of groq")) {
            ArchitectSetup setup = setup("""
                    providers:
                      vllm: {adapter: openai, baseUrl: %s}
                      openrouter: {adapter: openai, baseUrl: %s}
                      groq: {adapter: openai, baseUrl: %s, keySecret: KEY_OF_GROQ}
                    policy: policy.yaml
                    """.formatted(vllm.url(), openRouter.url(), groq.url()));

            assertThat(setup.providers()).containsExactly("vllm", "openrouter", "groq");
            try (Architect architect = setup.open()) {
                for (String name : setup.providers()) {
                    ChatResponse response = architect.chat(ChatRequest.builder("Hello?")
                            .model(new ModelId(name, "some-model"))
                            .build());

                    assertThat(response.text()).isEqualTo("of " + name);
                    assertThat(response.model()).isEqualTo(new ModelId(name, "some-model"));
                    // A price of a model that OpenAI has under the same name is none of this service.
                    assertThat(response.cost().answer()).isEqualTo(Cost.UNPRICED);
                }
                assertThat(architect.ledger().newest(10))
                        .extracting(entry -> entry.charge().cost().status())
                        .containsOnly(CostStatus.UNPRICED);
            }
            assertThat(vllm.requests())
                    .hasSize(1)
                    .noneMatch(request -> request.toLowerCase(Locale.ROOT).contains("authorization"));
            assertThat(openRouter.requests())
                    .hasSize(1)
                    .allMatch(request -> request.contains("Bearer sk-of-openrouter"));
            assertThat(groq.requests()).hasSize(1).allMatch(request -> request.contains("Bearer sk-of-groq"));
        }
    }

    /** Another address must not get the key of the vendor. */
    @Test
    void theKeyOfTheVendorGoesToTheVendorAlone() throws Exception {
        ArchitectSetup setup = setup("""
                providers:
                  proxy: {adapter: openai, baseUrl: "http://127.0.0.1:1", options: {key: required}}
                  openai-responses: {adapter: openai, options: {api: responses}}
                  claude-eu: {adapter: claude, baseUrl: "http://127.0.0.1:1"}
                """);

        assertThat(setup.providers()).containsExactly("openai-responses");
        assertThat(setup.skipped())
                .isEqualTo(Map.of("proxy", "PROXY_API_KEY is not set", "claude-eu", "CLAUDE_EU_API_KEY is not set"));
    }

    @Test
    void aProgramGivesEachServiceItsNameAddressAndKey() throws Exception {
        try (ReplyServer groq = service("of groq");
                ReplyServer local = service("of local");
                OpenAiProvider one = OpenAiProvider.builder(SECRETS)
                        .name("groq")
                        .baseUrl(groq.url())
                        .keyName("KEY_OF_GROQ")
                        .build();
                OpenAiProvider other = OpenAiProvider.builder(SECRETS)
                        .name("local")
                        .baseUrl(local.url())
                        .keyName("NO_SUCH_KEY")
                        .keyRequirement(KeyRequirement.OPTIONAL)
                        .build()) {
            ProviderCall call = new ProviderCall("some-model", ChatRequest.of("Hello?"), Duration.ofSeconds(20));

            assertThat(one.chat(call).text()).isEqualTo("of groq");
            assertThat(other.chat(call).text()).isEqualTo("of local");
            assertThat(groq.requests()).allMatch(request -> request.contains("Bearer sk-of-groq"));
            assertThat(local.requests())
                    .noneMatch(request -> request.toLowerCase(Locale.ROOT).contains("authorization"));
        }
    }

    @Test
    void twoProvidersOfOneNameAreRefused() {
        ProviderConfiguration one = ProviderConfiguration.of("openai");

        assertThatThrownBy(() -> RuntimeConfiguration.empty().withProviders(List.of(one, one)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("provider openai is configured twice, expected different names");
        assertThatThrownBy(() -> setup("providers:\n  vllm: {adapter: openai}\n  vllm: {adapter: openai}\n"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("vllm")
                .hasMessageContaining("given twice");
    }

    private ArchitectSetup setup(String configuration) throws IOException {
        Files.writeString(folder.resolve("policy.yaml"), """
                baseline: groq/some-model
                models:
                  - {model: vllm/some-model, quality: 66, contextTokens: 128000}
                  - {model: openrouter/some-model, quality: 66, contextTokens: 128000}
                  - {model: groq/some-model, quality: 66, contextTokens: 128000}
                """);
        Path file = Files.writeString(folder.resolve("architect.yaml"), configuration);
        return ArchitectSetup.builder(RuntimeConfiguration.load(file, FACTORIES))
                .factories(FACTORIES)
                .dataDirectory(folder.resolve("data"))
                .secrets(SECRETS)
                .settings(name -> Optional.empty())
                .build();
    }

    private static ReplyServer service(String text) throws IOException {
        return ReplyServer.replying(
                200,
                "application/json",
                "{\"choices\":[{\"message\":{\"content\":\"" + text + "\"},\"finish_reason\":\"stop\"}],"
                        + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}");
    }
}
