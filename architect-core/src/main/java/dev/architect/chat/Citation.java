package dev.architect.chat;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A source of an answer.
 *
 * @param mark what the answer's text calls it, for example {@code 7} for the mark {@code [7]}; empty when the text does not
 * @param title its title; empty when it has none
 * @param urlOrNull where it is; null for one that is not on the web
 * @param quoteOrNull what it says, as far as the provider tells
 */
public record Citation(
        String mark,
        String title,
        @Nullable String urlOrNull,
        @Nullable String quoteOrNull) {

    /** Where it is. */
    public Optional<String> url() {
        return Optional.ofNullable(urlOrNull);
    }

    /** What it says. */
    public Optional<String> quote() {
        return Optional.ofNullable(quoteOrNull);
    }

    @Override
    public String toString() {
        return "Citation[" + mark + ", " + title.length() + " characters]";
    }
}
