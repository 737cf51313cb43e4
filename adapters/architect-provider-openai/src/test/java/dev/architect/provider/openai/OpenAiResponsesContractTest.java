package dev.architect.provider.openai;

import dev.architect.model.Capability;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderSettings;
import dev.architect.spi.SecretSource;
import dev.architect.testkit.provider.ModelProviderContract;
import java.net.URI;

/** Over Responses, with a model that thinks. */
class OpenAiResponsesContractTest extends ModelProviderContract {

    @Override
    protected String provider() {
        return OpenAiProvider.NAME;
    }

    @Override
    protected String model() {
        return "gpt-5.6-terra";
    }

    @Override
    protected String model(Capability feature) {
        return feature == Capability.EMBEDDINGS ? "text-embedding-3-small" : model();
    }

    @Override
    protected ProviderSettings settings(ProviderSettings usual) {
        return usual.withOption("api", "responses");
    }

    @Override
    protected ModelProvider open(URI baseUrl, SecretSource secrets) {
        return OpenAiProvider.builder(secrets)
                .api(OpenAiApi.RESPONSES)
                .baseUrl(baseUrl)
                .build();
    }
}
