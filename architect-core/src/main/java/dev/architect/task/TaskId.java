package dev.architect.task;

import dev.architect.check.IdText;

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
        return new TaskId(IdText.read("task id", text));
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
        return IdText.write(value);
    }
}
