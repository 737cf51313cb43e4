package dev.architect.provider.openai;

import dev.architect.spi.ModelProvider;
import dev.architect.spi.ModelProviderFactory;
import dev.architect.spi.ProviderSettings;
import dev.architect.spi.SecretSource;
import java.util.Set;

/**
 * Makes {@link OpenAiProvider}s, of OpenAI and of every server that is compatible with it. Option {@code api}: {@code
 * chat-completions}, the default, or {@code responses}. Option {@code key}: {@code required} or {@code optional}, the default of
 * a provider whose name and address are its own. Option {@code prefill}: {@code none}, the default, {@code last-message}, {@code
 * prefix-field} or {@code continue-final-message}, see {@link OpenAiPrefill}.
 */
public final class OpenAiProviderFactory implements ModelProviderFactory {

    private static final String API = "api";
    private static final String KEY = "key";
    private static final String PREFILL = "prefill";
    private static final Set<String> OPTIONS = Set.of(API, KEY, PREFILL);

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
    public KeyRequirement keyRequirement(ProviderSettings settings) {
        boolean isOpenAi = settings.name().equals(name()) || settings.baseUrl().isEmpty();
        return settings.constant(KEY, KeyRequirement.class)
                .orElse(isOpenAi ? KeyRequirement.REQUIRED : KeyRequirement.OPTIONAL);
    }

    @Override
    public Set<String> options() {
        return OPTIONS;
    }

    @Override
    public ModelProvider create(ProviderSettings settings, SecretSource secrets) {
        settings.requireOptions(options());
        OpenAiProvider.Builder builder =
                OpenAiProvider.builder(secrets).name(settings.name()).keyRequirement(keyRequirement(settings));
        settings.baseUrl().ifPresent(builder::baseUrl);
        settings.constant(API, OpenAiApi.class).ifPresent(builder::api);
        settings.constant(PREFILL, OpenAiPrefill.class).ifPresent(builder::prefill);
        return builder.build();
    }
}
