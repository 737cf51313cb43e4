package dev.architect.simulator.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.simulator.answer.Prompt;
import dev.architect.simulator.answer.TokenCounts;
import dev.architect.simulator.answer.ToolUse;
import dev.architect.simulator.answer.UnitVectors;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.script.SimulatedModel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request to a simulated provider, parsed and checked. */
public sealed interface ParsedRequest {

    /**
     * An answer that needs no model, such as the list of models.
     *
     * @param body the whole body
     * @param type its content type
     */
    record FixedAnswer(byte[] body, String type) implements ParsedRequest {

        public FixedAnswer(byte[] body) {
            this(body, "application/json");
        }

        public static FixedAnswer of(JsonNode body) {
            return new FixedAnswer(SimulatorJson.bytes(body));
        }
    }

    /**
     * Vectors for texts.
     *
     * @param format how the answer is written
     * @param modelId the requested model, as the script names it
     * @param model its entry in the script
     * @param texts the texts
     * @param dimensions the length of the vectors
     */
    record Embedding(
            EmbeddingAnswerWriter format, String modelId, SimulatedModel model, List<String> texts, int dimensions)
            implements ParsedRequest {

        public Embedding {
            texts = List.copyOf(texts);
        }

        public long tokens() {
            return texts.stream().mapToLong(TokenCounts::of).sum();
        }

        public List<float[]> vectors() {
            return texts.stream().map(text -> UnitVectors.of(text, dimensions)).toList();
        }
    }

    /**
     * An answer of a model.
     *
     * @param format how the answer is written
     * @param modelId the requested model, as the script names it
     * @param model its entry in the script
     * @param prompt the texts
     * @param maxTokens the most output tokens, reasoning included; {@link Long#MAX_VALUE} for no limit
     * @param stream whether the answer is streamed
     * @param usageInStream whether the stream carries usage
     * @param searches the web searches that the answer makes
     * @param tools the tools that may be called
     * @param outputSchema the JSON schema of the answer's text; null for free text
     * @param effort the reasoning effort as the provider names it; empty when the request sets none, {@code none} for no
     *     reasoning; any other value adds a reasoning text
     * @param stops the stop sequences, which end the answer where they would appear
     */
    record Chat(
            ChatAnswerWriter format,
            String modelId,
            SimulatedModel model,
            Prompt prompt,
            long maxTokens,
            boolean stream,
            boolean usageInStream,
            long searches,
            ToolUse tools,
            @Nullable JsonNode outputSchema,
            String effort,
            List<String> stops)
            implements ParsedRequest {

        /** No reasoning at all. */
        public static final String NO_EFFORT = "none";

        public Chat {
            stops = List.copyOf(stops);
        }

        /** A request for free text, without tools. */
        public Chat(
                ChatAnswerWriter format,
                String modelId,
                SimulatedModel model,
                Prompt prompt,
                long maxTokens,
                boolean stream,
                boolean usageInStream,
                long searches) {
            this(
                    format,
                    modelId,
                    model,
                    prompt,
                    maxTokens,
                    stream,
                    usageInStream,
                    searches,
                    ToolUse.NONE,
                    null,
                    "",
                    List.of());
        }

        /** The same request with tools. */
        public Chat withTools(ToolUse use) {
            return with(use, outputSchema, effort, stops);
        }

        /** The same request for JSON of a schema; null for free text. */
        public Chat withOutputSchema(@Nullable JsonNode schema) {
            return with(tools, schema, effort, stops);
        }

        /** The same request with a reasoning effort; empty for the default. */
        public Chat withEffort(String word) {
            return with(tools, outputSchema, word, stops);
        }

        /** The same request with stop sequences. */
        public Chat withStops(List<String> texts) {
            return with(tools, outputSchema, effort, texts);
        }

        /** Whether the answer has a reasoning text. */
        public boolean reasons() {
            return !effort.isEmpty() && !effort.equals(NO_EFFORT);
        }

        private Chat with(ToolUse use, @Nullable JsonNode schema, String word, List<String> texts) {
            return new Chat(
                    format,
                    modelId,
                    model,
                    prompt,
                    maxTokens,
                    stream,
                    usageInStream,
                    searches,
                    use,
                    schema,
                    word,
                    texts);
        }
    }
}
