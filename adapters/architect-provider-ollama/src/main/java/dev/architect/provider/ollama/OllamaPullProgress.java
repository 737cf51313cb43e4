package dev.architect.provider.ollama;

import java.util.Optional;

/**
 * How far a server has come with fetching a model.
 *
 * @param status what it is doing, in its own words, for example {@code verifying sha256 digest}
 * @param layer the digest of the file that is fetched; empty when it is none
 * @param totalBytes the size of that file; empty when not said
 * @param completedBytes how much of it is there; empty when not said
 */
public record OllamaPullProgress(
        String status, String layer, Optional<Long> totalBytes, Optional<Long> completedBytes) {}
