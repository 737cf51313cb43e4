package dev.architect.server.operation;

import java.util.Locale;

/**
 * A value of a request beside its body.
 *
 * @param name the name, as in the request
 * @param place where it stands
 * @param schema which values it may have
 * @param description what it means, in one sentence
 */
public record Parameter(String name, Place place, Schema schema, String description) {

    /** Where a parameter stands in a request. */
    public enum Place {
        /** In the path; always given. */
        PATH,
        /** In the query; may be absent. */
        QUERY,
        /** In the header; may be absent. */
        HEADER;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
