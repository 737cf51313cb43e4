package dev.architect.json;

/**
 * A JSON value as text, which is written as it stands.
 *
 * @param text valid JSON; {@link JsonText#raw} checks it
 */
public record RawJson(String text) {

    @Override
    public String toString() {
        return "RawJson[" + text.length() + " characters]";
    }
}
