package dev.architect.job;

import dev.architect.error.ArchitectException;

/** As many tasks pass the filter of a job as its caller did not expect; nothing was changed. */
public final class ExpectedCountException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final long expected;
    private final long count;

    /** Creates the exception. */
    public ExpectedCountException(long expected, long count) {
        super("expectedCount is " + expected + ", expected " + count + ", give or take one in a hundred");
        this.expected = expected;
        this.count = count;
    }

    /** How many the caller has expected. */
    public long expected() {
        return expected;
    }

    /** How many there are. */
    public long count() {
        return count;
    }
}
