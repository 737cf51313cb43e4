package dev.architect.simulator.script;

/**
 * A model, or for AnythingLLM a workspace, that a simulated provider offers.
 *
 * @param strength which recorded answers the model gives
 * @param prices what the model charges
 * @param contextTokens the largest prompt; a longer one gets the provider's own error response
 * @param reasoningShare hidden reasoning tokens as a share of the text tokens, from 0 (none) to 10
 * @param strictParameters whether the model rejects parameters that older models of its provider accept: sampling
 *     parameters at Claude, {@code max_tokens} at OpenAI
 * @param servedModel the model name that answers carry; empty for the requested name
 * @param servedProvider the name of the connector behind an AnythingLLM workspace; empty elsewhere
 * @param embeddingDimensions the length of its embedding vectors; 0 for a chat model
 */
public record SimulatedModel(
        ModelStrength strength,
        SimulatedPrices prices,
        long contextTokens,
        double reasoningShare,
        boolean strictParameters,
        String servedModel,
        String servedProvider,
        int embeddingDimensions) {

    private static final long DEFAULT_CONTEXT = 1_000_000;

    /** Checks the values. */
    public SimulatedModel {
        if (contextTokens < 1) {
            throw new IllegalArgumentException("contextTokens is " + contextTokens + ", expected 1 or more");
        }
        if (!(reasoningShare >= 0 && reasoningShare <= 10)) {
            throw new IllegalArgumentException("reasoningShare is " + reasoningShare + ", expected 0 to 10");
        }
        if (embeddingDimensions < 0 || embeddingDimensions > 65_536) {
            throw new IllegalArgumentException(
                    "embeddingDimensions is " + embeddingDimensions + ", expected 0 to 65536");
        }
    }

    /** A model with a context window of a million tokens that does not reason and accepts any parameter. */
    public static SimulatedModel of(ModelStrength strength, SimulatedPrices prices) {
        return new SimulatedModel(strength, prices, DEFAULT_CONTEXT, 0, false, "", "", 0);
    }

    /** An embedding model. */
    public static SimulatedModel embedding(SimulatedPrices prices, int dimensions) {
        return new SimulatedModel(ModelStrength.CHEAP, prices, 8_192, 0, false, "", "", dimensions);
    }

    /** Whether this is an embedding model. */
    public boolean isEmbedding() {
        return embeddingDimensions > 0;
    }

    /** The same model with another largest prompt. */
    public SimulatedModel withContextTokens(long tokens) {
        return new SimulatedModel(
                strength,
                prices,
                tokens,
                reasoningShare,
                strictParameters,
                servedModel,
                servedProvider,
                embeddingDimensions);
    }

    /** The same model with other prices. */
    public SimulatedModel withPrices(SimulatedPrices other) {
        return new SimulatedModel(
                strength,
                other,
                contextTokens,
                reasoningShare,
                strictParameters,
                servedModel,
                servedProvider,
                embeddingDimensions);
    }

    /** The same model with hidden reasoning. */
    public SimulatedModel withReasoningShare(double share) {
        return new SimulatedModel(
                strength,
                prices,
                contextTokens,
                share,
                strictParameters,
                servedModel,
                servedProvider,
                embeddingDimensions);
    }

    /** The same model, rejecting parameters that older models accept. */
    public SimulatedModel withStrictParameters() {
        return new SimulatedModel(
                strength,
                prices,
                contextTokens,
                reasoningShare,
                true,
                servedModel,
                servedProvider,
                embeddingDimensions);
    }

    /** The same model, answering under another name, through a connector where the provider is AnythingLLM. */
    public SimulatedModel servedBy(String provider, String model) {
        return new SimulatedModel(
                strength,
                prices,
                contextTokens,
                reasoningShare,
                strictParameters,
                model,
                provider,
                embeddingDimensions);
    }
}
