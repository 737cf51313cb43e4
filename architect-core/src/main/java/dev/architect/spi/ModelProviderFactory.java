package dev.architect.spi;

import java.util.Set;

/**
 * Makes the providers of one adapter from settings. Hosts that read a configuration find factories through {@link
 * java.util.ServiceLoader}: an adapter lists its own in {@code META-INF/services} and in its module descriptor. A factory is a public
 * class with a public constructor without arguments, has no state, and is safe for use by several threads.
 */
public interface ModelProviderFactory {

    /** The name of the adapter, and of its provider unless the settings give another one; as {@link ProviderSettings#name()}. */
    String name();

    /** The name of the secret that holds the key, for example {@code ANTHROPIC_API_KEY}: upper-case letters, digits and underscores. */
    String keyName();

    /** Whether calls need a key; they do by default. */
    default KeyRequirement keyRequirement() {
        return KeyRequirement.REQUIRED;
    }

    /**
     * Whether calls of the provider that these settings describe need a key; as {@link #keyRequirement()} by default.
     *
     * @throws IllegalArgumentException when an option has a value that the adapter does not take
     */
    default KeyRequirement keyRequirement(ProviderSettings settings) {
        return keyRequirement();
    }

    /** The names of the options that {@link ProviderSettings#options()} may have; none by default. */
    default Set<String> options() {
        return Set.of();
    }

    /**
     * Returns a new provider, which the caller closes. Neither connects nor reads a secret: the provider looks its key up in {@code
     * secrets}, under {@link #keyName()}, at each call.
     *
     * @throws IllegalArgumentException when the settings have an option that the adapter lacks, a value that it does not take, or an
     *     address that is not one of HTTP; the message names the option, the value seen and the value expected
     */
    ModelProvider create(ProviderSettings settings, SecretSource secrets);

    /** Whether calls of an adapter need a key. */
    enum KeyRequirement {
        /** A call without a key is not made. */
        REQUIRED,
        /** A key is sent where there is one: a local server usually works without. */
        OPTIONAL
    }
}
