package dev.architect.step;

import dev.architect.check.Check;

/**
 * A part of what an attempt has written so far.
 *
 * @param number rises within an attempt by one, and from one attempt to the next; {@link #epoch} tells them apart
 * @param text the part, at most 1,000,000 characters
 */
public record OutputChunk(long number, String text) {

    /** The most parts of one attempt. */
    public static final int MAX_CHUNKS = 10_000;

    /** The most characters of one attempt, in all parts together. */
    public static final int MAX_CHARACTERS = 10_000_000;

    private static final int MAX_CHUNK_CHARACTERS = 1_000_000;
    private static final long PER_EPOCH = 100_000;

    /** Checks every field. */
    public OutputChunk {
        Check.notNegative("number", number);
        Check.atMost("text", text, MAX_CHUNK_CHARACTERS);
    }

    /**
     * Returns a part of an attempt.
     *
     * @param index from 1
     */
    public static OutputChunk of(long epoch, int index, String text) {
        Check.range("index", index, 1, MAX_CHUNKS);
        return new OutputChunk(firstOf(Check.notNegative("epoch", epoch)) + index, text);
    }

    /** Less than the number of every part of an attempt, and more than that of every earlier one. */
    public static long firstOf(long epoch) {
        return epoch * PER_EPOCH;
    }

    /** The attempt that wrote it. What another one has written is void. */
    public long epoch() {
        return number / PER_EPOCH;
    }
}
