package dev.architect.control;

import dev.architect.check.Check;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelInfo;
import java.util.List;
import java.util.Optional;

/**
 * What a provider has answered that was asked for its models.
 *
 * @param provider its name
 * @param models its models, as it lists them; none when it failed
 * @param failure why there is no list; empty when there is
 */
public record ListedModels(String provider, List<ModelInfo> models, Optional<FailureKind> failure) {

    /** Copies the list and checks every field. */
    public ListedModels {
        Check.notBlank("provider", provider);
        models = List.copyOf(Check.noNulls("models", models));
        Check.notNull("failure", failure);
    }
}
