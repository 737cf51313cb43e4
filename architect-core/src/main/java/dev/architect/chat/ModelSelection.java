package dev.architect.chat;

import dev.architect.check.Check;
import dev.architect.model.Capability;
import dev.architect.model.ModelId;
import java.util.Optional;
import java.util.Set;

/**
 * Which models may answer a request. Concerns routing alone: adapters do not read it. Immutable.
 *
 * @param quality the least quality
 * @param needs capabilities that the answering model must have, beyond those that the other parts of the request imply
 * @param model the only model that may answer; empty lets the router choose
 */
public record ModelSelection(Quality quality, Set<Capability> needs, Optional<ModelId> model) {

    /** Any model whose quality fits the prompt. */
    public static final ModelSelection AUTO = new ModelSelection(Quality.AUTO, Set.of(), Optional.empty());

    /** Copies the capabilities. */
    public ModelSelection {
        Check.notNull("quality", quality);
        needs = Set.copyOf(Check.noNulls("needs", needs));
        Check.notNull("model", model);
    }
}
