package dev.architect.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.Architect;
import dev.architect.chat.ChatRequest;
import dev.architect.model.ModelId;
import dev.architect.route.ProviderStatus;
import dev.architect.spi.ModelProvider;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ApplicationContext;

/** Which providers take part, where their keys come from, and what the policy says about them. */
final class ProviderPropertiesTest {

    @TempDir
    private Path folder;

    static List<String> providers(ApplicationContext host) {
        return host.getBean(Architect.class).providers().statuses().stream()
                .map(ProviderStatus::name)
                .sorted()
                .toList();
    }

    @Test
    void everyAdapterTakesPartWhoseKeyIsAProperty() {
        Hosts.inMemory()
                .withPropertyValues("ANTHROPIC_API_KEY=k", "OPENAI_API_KEY= ")
                .run(host -> assertThat(providers(host)).containsExactly("claude"));
    }

    @Test
    void onlyThoseThatAreListedTakePart() {
        Hosts.inMemory()
                .withPropertyValues(
                        "ANTHROPIC_API_KEY=k",
                        "KEY_EU=k",
                        "architect.providers.openai-eu.adapter=openai",
                        "architect.providers.openai-eu.key-secret=KEY_EU",
                        "architect.providers.openai-eu.base-url=http://127.0.0.1:1/v1",
                        "architect.providers.openai-eu.options.api=responses")
                .run(host -> assertThat(providers(host)).containsExactly("openai-eu"));
    }

    @Test
    void oneCanBeTakenOut() {
        Hosts.inMemory()
                .withPropertyValues(
                        "ANTHROPIC_API_KEY=k", "OPENAI_API_KEY=k", "architect.providers.claude.enabled=false")
                .run(host -> assertThat(providers(host)).containsExactly("openai"));
    }

    @Test
    void anEmptyEntryListsAProvider() {
        Hosts.inMemory()
                .withPropertyValues("ANTHROPIC_API_KEY=k", "OPENAI_API_KEY=k", "architect.providers.openai=")
                .run(host -> assertThat(providers(host)).containsExactly("openai"));
        Hosts.inMemory()
                .withPropertyValues("architect.providers.openai=sk-secret")
                .run(host -> assertThat(host)
                        .getFailure()
                        .rootCause()
                        .hasMessage("a text is no provider, expected adapter, baseUrl, keySecret or options"));
    }

    @Test
    void aProviderThatIsABeanTakesThePlaceOfTheAdapter() {
        Hosts.inMemory()
                .withPropertyValues("ANTHROPIC_API_KEY=k", "OPENAI_API_KEY=k")
                .withBean(
                        ModelProvider.class,
                        () -> ScriptedProvider.named("claude")
                                .always(ScriptedStep.answer("from the bean", TokenUsage.of(1, 1))))
                .run(host -> {
                    assertThat(providers(host)).containsExactly("claude", "openai");
                    Architect architect = host.getBean(Architect.class);
                    assertThat(architect
                                    .chat(ChatRequest.builder("hello")
                                            .model(ModelId.parse("claude/claude-haiku-4-5"))
                                            .build())
                                    .text())
                            .isEqualTo("from the bean");
                });
    }

    @Test
    void anUnknownAdapterIsAClearMistake() {
        Hosts.inMemory()
                .withPropertyValues("architect.providers.cloude.enabled=true")
                .run(host -> assertThat(host)
                        .getFailure()
                        .rootCause()
                        .hasMessage("adapter is 'cloude', did you mean 'claude'?"));
    }

    @Test
    void aKeyInPlaceOfItsNameIsNotRepeated() {
        Hosts.inMemory()
                .withPropertyValues("architect.providers.claude.key-secret=sk-ant-secret")
                .run(host -> {
                    assertThat(host).hasFailed();
                    assertThat(host.getStartupFailure()).rootCause().hasMessageContaining("not the name of a secret");
                    for (Throwable cause = host.getStartupFailure(); cause != null; cause = cause.getCause()) {
                        assertThat(String.valueOf(cause.getMessage())).doesNotContain("sk-ant-secret");
                    }
                });
    }

    @Test
    void thePolicyIsAResource() {
        String policy = "baseline: openai/big\nmodels: [{model: openai/small, quality: 70, contextTokens: 1000}]\n";
        Hosts.inMemory()
                .withPropertyValues("OPENAI_API_KEY=k", "architect.policy=file:" + write("routing.yaml", policy))
                .run(host -> assertThat(host.getBean(Architect.class)
                                .providers()
                                .statuses()
                                .get(0)
                                .models())
                        .containsExactly("small"));
    }

    @Test
    void aWrongOrMissingPolicyIsAClearMistake() {
        Hosts.inMemory()
                .withPropertyValues("architect.policy=classpath:none.yaml")
                .run(host -> assertThat(host)
                        .getFailure()
                        .hasStackTraceContaining("architect.policy is 'classpath:none.yaml', which cannot be read"));
        Hosts.inMemory()
                .withPropertyValues("architect.policy=file:" + write("wrong.yaml", "baseline: 17\n"))
                .run(host -> assertThat(host)
                        .getFailure()
                        .hasStackTraceContaining("wrong.yaml is wrong: ")
                        .hasStackTraceContaining("models"));
    }

    private Path write(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
