package dev.architect.json;

import dev.architect.check.Check;

/**
 * A JSON value as text, which is written as it stands.
 *
 * @param text valid JSON; {@link JsonText#raw} checks it
 */
public record RawJson(String text) {

    /** Checks that it is there. */
    public RawJson {
        Check.notNull("text", text);
    }

    @Override
    public String toString() {
        return "RawJson[" + text.length() + " characters]";
    }
}
