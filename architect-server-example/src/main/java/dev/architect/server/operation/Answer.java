package dev.architect.server.operation;

import java.util.Optional;

/**
 * What an operation answers with one status.
 *
 * @param description when it does
 * @param type the media type of the body; empty when there is none
 * @param schema what the body looks like; empty when it is no JSON
 */
public record Answer(String description, Optional<String> type, Optional<Schema> schema) {

    /** The media type of JSON. */
    public static final String JSON = "application/json";

    /** Returns an answer in JSON. */
    static Answer json(String description, Schema schema) {
        return new Answer(description, Optional.of(JSON), Optional.of(schema));
    }

    /** Returns an answer in another form. */
    static Answer of(String description, String type) {
        return new Answer(description, Optional.of(type), Optional.empty());
    }

    /** Returns an answer without a body. */
    static Answer empty(String description) {
        return new Answer(description, Optional.empty(), Optional.empty());
    }
}
