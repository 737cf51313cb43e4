package dev.architect.embedding;

import dev.architect.chat.ResponseCost;
import dev.architect.check.Check;
import dev.architect.model.ModelId;
import dev.architect.usage.TokenUsage;
import java.util.List;

/**
 * The vectors of an {@link EmbeddingRequest}.
 *
 * @param requestId groups the calls of the request in the ledger
 * @param model the model that made them
 * @param vectors one for each text, in the texts' order, all of one length
 * @param usage what was used
 * @param cost what it cost
 * @param calls how many calls it took, failed ones included
 */
public record EmbeddingResponse(
        String requestId, ModelId model, List<Embedding> vectors, TokenUsage usage, ResponseCost cost, int calls) {

    /** Copies the vectors and checks every field. */
    public EmbeddingResponse {
        Check.notBlank("requestId", requestId);
        Check.notNull("model", model);
        vectors = List.copyOf(Check.noNulls("vectors", vectors));
        Check.notNull("usage", usage);
        Check.notNull("cost", cost);
        Check.notNegative("calls", calls);
    }

    @Override
    public String toString() {
        return "EmbeddingResponse[" + model + ", " + vectors.size() + " vectors, " + usage + "]";
    }
}
