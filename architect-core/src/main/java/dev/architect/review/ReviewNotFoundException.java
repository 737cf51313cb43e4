package dev.architect.review;

import dev.architect.error.ArchitectException;

/** There is no review of that id. */
public final class ReviewNotFoundException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final long id;

    /** Creates the failure. */
    public ReviewNotFoundException(long id) {
        super("review " + id + " does not exist, expected the id of one");
        this.id = id;
    }

    /** The id. */
    public long id() {
        return id;
    }
}
