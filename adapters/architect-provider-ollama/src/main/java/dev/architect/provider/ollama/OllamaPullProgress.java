package dev.architect.provider.ollama;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How far a server has come with fetching a model.
 *
 * @param status what it is doing, as the server names it, for example {@code verifying sha256 digest}
 * @param layer the digest of the file that is fetched; empty when it is none
 * @param totalBytesOrNull the size of that file; null when not known
 * @param completedBytesOrNull how much of it is there; null when not known
 */
public record OllamaPullProgress(
        String status,
        String layer,
        @Nullable Long totalBytesOrNull,
        @Nullable Long completedBytesOrNull) {

    /** The size of the file that is fetched. */
    public OptionalLong totalBytes() {
        return totalBytesOrNull == null ? OptionalLong.empty() : OptionalLong.of(totalBytesOrNull);
    }

    /** How much of it is there. */
    public OptionalLong completedBytes() {
        return completedBytesOrNull == null ? OptionalLong.empty() : OptionalLong.of(completedBytesOrNull);
    }
}
