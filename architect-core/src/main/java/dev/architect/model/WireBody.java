package dev.architect.model;

import dev.architect.check.Check;

/**
 * The body of a request as a vendor's own client wrote it, which is sent in place of what an adapter would write: for what no field of a
 * request can say. {@code toString} shows its size, never its text.
 *
 * @param format its form, which the model's provider must take
 * @param json a JSON object. Adapters replace the model and whether the answer is streamed, and send the rest as it is
 */
public record WireBody(WireFormat format, String json) {

    /** Checks that both are there. */
    public WireBody {
        Check.notNull("format", format);
        Check.notBlank("json", json);
    }

    @Override
    public String toString() {
        return "WireBody[" + format + ", " + json.length() + " characters]";
    }
}
