package dev.architect.provider.perplexity;

import dev.architect.model.Capability;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderSettings;
import dev.architect.spi.SecretSource;
import dev.architect.testkit.provider.ModelProviderContract;
import java.net.URI;

/** The contract, kept through Sonar Chat. */
class PerplexitySonarContractTest extends ModelProviderContract {

    @Override
    protected String provider() {
        return PerplexityProvider.NAME;
    }

    @Override
    protected String model() {
        return "sonar";
    }

    @Override
    protected String model(Capability feature) {
        return switch (feature) {
            case REASONING_EFFORT -> "sonar-reasoning-pro";
            case EMBEDDINGS -> "pplx-embed-v1-0.6b";
            default -> model();
        };
    }

    @Override
    protected ProviderSettings settings(ProviderSettings usual) {
        return usual.withOption("api", "sonar-chat");
    }

    @Override
    protected ModelProvider open(URI baseUrl, SecretSource secrets) {
        return PerplexityProvider.builder(secrets).baseUrl(baseUrl).sonarChat().build();
    }

    @Override
    protected boolean probeChecksKey() {
        return false;
    }

    @Override
    protected boolean reportsCache() {
        return false;
    }

    @Override
    protected boolean listsModels() {
        return false;
    }
}
