package dev.architect.error;

/** A limit of this process is reached; the same call succeeds when something else has ended. */
public final class CapacityException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final int limit;

    /** Creates the exception; {@code subject} names what there are too many of. */
    public CapacityException(String subject, int limit) {
        super(subject + " are " + limit + ", expected fewer than the limit of " + limit, null);
        this.limit = limit;
    }

    /** The limit that is reached. */
    public int limit() {
        return limit;
    }

    @Override
    public boolean isTransient() {
        return true;
    }
}
