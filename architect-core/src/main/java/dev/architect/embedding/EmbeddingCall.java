package dev.architect.embedding;

import dev.architect.check.Check;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Texts to turn into vectors. {@code toString} shows sizes, never text.
 *
 * @param model the provider's own id of the model
 * @param texts at least one, none blank
 * @param dimensionsOrNull how long the vectors shall be; null leaves it to the model
 * @param timeout the longest time from the send to the end of the answer
 */
public record EmbeddingCall(
        String model, List<String> texts, @Nullable Integer dimensionsOrNull, Duration timeout) {

    /** Copies the texts and checks every field. */
    public EmbeddingCall {
        Check.notBlank("model", model);
        texts = List.copyOf(texts);
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("texts has 0 entries, expected 1 or more");
        }
        texts.forEach(text -> Check.notBlank("text", text));
        if (dimensionsOrNull != null) {
            Check.range("dimensions", dimensionsOrNull, 1, Integer.MAX_VALUE);
        }
        Check.positive("timeout", timeout);
    }

    /** How long the vectors shall be. */
    public OptionalInt dimensions() {
        return dimensionsOrNull == null ? OptionalInt.empty() : OptionalInt.of(dimensionsOrNull);
    }

    @Override
    public String toString() {
        return "EmbeddingCall[" + model + ", " + texts.size() + " texts]";
    }
}
