package dev.architect.provider.openai;

import dev.architect.model.Capability;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.SecretSource;
import dev.architect.testkit.provider.ModelProviderContract;
import java.net.URI;

/** Over Chat Completions. */
class OpenAiContractTest extends ModelProviderContract {

    @Override
    protected String provider() {
        return OpenAiProvider.NAME;
    }

    @Override
    protected String model() {
        return "gpt-4o-mini";
    }

    @Override
    protected String model(Capability feature) {
        return switch (feature) {
            case REASONING_EFFORT -> "gpt-5-nano";
            case CACHE_BREAKPOINTS -> "gpt-5.6-terra";
            case EMBEDDINGS -> "text-embedding-3-small";
            default -> model();
        };
    }

    @Override
    protected ModelProvider open(URI baseUrl, SecretSource secrets) {
        return OpenAiProvider.builder(secrets).baseUrl(baseUrl).build();
    }
}
