package dev.architect.spi;

import dev.architect.check.Check;
import dev.architect.embedding.EmbeddingCall;
import dev.architect.model.Capability;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Rejects calls that need what a model lacks, before anything is sent. Every failure it creates states that nothing was sent, and its
 * message holds no prompt text. Immutable.
 */
public final class CapabilityGuard {

    private final String provider;

    /**
     * Creates the guard of one provider.
     *
     * @param provider the provider's name in model ids and in the names of options
     */
    public CapabilityGuard(String provider) {
        this.provider = Check.notNull("provider", provider);
    }

    /**
     * Checks that the model can do what the request needs.
     *
     * @param capabilities what the model can do
     * @param also what the call needs beyond its request, for example {@link Capability#STREAMING}
     * @throws ProviderException of kind {@code UNSUPPORTED} when it cannot; the message names what is lacking
     */
    public void require(ProviderCall call, Set<Capability> capabilities, Capability... also) {
        EnumSet<Capability> lacking = EnumSet.noneOf(Capability.class);
        lacking.addAll(call.request().requiredCapabilities());
        lacking.addAll(Set.of(also));
        if (call.isPrefilled()) {
            lacking.add(Capability.PREFILL);
        }
        lacking.removeAll(capabilities);
        if (!lacking.isEmpty()) {
            throw unsupported(call, "model lacks " + lacking);
        }
    }

    /**
     * Checks that the model makes vectors, and of so many texts.
     *
     * @param capabilities what the model can do
     * @param maxTexts the most texts of one call
     * @throws ProviderException of kind {@code UNSUPPORTED} when it does not
     */
    public void require(EmbeddingCall call, Set<Capability> capabilities, int maxTexts) {
        if (!capabilities.contains(Capability.EMBEDDINGS)) {
            throw unsupported(call, "model lacks [EMBEDDINGS]");
        }
        if (call.texts().size() > maxTexts) {
            throw unsupported(call, "texts has " + call.texts().size() + " entries, expected 1.." + maxTexts);
        }
    }

    /**
     * Returns the options that the request has for this provider, by their names without the provider's.
     *
     * @param known the names that the adapter knows; none for a provider without options
     * @throws ProviderException of kind {@code UNSUPPORTED} when the request has another one
     */
    public Map<String, String> options(ProviderCall call, Set<String> known) {
        Map<String, String> options = call.request().options(provider);
        if (known.isEmpty() && !options.isEmpty()) {
            throw unsupported(call, "provider has no options, seen " + new TreeSet<>(options.keySet()));
        }
        for (String name : options.keySet()) {
            if (!known.contains(name)) {
                throw unsupported(
                        call, "option is '" + provider + "." + name + "', expected one of " + new TreeSet<>(known));
            }
        }
        return options;
    }

    /**
     * Returns a failure of kind {@code UNSUPPORTED}.
     *
     * @param model the provider's own id of the model, or what else the call is about
     * @param explanation what is lacking, without prompt text
     */
    public ProviderException unsupported(String model, String explanation) {
        return failure(model, FailureKind.UNSUPPORTED, explanation);
    }

    /** Returns a failure of kind {@code UNSUPPORTED} of {@code call}; the explanation is without prompt text. */
    public ProviderException unsupported(ProviderCall call, String explanation) {
        return unsupported(call.model(), explanation);
    }

    /** Returns a failure of kind {@code UNSUPPORTED} of {@code call}; the explanation is without prompt text. */
    public ProviderException unsupported(EmbeddingCall call, String explanation) {
        return unsupported(call.model(), explanation);
    }

    /**
     * Returns a failure of kind {@code INVALID_REQUEST} of {@code call}: no model of any provider can take it. The explanation is
     * without prompt text.
     */
    public ProviderException invalid(ProviderCall call, String explanation) {
        return failure(call.model(), FailureKind.INVALID_REQUEST, explanation);
    }

    private ProviderException failure(String model, FailureKind kind, String explanation) {
        return ProviderException.builder(new ModelId(provider, model), kind)
                .delivery(DeliveryStatus.NOT_SENT)
                .explanation(explanation)
                .build();
    }
}
