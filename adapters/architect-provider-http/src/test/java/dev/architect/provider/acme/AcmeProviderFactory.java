package dev.architect.provider.acme;

import dev.architect.spi.ModelProvider;
import dev.architect.spi.ModelProviderFactory;
import dev.architect.spi.ProviderSettings;
import dev.architect.spi.SecretSource;

/** Makes {@link AcmeProvider}s. There are no options. */
public final class AcmeProviderFactory implements ModelProviderFactory {

    @Override
    public String name() {
        return "acme";
    }

    @Override
    public String keyName() {
        return AcmeProvider.KEY;
    }

    @Override
    public ModelProvider create(ProviderSettings settings, SecretSource secrets) {
        settings.requireOptions(options());
        AcmeProvider.Builder builder = AcmeProvider.builder(secrets).name(settings.name());
        settings.baseUrl().ifPresent(builder::baseUrl);
        return builder.build();
    }
}
