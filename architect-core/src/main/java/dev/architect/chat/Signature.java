package dev.architect.chat;

import dev.architect.check.Check;

/**
 * A vendor's proof that a part of an answer is its own, to be sent back unchanged, and to that vendor only: adapters leave out
 * the signatures of other providers. {@code toString} shows its size.
 *
 * @param provider the provider that gave it
 * @param value the opaque text, which only that provider can interpret
 */
public record Signature(String provider, String value) {

    /** Checks that neither is blank. */
    public Signature {
        Check.notBlank("provider", provider);
        Check.notBlank("value", value);
    }

    @Override
    public String toString() {
        return "Signature[" + provider + ", " + value.length() + " characters]";
    }
}
