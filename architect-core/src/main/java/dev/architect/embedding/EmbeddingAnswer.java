package dev.architect.embedding;

import dev.architect.check.Check;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.util.List;

/**
 * The vectors of an {@link EmbeddingCall}.
 *
 * @param model the model that made them, as the provider names it
 * @param vectors one for each text, in the texts' order, all of one length
 * @param usage what the provider reported
 * @param usageSource {@link UsageSource#ESTIMATED} when nothing certain was reported
 */
public record EmbeddingAnswer(String model, List<Embedding> vectors, TokenUsage usage, UsageSource usageSource) {

    /** Copies the vectors and checks every field. */
    public EmbeddingAnswer {
        Check.notNull("model", model);
        Check.notNull("usage", usage);
        Check.notNull("usageSource", usageSource);
        vectors = List.copyOf(Check.noNulls("vectors", vectors));
    }

    @Override
    public String toString() {
        return "EmbeddingAnswer[" + model + ", " + vectors.size() + " vectors, " + usage + "]";
    }
}
