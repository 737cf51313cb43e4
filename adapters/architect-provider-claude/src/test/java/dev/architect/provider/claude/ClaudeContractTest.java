package dev.architect.provider.claude;

import dev.architect.spi.ModelProvider;
import dev.architect.spi.SecretSource;
import dev.architect.testkit.provider.ModelProviderContract;
import java.net.URI;

class ClaudeContractTest extends ModelProviderContract {

    @Override
    protected String provider() {
        return ClaudeProvider.NAME;
    }

    @Override
    protected String model() {
        return "claude-haiku-4-5";
    }

    @Override
    protected ModelProvider open(URI baseUrl, SecretSource secrets) {
        return ClaudeProvider.builder(secrets).baseUrl(baseUrl).build();
    }
}
