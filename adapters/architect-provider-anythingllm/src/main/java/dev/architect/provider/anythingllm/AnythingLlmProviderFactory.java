package dev.architect.provider.anythingllm;

import dev.architect.spi.ModelProvider;
import dev.architect.spi.ModelProviderFactory;
import dev.architect.spi.ProviderSettings;
import dev.architect.spi.SecretSource;
import java.util.Set;

/** Makes {@link AnythingLlmProvider}s. Option {@code mode}: {@code automatic}, {@code chat} or {@code query}. */
public final class AnythingLlmProviderFactory implements ModelProviderFactory {

    private static final String MODE = "mode";
    private static final Set<String> OPTIONS = Set.of(MODE);

    /** Creates the factory; for {@link java.util.ServiceLoader}. */
    public AnythingLlmProviderFactory() {}

    @Override
    public String name() {
        return AnythingLlmProvider.NAME;
    }

    @Override
    public String keyName() {
        return AnythingLlmProvider.KEY;
    }

    @Override
    public Set<String> options() {
        return OPTIONS;
    }

    @Override
    public ModelProvider create(ProviderSettings settings, SecretSource secrets) {
        settings.requireOptions(options());
        AnythingLlmProvider.Builder builder =
                AnythingLlmProvider.builder(secrets).name(settings.name());
        settings.baseUrl().ifPresent(builder::baseUrl);
        settings.constant(MODE, AnythingLlmMode.class).ifPresent(builder::mode);
        return builder.build();
    }
}
