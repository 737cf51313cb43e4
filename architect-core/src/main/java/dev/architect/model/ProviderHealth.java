package dev.architect.model;

import dev.architect.check.Check;

/**
 * The answer of a cheap probe.
 *
 * @param reachable whether the provider answered at all
 * @param usable whether it would serve calls: reachable and the key is accepted, as far as the probe can determine
 * @param detail a short reason in plain English, without secrets
 */
public record ProviderHealth(boolean reachable, boolean usable, String detail) {

    /** Checks every field. */
    public ProviderHealth {
        Check.notNull("detail", detail);
    }

    /** Returns the health of a provider that serves calls. */
    public static ProviderHealth up() {
        return new ProviderHealth(true, true, "up");
    }

    /** Returns the health of a provider that did not answer. */
    public static ProviderHealth down(String detail) {
        return new ProviderHealth(false, false, detail);
    }

    /** Returns the health of a provider that answered but would not serve calls. */
    public static ProviderHealth unusable(String detail) {
        return new ProviderHealth(true, false, detail);
    }
}
