package dev.architect.runtime;

import dev.architect.provider.openai.OpenAiProvider;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ModelProviderFactory;
import dev.architect.spi.ProviderSettings;
import dev.architect.spi.SecretSource;
import java.util.Set;

/** The adapter {@code acme} of a third party, as the service file of these tests lists it; it uses OpenAI's wire format. */
public final class ListedFactory implements ModelProviderFactory {

    @Override
    public String name() {
        return "acme";
    }

    @Override
    public String keyName() {
        return "ACME_API_KEY";
    }

    @Override
    public Set<String> options() {
        return Set.of("tenant");
    }

    @Override
    public ModelProvider create(ProviderSettings settings, SecretSource secrets) {
        settings.requireOptions(options());
        if (settings.option("tenant").filter("red"::equals).isPresent()) {
            throw new IllegalArgumentException("option tenant of provider acme is 'red', expected another colour");
        }
        OpenAiProvider.Builder builder = OpenAiProvider.builder(
                        name -> secrets.secret(name.equals(OpenAiProvider.KEY) ? keyName() : name))
                .name(settings.name());
        settings.baseUrl().ifPresent(builder::baseUrl);
        return builder.build();
    }
}
