package dev.architect.node;

import dev.architect.error.ArchitectException;

/** A document was not written, because it has another version than its writer expected. */
public final class StaleDocumentException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final String name;
    private final long expectedVersion;
    private final long version;

    /**
     * Creates the exception.
     *
     * @param name of the document
     * @param expectedVersion what the writer took for its version; 0 for a document that was to be new
     * @param version its version in the store; 0 when there is none
     */
    public StaleDocumentException(String name, long expectedVersion, long version) {
        super("document '" + name + "' has version " + version + ", expected " + expectedVersion);
        this.name = name;
        this.expectedVersion = expectedVersion;
        this.version = version;
    }

    /** The document. */
    public String name() {
        return name;
    }

    /** The version that the writer expected. */
    public long expectedVersion() {
        return expectedVersion;
    }

    /** The version in the store. */
    public long version() {
        return version;
    }
}
