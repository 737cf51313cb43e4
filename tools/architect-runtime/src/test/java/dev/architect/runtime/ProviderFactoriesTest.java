package dev.architect.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.provider.claude.ClaudeProviderFactory;
import dev.architect.provider.openai.OpenAiProviderFactory;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ModelProviderFactory;
import dev.architect.spi.ProviderSettings;
import dev.architect.spi.SecretSource;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProviderFactoriesTest {

    @TempDir
    private Path folder;

    @Test
    void findsEveryAdapterOfTheClassPath() {
        ProviderFactories found = ProviderFactories.load();

        assertThat(found.names())
                .containsExactly("acme", "anythingllm", "claude", "gemini", "ollama", "openai", "perplexity");
        assertThat(found.of("claude")).isInstanceOf(ClaudeProviderFactory.class);
        assertThat(found.failures()).isEmpty();
    }

    @Test
    void namesTheAdapterThatWasProbablyMeant() {
        ProviderFactories given =
                ProviderFactories.of(List.of(new ClaudeProviderFactory(), new OpenAiProviderFactory()));

        assertThatThrownBy(() -> given.of("claud"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("adapter is 'claud', did you mean 'claude'?");
        assertThatThrownBy(() -> given.of("acme"))
                .hasMessage("adapter is 'acme', expected one of claude, openai, or its jar on the class path");
    }

    @Test
    void rejectsTwoAdaptersOfOneName() {
        assertThatThrownBy(() -> ProviderFactories.of(List.of(new ListedFactory(), new ListedFactory())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("adapter 'acme' is given by dev.architect.runtime.ListedFactory"
                        + " and by dev.architect.runtime.ListedFactory, expected one");
    }

    @Test
    void anAdapterThatCannotBeLoadedLeavesTheOthersUsable() throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(
                services.resolve("dev.architect.spi.ModelProviderFactory"),
                "com.example.Missing\n" + Unloadable.class.getName() + "\n");
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader broken =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
            thread.setContextClassLoader(broken);

            ProviderFactories found = ProviderFactories.load();

            assertThat(found.has("claude")).isTrue();
            assertThat(found.failures())
                    .containsOnlyKeys("META-INF/services", Unloadable.class.getName())
                    .extractingByKey("META-INF/services")
                    .asString()
                    .contains("com.example.Missing");
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Fails when it is made, as an adapter does that lacks one of its jars. */
    public static final class Unloadable implements ModelProviderFactory {

        /** Fails. */
        public Unloadable() {
            throw new NoClassDefFoundError("com/example/Client");
        }

        @Override
        public String name() {
            return "unloadable";
        }

        @Override
        public String keyName() {
            return "UNLOADABLE_API_KEY";
        }

        @Override
        public ModelProvider create(ProviderSettings settings, SecretSource secrets) {
            throw new AssertionError("never made");
        }
    }
}
