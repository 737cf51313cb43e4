package dev.architect.router.execution;

import dev.architect.router.planning.SplitMix;
import dev.architect.spi.TimeSource;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * Ids of 128 bits in hexadecimal: two sequences of {@link SplitMix}, each from a random start of its own. Ids of one generator never repeat,
 * since a sequence visits every number once; those of two are equal only by chance. They name calls and are no secrets. Safe for use by
 * several threads.
 */
final class CallIdGenerator {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final HexFormat HEX = HexFormat.of();

    private final SplitMix sequence;
    private final long difference;

    CallIdGenerator(TimeSource time) {
        this.sequence = new SplitMix(time);
        this.difference = SplitMix.seed(time);
    }

    String next() {
        long place = sequence.nextPlace();
        byte[] id = new byte[2 * Long.BYTES];
        LONGS.set(id, 0, SplitMix.mixed(place));
        LONGS.set(id, Long.BYTES, SplitMix.mixed(place + difference));
        return HEX.formatHex(id);
    }
}
