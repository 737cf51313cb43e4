package dev.architect.store.jdbi.ledger;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How often each duration occurred, rounded down to three digits of its microseconds, so that sketches of several periods can be added up
 * and a quantile is too short by less than one percent. Used by one thread at a time.
 */
final class LatencySketch {

    private static final int EXACT = 1_000;
    private static final int LEAST = 100;
    private static final int PER_DECADE = 900;
    private static final int BASE = 10;
    private static final int SEVEN_BITS = 0x7f;
    private static final int MORE = 0x80;

    private static final int FIRST_CAPACITY = 16;

    /** The places of durations among those that have three digits, in their order: a map would cost more than all else of a sum. */
    private int[] places = new int[FIRST_CAPACITY];

    /** How often each of them occurred. */
    private long[] counts = new long[FIRST_CAPACITY];

    private int size;
    private long total;

    void add(long micros) {
        int place = place(Math.max(0, micros));
        int at = Arrays.binarySearch(places, 0, size, place);
        add(at < 0 ? -at - 1 : at, place, 1);
    }

    /** Counts at {@code free}, where the place is or belongs. */
    private void add(int free, int place, long count) {
        total += count;
        if (free < size && places[free] == place) {
            counts[free] += count;
            return;
        }
        if (size == places.length) {
            places = Arrays.copyOf(places, size * 2);
            counts = Arrays.copyOf(counts, size * 2);
        }
        System.arraycopy(places, free, places, free + 1, size - free);
        System.arraycopy(counts, free, counts, free + 1, size - free);
        places[free] = place;
        counts[free] = count;
        size++;
    }

    /** Adds what {@link #bytes} made. */
    void add(byte @Nullable [] bytes) {
        if (bytes == null) {
            return;
        }
        ByteBuffer read = ByteBuffer.wrap(bytes);
        int place = 0;
        int at = 0;
        while (read.hasRemaining()) {
            // Each as its distance from the one before it. They come in order, so that both are gone through once.
            place += (int) number(read);
            while (at < size && places[at] < place) {
                at++;
            }
            add(at, place, number(read));
        }
    }

    private static long number(ByteBuffer read) {
        long number = 0;
        int shift = 0;
        byte next;
        do {
            next = read.get();
            number |= (long) (next & SEVEN_BITS) << shift;
            shift += Byte.SIZE - 1;
        } while ((next & MORE) != 0);
        return number;
    }

    boolean isEmpty() {
        return total == 0;
    }

    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int before = 0;
        for (int i = 0; i < size; i++) {
            write(bytes, places[i] - before);
            write(bytes, counts[i]);
            before = places[i];
        }
        return bytes.toByteArray();
    }

    private static void write(ByteArrayOutputStream bytes, long value) {
        long rest = value;
        while (rest > SEVEN_BITS) {
            bytes.write((int) (rest & SEVEN_BITS) | MORE);
            rest >>>= Byte.SIZE - 1;
        }
        bytes.write((int) rest);
    }

    /** The nearest rank: the smallest duration that {@code percent} of all did not exceed; zero of none. */
    Duration percentile(int percent) {
        // Adding 99 before the division rounds the rank up in whole numbers.
        long rank = (total * percent + 99) / 100;
        long passed = 0;
        for (int i = 0; i < size; i++) {
            passed += counts[i];
            if (passed >= rank) {
                return Duration.ofNanos(Math.multiplyExact(micros(places[i]), 1_000L));
            }
        }
        return Duration.ZERO;
    }

    private static int place(long micros) {
        long digits = micros;
        int decade = 0;
        while (digits >= EXACT) {
            digits /= BASE;
            decade++;
        }
        return decade == 0 ? (int) digits : EXACT + (decade - 1) * PER_DECADE + (int) digits - LEAST;
    }

    private static long micros(int place) {
        if (place < EXACT) {
            return place;
        }
        long micros = (long) ((place - EXACT) % PER_DECADE) + LEAST;
        for (int decade = (place - EXACT) / PER_DECADE; decade >= 0; decade--) {
            micros *= BASE;
        }
        return micros;
    }
}
