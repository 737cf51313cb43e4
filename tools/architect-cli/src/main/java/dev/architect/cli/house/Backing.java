package dev.architect.cli.house;

import dev.architect.provider.anythingllm.AnythingLlmProvider;
import dev.architect.provider.claude.ClaudeProvider;
import dev.architect.provider.gemini.GeminiProvider;
import dev.architect.provider.ollama.OllamaProvider;
import dev.architect.provider.openai.OpenAiProvider;
import dev.architect.provider.perplexity.PerplexityProvider;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.SecretSource;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * One of the six providers: what it wants from the environment, and how it is made.
 *
 * @param provider its name
 * @param key the name of the secret that holds its key
 * @param needsKey whether it serves nobody without a key
 * @param maker makes it at an address, null for the usual one
 */
public record Backing(
        String provider, String key, boolean needsKey, BiFunction<@Nullable URI, SecretSource, ModelProvider> maker) {

    /** All six. */
    public static final List<Backing> ALL = List.of(
            new Backing(ClaudeProvider.NAME, ClaudeProvider.KEY, true, Backing::claude),
            new Backing(OpenAiProvider.NAME, OpenAiProvider.KEY, true, Backing::openAi),
            new Backing(GeminiProvider.NAME, GeminiProvider.KEY, true, Backing::gemini),
            new Backing(PerplexityProvider.NAME, PerplexityProvider.KEY, true, Backing::perplexity),
            new Backing(AnythingLlmProvider.NAME, AnythingLlmProvider.KEY, true, Backing::anythingLlm),
            new Backing(OllamaProvider.NAME, OllamaProvider.KEY, false, Backing::ollama));

    /** The environment variable that holds its address where it is not the usual one. */
    public String urlVariable() {
        return provider.toUpperCase(Locale.ROOT) + "_BASE_URL";
    }

    private static ModelProvider claude(@Nullable URI url, SecretSource secrets) {
        ClaudeProvider.Builder builder = ClaudeProvider.builder(secrets);
        return (url == null ? builder : builder.baseUrl(url)).build();
    }

    private static ModelProvider openAi(@Nullable URI url, SecretSource secrets) {
        OpenAiProvider.Builder builder = OpenAiProvider.builder(secrets);
        return (url == null ? builder : builder.baseUrl(url)).build();
    }

    private static ModelProvider gemini(@Nullable URI url, SecretSource secrets) {
        GeminiProvider.Builder builder = GeminiProvider.builder(secrets);
        return (url == null ? builder : builder.baseUrl(url)).build();
    }

    private static ModelProvider perplexity(@Nullable URI url, SecretSource secrets) {
        PerplexityProvider.Builder builder = PerplexityProvider.builder(secrets);
        return (url == null ? builder : builder.baseUrl(url)).build();
    }

    private static ModelProvider anythingLlm(@Nullable URI url, SecretSource secrets) {
        AnythingLlmProvider.Builder builder = AnythingLlmProvider.builder(secrets);
        return (url == null ? builder : builder.baseUrl(url)).build();
    }

    private static ModelProvider ollama(@Nullable URI url, SecretSource secrets) {
        OllamaProvider.Builder builder = OllamaProvider.builder().secrets(secrets);
        return (url == null ? builder : builder.baseUrl(url)).build();
    }
}
