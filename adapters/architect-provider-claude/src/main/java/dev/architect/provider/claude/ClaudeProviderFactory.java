package dev.architect.provider.claude;

import dev.architect.spi.ModelProvider;
import dev.architect.spi.ModelProviderFactory;
import dev.architect.spi.ProviderSettings;
import dev.architect.spi.SecretSource;
import java.util.Set;

/** Makes {@link ClaudeProvider}s. Options: {@code apiVersion}, {@code maxOutputTokens}; as in {@link ClaudeProvider.Builder}. */
public final class ClaudeProviderFactory implements ModelProviderFactory {

    private static final String API_VERSION = "apiVersion";
    private static final String MAX_OUTPUT_TOKENS = "maxOutputTokens";
    private static final Set<String> OPTIONS = Set.of(API_VERSION, MAX_OUTPUT_TOKENS);

    /** Creates the factory; for {@link java.util.ServiceLoader}. */
    public ClaudeProviderFactory() {}

    @Override
    public String name() {
        return ClaudeProvider.NAME;
    }

    @Override
    public String keyName() {
        return ClaudeProvider.KEY;
    }

    @Override
    public Set<String> options() {
        return OPTIONS;
    }

    @Override
    public ModelProvider create(ProviderSettings settings, SecretSource secrets) {
        settings.requireOptions(options());
        ClaudeProvider.Builder builder = ClaudeProvider.builder(secrets).name(settings.name());
        settings.baseUrl().ifPresent(builder::baseUrl);
        settings.option(API_VERSION).ifPresent(builder::apiVersion);
        settings.integer(MAX_OUTPUT_TOKENS, 1, Integer.MAX_VALUE).ifPresent(builder::maxOutputTokens);
        return builder.build();
    }
}
