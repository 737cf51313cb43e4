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
 * @param onRefusal what follows when a provider refuses the content
 */
public record ModelSelection(Quality quality, Set<Capability> needs, Optional<ModelId> model, OnRefusal onRefusal) {

    /** What follows when a provider refuses the content of a request, or its model does. */
    public enum OnRefusal {
        /** The refusal is the outcome: what one provider refuses is sent to no other. */
        STOP,
        /** The next candidate is called; the refusal is the outcome when there is none. */
        NEXT_MODEL
    }

    /** Any model whose quality fits the prompt. */
    public static final ModelSelection AUTO = new ModelSelection(Quality.AUTO, Set.of(), Optional.empty());

    /** Copies the capabilities. */
    public ModelSelection {
        Check.notNull("quality", quality);
        needs = Set.copyOf(Check.noNulls("needs", needs));
        Check.notNull("model", model);
        Check.notNull("onRefusal", onRefusal);
    }

    /** Creates a selection whose refusals are final. */
    public ModelSelection(Quality quality, Set<Capability> needs, Optional<ModelId> model) {
        this(quality, needs, model, OnRefusal.STOP);
    }
}
