package dev.architect.provider.ollama;

import dev.architect.model.Capability;
import dev.architect.simulator.script.ModelStrength;
import dev.architect.simulator.script.SimulatedModel;
import dev.architect.simulator.script.SimulatedPrices;
import dev.architect.simulator.script.SimulatorScript;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.SecretSource;
import dev.architect.testkit.provider.ModelProviderContract;
import java.net.URI;

class OllamaContractTest extends ModelProviderContract {

    private static final String SEES = "gemma4";

    @Override
    protected String provider() {
        return OllamaProvider.NAME;
    }

    @Override
    protected String model() {
        return "qwen3:8b";
    }

    @Override
    protected String model(Capability feature) {
        return switch (feature) {
            case IMAGES -> SEES;
            // Those that think begin with their thoughts.
            case PREFILL -> "llama3.2";
            case EMBEDDINGS -> "nomic-embed-text";
            default -> model();
        };
    }

    @Override
    protected SimulatorScript script() {
        return SimulatorScript.standard()
                .with(
                        provider(),
                        one -> one.withModel(SEES, SimulatedModel.of(ModelStrength.CHEAP, SimulatedPrices.free())));
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
    protected boolean reportsReasoning() {
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
}
