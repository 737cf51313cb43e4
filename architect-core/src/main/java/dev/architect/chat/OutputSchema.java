package dev.architect.chat;

import dev.architect.check.Check;

/**
 * The form that an answer's text must have.
 *
 * @param name what the form is called, 1 to 64 letters, digits, underscores and hyphens
 * @param schema a JSON Schema, as text. Vendors take different parts of JSON Schema; an object whose properties are all
 *     required and that allows no others is taken by all
 */
public record OutputSchema(String name, String schema) {

    /** Checks both. */
    public OutputSchema {
        Tool.checkName("schema name", name);
        Check.notBlank("schema", schema);
    }
}
