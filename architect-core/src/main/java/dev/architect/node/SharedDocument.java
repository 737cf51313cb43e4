package dev.architect.node;

import dev.architect.check.Check;

/**
 * A text that all nodes share, for example a configuration. Its version rises with each change and never falls; whoever has seen a version
 * ignores lower ones.
 *
 * @param name its name, unique in the store
 * @param version from 1 on; 0 stands for a document that does not exist
 * @param text its content, at most a million characters
 */
public record SharedDocument(String name, long version, String text) {

    /** The most characters of a name. */
    public static final int MAX_NAME_LENGTH = 200;

    /** The most characters of a text. */
    public static final int MAX_TEXT_LENGTH = 1_000_000;

    /** Checks the texts. */
    public SharedDocument {
        Check.notBlank("name", name);
        Check.atMost("name", name, MAX_NAME_LENGTH);
        Check.notNegative("version", version);
        Check.atMost("text", text, MAX_TEXT_LENGTH);
    }
}
