package dev.architect.testkit.replay;

import dev.architect.simulator.script.SeededRandom;
import java.io.InputStream;
import java.util.function.IntSupplier;

/** Bytes that arrive in chunks with arbitrary boundaries. Not safe for use by several threads. */
final class ChunkedInputStream extends InputStream {

    private final byte[] bytes;
    private final IntSupplier sizes;
    private int position;

    /** @param sizes the most bytes of the next read */
    ChunkedInputStream(byte[] bytes, IntSupplier sizes) {
        this.bytes = bytes;
        this.sizes = sizes;
    }

    /** Splits {@code bytes} into chunks of random sizes; the largest size is random too, so that some streams have tiny chunks only. */
    static ChunkedInputStream withRandomChunks(byte[] bytes, SeededRandom random) {
        int maxSize = random.oneOf(1, 2, 3, 7, 40, 300, 2000, 20_000);
        return new ChunkedInputStream(bytes, () -> random.between(1, maxSize));
    }

    @Override
    public int read() {
        return position == bytes.length ? -1 : bytes[position++] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (position == bytes.length) {
            return -1;
        }
        int count = Math.min(Math.min(length, bytes.length - position), sizes.getAsInt());
        System.arraycopy(bytes, position, target, offset, count);
        position += count;
        return count;
    }
}
