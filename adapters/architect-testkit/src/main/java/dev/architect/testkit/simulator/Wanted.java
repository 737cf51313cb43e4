package dev.architect.testkit.simulator;

import com.fasterxml.jackson.databind.JsonNode;

/** What a request asks a simulated provider for. */
sealed interface Wanted {

    /** An answer that needs no model, such as the list of models. */
    record Document(byte[] body) implements Wanted {

        static Document of(JsonNode body) {
            return new Document(Json.bytes(body));
        }
    }

    /**
     * An answer of a model.
     *
     * @param format how the answer is written
     * @param modelId the model that was asked for, as the script names it
     * @param model what the script says about it
     * @param prompt the texts
     * @param maxTokens the most output tokens, reasoning included; {@link Long#MAX_VALUE} for no limit
     * @param stream whether the answer is streamed
     * @param usageInStream whether the stream carries usage
     * @param searches the web searches that the answer makes
     */
    record Chat(
            ChatFormat format,
            String modelId,
            SimulatedModel model,
            Prompt prompt,
            long maxTokens,
            boolean stream,
            boolean usageInStream,
            long searches)
            implements Wanted {}
}
