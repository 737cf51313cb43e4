package dev.architect.provider.openai;

import dev.architect.spi.ModelProvider;
import dev.architect.spi.ModelProviderFactory;
import dev.architect.spi.ProviderSettings;
import dev.architect.spi.SecretSource;
import java.util.Set;

/**
 * Makes {@link OpenAiProvider}s, of OpenAI and of every server that is compatible with it. Option {@code api}: {@code
 * chat-completions}, the default, or {@code responses}.
 */
public final class OpenAiProviderFactory implements ModelProviderFactory {

    private static final String API = "api";
    private static final Set<String> OPTIONS = Set.of(API);

    /** Creates the factory; for {@link java.util.ServiceLoader}. */
    public OpenAiProviderFactory() {}

    @Override
    public String name() {
        return OpenAiProvider.NAME;
    }

    @Override
    public String keyName() {
        return OpenAiProvider.KEY;
    }

    @Override
    public Set<String> options() {
        return OPTIONS;
    }

    @Override
    public ModelProvider create(ProviderSettings settings, SecretSource secrets) {
        settings.requireOptions(options());
        OpenAiProvider.Builder builder = OpenAiProvider.builder(secrets).name(settings.name());
        settings.baseUrl().ifPresent(builder::baseUrl);
        settings.constant(API, OpenAiApi.class).ifPresent(builder::api);
        return builder.build();
    }
}
