package dev.architect.provider.perplexity;

import dev.architect.spi.ModelProvider;
import dev.architect.spi.SecretSource;
import dev.architect.testkit.ModelProviderContract;
import java.net.URI;

class PerplexityContractTest extends ModelProviderContract {

    @Override
    protected String provider() {
        return PerplexityProvider.NAME;
    }

    @Override
    protected String model() {
        return "perplexity/sonar";
    }

    @Override
    protected ModelProvider open(URI baseUrl, SecretSource secrets) {
        return PerplexityProvider.builder(secrets).baseUrl(baseUrl).build();
    }

    @Override
    protected boolean probeChecksKey() {
        return false;
    }
}
