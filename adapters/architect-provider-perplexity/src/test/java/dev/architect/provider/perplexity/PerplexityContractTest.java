package dev.architect.provider.perplexity;

import dev.architect.model.Capability;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.SecretSource;
import dev.architect.testkit.provider.ModelProviderContract;
import java.net.URI;

/** The contract, kept through the Agent API. */
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
    protected String model(Capability feature) {
        return feature == Capability.EMBEDDINGS ? "pplx-embed-v1-0.6b" : model();
    }

    @Override
    protected ModelProvider open(URI baseUrl, SecretSource secrets) {
        return PerplexityProvider.builder(secrets).baseUrl(baseUrl).build();
    }

    @Override
    protected boolean probeChecksKey() {
        return false;
    }

    @Override
    protected boolean wholeAnswersIncludeReasoning() {
        return false;
    }
}
