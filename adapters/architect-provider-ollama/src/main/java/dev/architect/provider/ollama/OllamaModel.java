package dev.architect.provider.ollama;

import dev.architect.model.Capability;
import dev.architect.model.ModelInfo;
import java.util.Set;

/**
 * What a server reports about one of its models.
 *
 * @param info its id, the window it was made for, and whether it runs here ({@code PULLED}, loaded or not) or elsewhere
 * @param capabilities what it can do
 */
public record OllamaModel(ModelInfo info, Set<Capability> capabilities) {

    /** Copies the capabilities. */
    public OllamaModel {
        capabilities = Set.copyOf(capabilities);
    }
}
