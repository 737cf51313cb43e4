package dev.architect.embedding;

import dev.architect.check.Check;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Texts to turn into vectors. {@code toString} shows sizes, never text.
 *
 * @param model the provider's own id of the model
 * @param texts at least one, none blank
 * @param dimensions how long the vectors shall be; empty leaves it to the model
 * @param timeout the longest time from the send to the end of the answer
 */
public record EmbeddingCall(String model, List<String> texts, Optional<Integer> dimensions, Duration timeout) {

    /** Copies the texts and checks every field. */
    public EmbeddingCall {
        Check.notBlank("model", model);
        texts = List.copyOf(Check.noNulls("texts", texts));
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("texts has 0 entries, expected 1 or more");
        }
        texts.forEach(text -> Check.notBlank("text", text));
        Check.notNull("dimensions", dimensions)
                .ifPresent(length -> Check.range("dimensions", length, 1, Integer.MAX_VALUE));
        Check.positive("timeout", timeout);
    }

    @Override
    public String toString() {
        return "EmbeddingCall[" + model + ", " + texts.size() + " texts]";
    }
}
