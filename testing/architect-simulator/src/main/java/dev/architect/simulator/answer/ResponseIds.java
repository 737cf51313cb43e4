package dev.architect.simulator.answer;

import java.util.SplittableRandom;
import java.util.UUID;

/** The ids of one call, in the formats that providers use; the same for the same seed and call number. */
public final class ResponseIds {

    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private final long first;
    private final long second;
    private final String name;

    public ResponseIds(long seed, long number) {
        // A generator of its own: the ids stay the same whatever else an answer draws.
        SplittableRandom random = new SplittableRandom(seed * 31 + number);
        first = random.nextLong();
        second = random.nextLong();
        StringBuilder letters = new StringBuilder(24);
        for (int i = 0; i < 24; i++) {
            letters.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        name = letters.toString();
    }

    /** A prefix followed by letters and digits. */
    public String of(String prefix) {
        return prefix + name;
    }

    /** A prefix followed by a UUID; another UUID for another prefix. */
    public String uuid(String prefix) {
        return prefix + new UUID(first ^ prefix.hashCode(), second);
    }

    /** The request id, which the log has too. */
    public String request() {
        return of("req_");
    }

    /** A prefix followed by letters and digits; another id for each index from 0 to 99. */
    public String of(String prefix, int index) {
        return prefix + name.substring(2) + (char) ('0' + index / 10 % 10) + (char) ('0' + index % 10);
    }
}
