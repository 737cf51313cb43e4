package dev.architect.provider.gemini;

import dev.architect.spi.ModelProvider;
import dev.architect.spi.ModelProviderFactory;
import dev.architect.spi.ProviderSettings;
import dev.architect.spi.SecretSource;

/** Makes {@link GeminiProvider}s. There are no options. */
public final class GeminiProviderFactory implements ModelProviderFactory {

    /** Creates the factory; for {@link java.util.ServiceLoader}. */
    public GeminiProviderFactory() {}

    @Override
    public String name() {
        return GeminiProvider.NAME;
    }

    @Override
    public String keyName() {
        return GeminiProvider.KEY;
    }

    @Override
    public ModelProvider create(ProviderSettings settings, SecretSource secrets) {
        settings.requireOptions(options());
        GeminiProvider.Builder builder = GeminiProvider.builder(secrets).name(settings.name());
        settings.baseUrl().ifPresent(builder::baseUrl);
        return builder.build();
    }
}
