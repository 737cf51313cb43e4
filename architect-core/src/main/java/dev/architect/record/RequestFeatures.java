package dev.architect.record;

import dev.architect.chat.Quality;
import dev.architect.check.Check;
import dev.architect.model.Capability;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a decision about a request depended on, without its text.
 *
 * @param complexity the class of its prompt
 * @param quality the least quality that it asked for
 * @param model the only model that it allowed; empty when it left that open
 * @param capabilities what the answering model had to be able to do
 */
public record RequestFeatures(
        Complexity complexity, Quality quality, Optional<ModelId> model, Set<Capability> capabilities) {

    /** Copies the set and checks every field. */
    public RequestFeatures {
        Check.notNull("complexity", complexity);
        Check.notNull("quality", quality);
        Check.notNull("model", model);
        EnumSet<Capability> copy = EnumSet.noneOf(Capability.class);
        copy.addAll(Check.noNulls("capabilities", capabilities));
        capabilities = Collections.unmodifiableSet(copy);
    }
}
