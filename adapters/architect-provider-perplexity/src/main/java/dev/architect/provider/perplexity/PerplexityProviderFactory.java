package dev.architect.provider.perplexity;

import dev.architect.spi.ModelProvider;
import dev.architect.spi.ModelProviderFactory;
import dev.architect.spi.ProviderSettings;
import dev.architect.spi.SecretSource;
import java.util.Set;

/**
 * Makes {@link PerplexityProvider}s. Options, as in {@link PerplexityProvider.Builder}: {@code api} ({@code agent}, the default, or
 * {@code sonar-chat}), {@code path}, {@code maxOutputTokens}, {@code presetField}, {@code presetsChooseModel} ({@code true} or {@code
 * false}).
 */
public final class PerplexityProviderFactory implements ModelProviderFactory {

    private static final String API = "api";
    private static final String PATH = "path";
    private static final String MAX_OUTPUT_TOKENS = "maxOutputTokens";
    private static final String PRESET_FIELD = "presetField";
    private static final String PRESETS_CHOOSE_MODEL = "presetsChooseModel";
    private static final Set<String> OPTIONS = Set.of(API, PATH, MAX_OUTPUT_TOKENS, PRESET_FIELD, PRESETS_CHOOSE_MODEL);

    /** As an option writes them. */
    private enum Api {
        AGENT,
        SONAR_CHAT
    }

    /** Creates the factory; for {@link java.util.ServiceLoader}. */
    public PerplexityProviderFactory() {}

    @Override
    public String name() {
        return PerplexityProvider.NAME;
    }

    @Override
    public String keyName() {
        return PerplexityProvider.KEY;
    }

    @Override
    public Set<String> options() {
        return OPTIONS;
    }

    @Override
    public ModelProvider create(ProviderSettings settings, SecretSource secrets) {
        settings.requireOptions(options());
        PerplexityProvider.Builder builder = PerplexityProvider.builder(secrets).name(settings.name());
        settings.baseUrl().ifPresent(builder::baseUrl);
        settings.option(PATH).ifPresent(builder::path);
        settings.integer(MAX_OUTPUT_TOKENS, 1, Integer.MAX_VALUE).ifPresent(builder::maxOutputTokens);
        settings.option(PRESET_FIELD).ifPresent(builder::presetField);
        if (settings.constant(API, Api.class).filter(Api.SONAR_CHAT::equals).isPresent()) {
            builder.sonarChat();
        }
        if (settings.flag(PRESETS_CHOOSE_MODEL)) {
            builder.presetsChooseModel();
        }
        return builder.build();
    }
}
