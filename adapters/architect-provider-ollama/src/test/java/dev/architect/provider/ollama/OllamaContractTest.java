package dev.architect.provider.ollama;

import dev.architect.spi.ModelProvider;
import dev.architect.spi.SecretSource;
import dev.architect.testkit.ModelProviderContract;
import java.net.URI;

class OllamaContractTest extends ModelProviderContract {

    @Override
    protected String provider() {
        return OllamaProvider.NAME;
    }

    @Override
    protected String model() {
        return "qwen3:8b";
    }

    @Override
    protected ModelProvider open(URI baseUrl, SecretSource secrets) {
        return OllamaProvider.builder().baseUrl(baseUrl).secrets(secrets).build();
    }

    @Override
    protected boolean needsKey() {
        return false;
    }

    @Override
    protected boolean reportsCache() {
        return false;
    }

    @Override
    protected boolean statesRetryAfter() {
        return false;
    }
}
