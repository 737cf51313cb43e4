package dev.architect.provider.ollama;

import dev.architect.spi.ModelProvider;
import dev.architect.spi.ModelProviderFactory;
import dev.architect.spi.ProviderSettings;
import dev.architect.spi.SecretSource;

/** Makes {@link OllamaProvider}s, which need no key. There are no options. */
public final class OllamaProviderFactory implements ModelProviderFactory {

    /** Creates the factory; for {@link java.util.ServiceLoader}. */
    public OllamaProviderFactory() {}

    @Override
    public String name() {
        return OllamaProvider.NAME;
    }

    @Override
    public String keyName() {
        return OllamaProvider.KEY;
    }

    @Override
    public KeyRequirement keyRequirement() {
        return KeyRequirement.OPTIONAL;
    }

    @Override
    public ModelProvider create(ProviderSettings settings, SecretSource secrets) {
        settings.requireOptions(options());
        OllamaProvider.Builder builder =
                OllamaProvider.builder().secrets(secrets).name(settings.name());
        settings.baseUrl().ifPresent(builder::baseUrl);
        return builder.build();
    }
}
