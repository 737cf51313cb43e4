package dev.architect.runtime;

import dev.architect.spi.ModelProvider;
import dev.architect.spi.ModelProviderFactory;
import dev.architect.spi.ModelProviderFactory.KeyRequirement;
import dev.architect.spi.ProviderSettings;
import dev.architect.spi.SecretSource;

/**
 * A provider that can be made.
 *
 * @param factory makes it
 * @param settings of what
 * @param secrets where its key is
 * @param keyName the name under which its key is there
 */
record SelectedProvider(ModelProviderFactory factory, ProviderSettings settings, SecretSource secrets, String keyName) {

    /** Returns a new provider, which the caller closes. */
    ModelProvider create() {
        return factory.create(settings, name -> secrets.secret(name.equals(factory.keyName()) ? keyName : name));
    }

    boolean hasKey() {
        return secrets.secret(keyName).isPresent();
    }

    boolean needsKey() {
        return factory.keyRequirement(settings) == KeyRequirement.REQUIRED;
    }

    /** Whether the provider answers at all; blocks until it does or its time is over. */
    boolean isReachable() {
        try (ModelProvider provider = create()) {
            return provider.probe().reachable();
        }
    }
}
