package dev.architect.chat;

import dev.architect.check.Check;

/**
 * A vendor's proof that a piece of an answer is its own, to be sent back unchanged and to nobody else: adapters leave out the
 * signatures of other providers. {@code toString} shows its size.
 *
 * @param provider the provider that gave it
 * @param value its words, which mean nothing to anybody else
 */
public record Signature(String provider, String value) {

    /** Checks both. */
    public Signature {
        Check.notBlank("provider", provider);
        Check.notBlank("value", value);
    }

    @Override
    public String toString() {
        return "Signature[" + provider + ", " + value.length() + " characters]";
    }
}
