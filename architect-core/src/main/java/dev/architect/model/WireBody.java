package dev.architect.model;

import dev.architect.check.Check;
import java.util.Map;

/**
 * The body of a request as a vendor's own client wrote it, which is sent in place of what an adapter would write: for what no field of a
 * request can say. {@code toString} shows its size, never its text.
 *
 * @param format its form, which the model's provider must take
 * @param json a JSON object. Adapters replace the model and whether the answer is streamed, and send the rest as it is
 * @param headers what the client sent beside it, by name: some of {@link WireFormat#headers()}, with values of 1 to {@value
 *     #MAX_HEADER_CHARACTERS} characters of printable ASCII
 */
public record WireBody(WireFormat format, String json, Map<String, String> headers) {

    /** The most characters of the value of a header. */
    public static final int MAX_HEADER_CHARACTERS = 1_000;

    /** Checks every field and copies the headers. */
    public WireBody {
        Check.notNull("format", format);
        Check.notBlank("json", json);
        headers = Map.copyOf(Check.noNulls("headers", headers));
        for (Map.Entry<String, String> header : headers.entrySet()) {
            check(format, header.getKey(), header.getValue());
        }
    }

    /** Creates a body without headers. */
    public WireBody(WireFormat format, String json) {
        this(format, json, Map.of());
    }

    private static void check(WireFormat format, String name, String value) {
        if (!format.headers().contains(name)) {
            throw new IllegalArgumentException(
                    "headers has one that does not go along, expected some of " + format.headers());
        }
        // Neither a value that is much too long nor one that ends the line is worth repeating.
        if (value.isBlank()
                || value.length() > MAX_HEADER_CHARACTERS
                || value.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw new IllegalArgumentException("headers has " + name + " with " + value.length()
                    + " characters, expected 1.." + MAX_HEADER_CHARACTERS + " of printable ASCII");
        }
    }

    @Override
    public String toString() {
        return "WireBody[" + format + ", " + json.length() + " characters]";
    }
}
