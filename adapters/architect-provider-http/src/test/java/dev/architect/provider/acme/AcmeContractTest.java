package dev.architect.provider.acme;

import dev.architect.spi.ModelProvider;
import dev.architect.spi.SecretSource;
import dev.architect.testkit.provider.ModelProviderContract;
import java.net.URI;

class AcmeContractTest extends ModelProviderContract {

    @Override
    protected String provider() {
        return "acme";
    }

    @Override
    protected String dialect() {
        return "openai";
    }

    @Override
    protected String model() {
        return "gpt-4o-mini";
    }

    @Override
    protected ModelProvider open(URI baseUrl, SecretSource secrets) {
        return AcmeProvider.builder(secrets).baseUrl(baseUrl).build();
    }
}
