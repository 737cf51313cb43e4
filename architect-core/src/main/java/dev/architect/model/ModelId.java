package dev.architect.model;

import dev.architect.check.Check;

/**
 * A model of a provider, written {@code provider/model}.
 *
 * @param provider name of the provider, for example {@code claude}
 * @param model the provider's own id of the model; may itself hold slashes
 */
public record ModelId(String provider, String model) {

    /** Checks that both names are there and that the provider's has no slash. */
    public ModelId {
        Check.notBlank("provider", provider);
        Check.notBlank("model", model);
        if (provider.indexOf('/') >= 0) {
            throw new IllegalArgumentException("provider is '" + provider + "', expected a name without a slash");
        }
    }

    /** Reads {@code provider/model}; everything after the first slash is the model. */
    public static ModelId parse(String text) {
        int slash = Check.notNull("text", text).indexOf('/');
        if (slash < 1 || slash == text.length() - 1) {
            throw new IllegalArgumentException("model is '" + text + "', expected provider/model");
        }
        return new ModelId(text.substring(0, slash), text.substring(slash + 1));
    }

    @Override
    public String toString() {
        return provider + "/" + model;
    }
}
