package dev.architect.embedding;

import dev.architect.chat.ModelSelection;
import dev.architect.check.Check;
import dev.architect.cost.Money;
import dev.architect.model.ModelId;
import java.util.List;
import java.util.Optional;

/**
 * Texts to turn into vectors, by a model that is named: vectors of different models cannot be compared, so a router never takes another one.
 * {@code toString} shows sizes, never text.
 *
 * @param model the model
 * @param provider whether it is wanted at its provider alone, or at any that has a model of this name
 * @param texts 1 to {@value #MOST_TEXTS}, none blank
 * @param dimensions how long the vectors shall be; empty leaves it to the model
 * @param maxCost the most that the request may be expected to cost; empty for no limit
 */
public record EmbeddingRequest(
        ModelId model,
        ModelSelection.Provider provider,
        List<String> texts,
        Optional<Integer> dimensions,
        Optional<Money> maxCost) {

    /** The most texts. */
    public static final int MOST_TEXTS = 2_048;

    /** Copies the texts and checks every field. */
    public EmbeddingRequest {
        Check.notNull("model", model);
        Check.notNull("provider", provider);
        texts = List.copyOf(Check.noNulls("texts", texts));
        Check.notNull("dimensions", dimensions)
                .ifPresent(length -> Check.range("dimensions", length, 1, Integer.MAX_VALUE));
        Check.notNull("maxCost", maxCost);
        Check.range("texts", texts.size(), 1, MOST_TEXTS);
        texts.forEach(text -> Check.notBlank("text", text));
    }

    /** Returns a request to a model of one provider, which decides how long the vectors are. */
    public static EmbeddingRequest of(ModelId model, List<String> texts) {
        return new EmbeddingRequest(model, ModelSelection.Provider.NAMED, texts, Optional.empty(), Optional.empty());
    }

    @Override
    public String toString() {
        return "EmbeddingRequest[" + model + ", " + texts.size() + " texts]";
    }
}
