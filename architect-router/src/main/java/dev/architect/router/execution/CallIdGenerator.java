package dev.architect.router.execution;

import dev.architect.spi.TimeSource;
import java.util.HexFormat;

/** Ids of 128 random bits in hexadecimal. */
final class CallIdGenerator {

    private static final int PARTS = 4;
    private static final long PART_BOUND = 1L << Integer.SIZE;

    private CallIdGenerator() {}

    static String next(TimeSource time) {
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < PARTS; i++) {
            id.append(HexFormat.of().toHexDigits((int) time.random(PART_BOUND)));
        }
        return id.toString();
    }
}
