package dev.architect.task;

import dev.architect.check.Check;

/**
 * The id of a task: a 45-bit number, 10 bits for the store and 8 bits for the virtual shard of its project.
 *
 * <p>Outside Java it is always text of thirteen characters, because JavaScript loses bits above 2^53. Ids grow within what
 * one process submits; each process takes numbers in blocks, so the ids of several interleave.
 *
 * @param value the id, zero or more
 */
public record TaskId(long value) implements Comparable<TaskId> {

    private static final int STORE_BITS = 10;
    private static final int SHARD_BITS = 8;
    private static final int TEXT_LENGTH = 13;
    private static final int BITS_PER_CHARACTER = 5;

    /** Crockford's base 32: no letter that looks like a digit (crockford.com/base32.html, read 2026-11-22). */
    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

    /** Checks that the id is not negative. */
    public TaskId {
        if (value < 0) {
            throw new IllegalArgumentException("task id is " + value + ", expected 0 or more");
        }
    }

    /** Returns the id made of its three parts. */
    public static TaskId of(long number, int store, int shard) {
        if (number < 0 || number >= 1L << 45) {
            throw new IllegalArgumentException("number is " + number + ", expected 0..2^45-1");
        }
        if (store < 0 || store >= 1 << STORE_BITS) {
            throw new IllegalArgumentException("store is " + store + ", expected 0..1023");
        }
        if (shard < 0 || shard >= 1 << SHARD_BITS) {
            throw new IllegalArgumentException("shard is " + shard + ", expected 0..255");
        }
        return new TaskId((number << (STORE_BITS + SHARD_BITS)) | ((long) store << SHARD_BITS) | shard);
    }

    /** Reads what {@link #toString} wrote. */
    public static TaskId parse(String text) {
        if (Check.notNull("task id", text).length() != TEXT_LENGTH) {
            throw new IllegalArgumentException("task id has " + text.length() + " characters, expected " + TEXT_LENGTH);
        }
        long value = 0;
        for (int i = 0; i < TEXT_LENGTH; i++) {
            int digit = ALPHABET.indexOf(text.charAt(i));
            // Thirteen characters hold 65 bits and an id has 63, so the first character is below 8.
            if (digit < 0 || (i == 0 && digit >= 8)) {
                throw new IllegalArgumentException(
                        "task id has '" + text.charAt(i) + "' at position " + i + ", expected base 32 text");
            }
            value = (value << BITS_PER_CHARACTER) | digit;
        }
        return new TaskId(value);
    }

    /** The number in its group of the store that accepted the task, 0 to 1023; 0 for a store that is in no group. */
    public int store() {
        return (int) ((value >>> SHARD_BITS) & ((1 << STORE_BITS) - 1));
    }

    /** The virtual shard, 0 to 255. */
    public int shard() {
        return (int) (value & ((1 << SHARD_BITS) - 1));
    }

    @Override
    public int compareTo(TaskId other) {
        return Long.compare(value, other.value);
    }

    /** Spreads over all bits: the numbers of a store differ only in their upper bits, and would meet in the same places of hash tables. */
    @Override
    public int hashCode() {
        // The golden ratio of 64 bits (Knuth, The Art of Computer Programming, volume 3, section 6.4).
        return Long.hashCode(value * 0x9E37_79B9_7F4A_7C15L);
    }

    /** Thirteen characters of base 32; text order is number order. */
    @Override
    public String toString() {
        char[] text = new char[TEXT_LENGTH];
        long rest = value;
        for (int i = TEXT_LENGTH - 1; i >= 0; i--) {
            text[i] = ALPHABET.charAt((int) (rest & 31));
            rest >>>= BITS_PER_CHARACTER;
        }
        return new String(text);
    }
}
