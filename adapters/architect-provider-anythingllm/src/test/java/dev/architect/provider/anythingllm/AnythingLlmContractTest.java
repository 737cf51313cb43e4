package dev.architect.provider.anythingllm;

import dev.architect.spi.ModelProvider;
import dev.architect.spi.SecretSource;
import dev.architect.testkit.provider.ModelProviderContract;
import dev.architect.usage.UsageSource;
import java.net.URI;

class AnythingLlmContractTest extends ModelProviderContract {

    @Override
    protected String provider() {
        return AnythingLlmProvider.NAME;
    }

    @Override
    protected String model() {
        return "docs";
    }

    @Override
    protected ModelProvider open(URI baseUrl, SecretSource secrets) {
        return AnythingLlmProvider.builder(secrets).baseUrl(baseUrl).build();
    }

    @Override
    protected boolean reportsCache() {
        return false;
    }

    @Override
    protected boolean reportsReasoning() {
        return false;
    }

    @Override
    protected boolean streamsBeginWithTheModel() {
        return false;
    }

    @Override
    protected boolean statesRateLimits() {
        return false;
    }

    @Override
    protected boolean statesRetryAfter() {
        return false;
    }

    @Override
    protected UsageSource usageSource() {
        return UsageSource.ESTIMATED;
    }
}
