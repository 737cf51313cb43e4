package dev.architect.runtime;

import dev.architect.provider.anythingllm.AnythingLlmProvider;
import dev.architect.provider.claude.ClaudeProvider;
import dev.architect.provider.gemini.GeminiProvider;
import dev.architect.provider.ollama.OllamaProvider;
import dev.architect.provider.openai.OpenAiProvider;
import dev.architect.provider.perplexity.PerplexityProvider;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.SecretSource;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The providers that a server can be set up with: what each one is called, needs and is made of. */
enum Vendor {
    ANYTHINGLLM(AnythingLlmProvider.NAME, AnythingLlmProvider.KEY),
    CLAUDE(ClaudeProvider.NAME, ClaudeProvider.KEY),
    GEMINI(GeminiProvider.NAME, GeminiProvider.KEY),
    OLLAMA(OllamaProvider.NAME, OllamaProvider.KEY),
    OPENAI(OpenAiProvider.NAME, OpenAiProvider.KEY),
    PERPLEXITY(PerplexityProvider.NAME, PerplexityProvider.KEY);

    private final String provider;
    private final String key;

    Vendor(String provider, String key) {
        this.provider = provider;
        this.key = key;
    }

    /** Returns the vendor of that provider name. */
    static Vendor of(String provider) {
        return Arrays.stream(values())
                .filter(vendor -> vendor.provider.equals(provider))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("provider is '" + provider + "', expected one of "
                        + Arrays.stream(values()).map(Vendor::provider).collect(Collectors.joining(", "))));
    }

    /** The name of its provider. */
    String provider() {
        return provider;
    }

    /** The name of the secret that holds its key. */
    String key() {
        return key;
    }

    /** Whether it serves without a key. */
    boolean isOpen() {
        return this == OLLAMA;
    }

    /** The setting that tells where it is, when that is not its usual address. */
    String urlSetting() {
        return name().toUpperCase(Locale.ROOT) + "_BASE_URL";
    }

    /** Returns its provider, at its usual address when {@code url} is null. */
    ModelProvider make(SecretSource secrets, @Nullable URI url) {
        return switch (this) {
            case ANYTHINGLLM -> {
                AnythingLlmProvider.Builder builder = AnythingLlmProvider.builder(secrets);
                yield (url == null ? builder : builder.baseUrl(url)).build();
            }
            case CLAUDE -> {
                ClaudeProvider.Builder builder = ClaudeProvider.builder(secrets);
                yield (url == null ? builder : builder.baseUrl(url)).build();
            }
            case GEMINI -> {
                GeminiProvider.Builder builder = GeminiProvider.builder(secrets);
                yield (url == null ? builder : builder.baseUrl(url)).build();
            }
            case OLLAMA -> {
                OllamaProvider.Builder builder = OllamaProvider.builder().secrets(secrets);
                yield (url == null ? builder : builder.baseUrl(url)).build();
            }
            case OPENAI -> {
                OpenAiProvider.Builder builder = OpenAiProvider.builder(secrets);
                yield (url == null ? builder : builder.baseUrl(url)).build();
            }
            case PERPLEXITY -> {
                PerplexityProvider.Builder builder = PerplexityProvider.builder(secrets);
                yield (url == null ? builder : builder.baseUrl(url)).build();
            }
        };
    }
}
