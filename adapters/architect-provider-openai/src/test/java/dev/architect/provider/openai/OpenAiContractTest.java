package dev.architect.provider.openai;

import dev.architect.spi.ModelProvider;
import dev.architect.spi.SecretSource;
import dev.architect.testkit.ModelProviderContract;
import java.net.URI;

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
    protected ModelProvider open(URI baseUrl, SecretSource secrets) {
        return OpenAiProvider.builder(secrets).baseUrl(baseUrl).build();
    }
}
