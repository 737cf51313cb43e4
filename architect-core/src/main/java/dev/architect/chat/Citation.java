package dev.architect.chat;

import dev.architect.check.Check;
import java.util.Optional;

/**
 * A source of an answer.
 *
 * @param mark what the answer's text calls it, for example {@code 7} for the mark {@code [7]}; empty when the text does not
 * @param title its title; empty when it has none
 * @param url where it is; empty for one that is not on the web
 * @param quote the cited passage; empty when the provider does not give it
 */
public record Citation(String mark, String title, Optional<String> url, Optional<String> quote) {

    /** Checks every field. */
    public Citation {
        Check.notNull("mark", mark);
        Check.notNull("title", title);
        Check.notNull("url", url);
        Check.notNull("quote", quote);
    }

    @Override
    public String toString() {
        return "Citation[" + mark + ", " + title.length() + " characters]";
    }
}
