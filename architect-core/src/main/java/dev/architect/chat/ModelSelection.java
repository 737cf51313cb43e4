package dev.architect.chat;

import dev.architect.check.Check;
import dev.architect.cost.Money;
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
 * @param provider whether a {@code model} is wanted at its provider alone
 * @param preference what matters more than the order that the router's policy wants
 * @param maxCost the most that the request may cost by its estimate; models without a price are left out then. Empty for no limit
 */
public record ModelSelection(
        Quality quality,
        Set<Capability> needs,
        Optional<ModelId> model,
        OnRefusal onRefusal,
        Provider provider,
        Preference preference,
        Optional<Money> maxCost) {

    /** What follows when a provider refuses the content of a request, or its model does. */
    public enum OnRefusal {
        /** The refusal is the outcome: what one provider refuses is sent to no other. */
        STOP,
        /** The next candidate is called; the refusal is the outcome when there is none. */
        NEXT_MODEL
    }

    /** Whether a named model is wanted at its provider alone. */
    public enum Provider {
        /** The provider that is named with the model. */
        NAMED,
        /** Any provider that has a model of that name; each of them is a candidate. */
        ANY
    }

    /** What matters more than the order that the router's policy wants. What the policy excludes stays excluded. */
    public enum Preference {
        /** Nothing: the order is the policy's. */
        POLICY,
        /** The cost. */
        CHEAPEST,
        /** The measured time to an answer, or to its first token where it is streamed. */
        FASTEST
    }

    /** Any model whose quality fits the prompt. */
    public static final ModelSelection AUTO = new ModelSelection(Quality.AUTO, Set.of(), Optional.empty());

    /** Copies the capabilities. */
    public ModelSelection {
        Check.notNull("quality", quality);
        needs = Set.copyOf(Check.noNulls("needs", needs));
        Check.notNull("model", model);
        Check.notNull("onRefusal", onRefusal);
        Check.notNull("provider", provider);
        Check.notNull("preference", preference);
        Check.notNull("maxCost", maxCost).ifPresent(most -> Check.notNegative("maxCost", most.picoUsd()));
        if (provider == Provider.ANY && model.isEmpty()) {
            throw new IllegalArgumentException("provider is ANY without a model, expected a model");
        }
    }

    /** Creates a selection whose refusals are final. */
    public ModelSelection(Quality quality, Set<Capability> needs, Optional<ModelId> model) {
        this(quality, needs, model, OnRefusal.STOP);
    }

    /** Creates a selection in the order of the policy, at any cost. */
    public ModelSelection(Quality quality, Set<Capability> needs, Optional<ModelId> model, OnRefusal onRefusal) {
        this(quality, needs, model, onRefusal, Provider.NAMED, Preference.POLICY, Optional.empty());
    }

    /** Whether {@code candidate} is the named model, or no model is named. */
    public boolean allows(ModelId candidate) {
        if (model.isEmpty()) {
            return true;
        }
        ModelId named = model.get();
        return provider == Provider.ANY ? candidate.model().equals(named.model()) : candidate.equals(named);
    }
}
