package dev.architect.json;

/** A text is not JSON, or breaks a limit. The message names the place and never repeats the text. */
public final class JsonException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    JsonException(String message) {
        super(message);
    }
}
