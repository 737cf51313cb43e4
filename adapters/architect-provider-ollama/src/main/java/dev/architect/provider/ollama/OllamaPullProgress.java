package dev.architect.provider.ollama;

import java.util.Optional;

/**
 * How far a server has come with fetching a model.
 *
 * @param status what it is doing, as the server names it, for example {@code verifying sha256 digest}
 * @param layer the digest of the file that is fetched; empty when it is none
 * @param totalBytes the size of that file; empty when not known
 * @param completedBytes how much of it is there; empty when not known
 */
public record OllamaPullProgress(
        String status, String layer, Optional<Long> totalBytes, Optional<Long> completedBytes) {}
