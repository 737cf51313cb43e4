package dev.architect.node;

import dev.architect.check.Check;

/**
 * A message that nodes without another way to each other pass through the store.
 *
 * @param number grows with the time of sending; a message that was committed late may have a lower one than others that were read
 * @param from the member that sent it
 * @param to the member that it is for; empty for all others
 * @param content at most {@link #MAX_BYTES} bytes, the receiver's own
 */
@SuppressWarnings("ArrayRecordComponent")
public record NodeMessage(long number, String from, String to, byte[] content) {

    /** The most bytes of a message between nodes. */
    public static final int MAX_BYTES = 8 * 1024;

    /** Checks that nothing is null. */
    public NodeMessage {
        Check.notBlank("from", from);
        Check.notNull("to", to);
        requireSize(content);
    }

    /**
     * Checks a content before it is sent.
     *
     * @throws IllegalArgumentException when it is null or longer than a message may be
     */
    public static void requireSize(byte[] content) {
        int size = Check.notNull("content", content).length;
        if (size > MAX_BYTES) {
            throw new IllegalArgumentException("message has " + size + " bytes, expected at most " + MAX_BYTES);
        }
    }

    /** Whether {@code member} is to get it: it is for that member or for all, and not from it. */
    public boolean isFor(String member) {
        return !from.equals(member) && (to.isEmpty() || to.equals(member));
    }
}
