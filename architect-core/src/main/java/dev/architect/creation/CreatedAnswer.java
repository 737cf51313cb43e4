package dev.architect.creation;

import dev.architect.check.Check;
import java.util.Map;

/**
 * What a creation is answered with, and each repetition of it. It holds no secret: it is stored.
 *
 * @param status the status of HTTP, 200..299
 * @param headers fields of the header, by name, such as {@code Location}
 * @param body the body, as JSON
 */
public record CreatedAnswer(int status, Map<String, String> headers, String body) {

    /** Checks every field and copies the map. */
    public CreatedAnswer {
        headers = Map.copyOf(Check.noNulls("headers", headers));
        Check.notNull("body", body);
        Check.range("status", status, 200, 299);
    }
}
