package dev.architect.provider.gemini;

import dev.architect.model.Capability;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.SecretSource;
import dev.architect.testkit.provider.ModelProviderContract;
import java.net.URI;

class GeminiContractTest extends ModelProviderContract {

    @Override
    protected String provider() {
        return GeminiProvider.NAME;
    }

    @Override
    protected String model() {
        return "gemini-2.5-flash";
    }

    @Override
    protected String model(Capability feature) {
        return feature == Capability.EMBEDDINGS ? "gemini-embedding-001" : "gemini-3.5-flash";
    }

    @Override
    protected boolean statesRateLimits() {
        return false;
    }

    @Override
    protected ModelProvider open(URI baseUrl, SecretSource secrets) {
        return GeminiProvider.builder(secrets).baseUrl(baseUrl).build();
    }
}
