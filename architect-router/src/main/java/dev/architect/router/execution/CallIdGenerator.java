package dev.architect.router.execution;

import dev.architect.spi.TimeSource;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids of 128 bits in hexadecimal: two sequences of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014),
 * each from a random start of its own. Ids of one generator never repeat, since a sequence visits every number once; those of two are equal
 * only by chance. They name calls and are no secrets. Safe for use by several threads.
 */
final class CallIdGenerator {

    private static final long STEP = 0x9E3779B97F4A7C15L;
    private static final long SEED_PART = 1L << Integer.SIZE;
    private static final int DIGITS = 32;
    private static final int DIGITS_OF_HALF = 16;
    private static final int BITS_OF_DIGIT = 4;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);

    private final AtomicLong next;
    private final long difference;

    CallIdGenerator(TimeSource time) {
        this.next = new AtomicLong(seed(time));
        this.difference = seed(time);
    }

    private static long seed(TimeSource time) {
        return time.random(SEED_PART) << Integer.SIZE | time.random(SEED_PART);
    }

    String next() {
        long place = next.getAndAdd(STEP);
        byte[] text = new byte[DIGITS];
        write(mixed(place), text, 0);
        write(mixed(place + difference), text, DIGITS_OF_HALF);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    /** The finalizer of SplitMix64, one to one. */
    private static long mixed(long value) {
        long mixed = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }

    private static void write(long half, byte[] into, int start) {
        long left = half;
        for (int digit = start + DIGITS_OF_HALF - 1; digit >= start; digit--) {
            into[digit] = HEX[(int) left & HEX.length - 1];
            left >>>= BITS_OF_DIGIT;
        }
    }
}
