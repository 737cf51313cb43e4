package dev.architect.provider.gemini;

import dev.architect.spi.ModelProvider;
import dev.architect.spi.SecretSource;
import dev.architect.testkit.ModelProviderContract;
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
    protected ModelProvider open(URI baseUrl, SecretSource secrets) {
        return GeminiProvider.builder(secrets).baseUrl(baseUrl).build();
    }
}
