package dev.architect.testkit;

import java.io.InputStream;

/** Bytes that arrive in pieces of random sizes, cut anywhere. Not safe for use by several threads. */
final class SplitStream extends InputStream {

    private final byte[] bytes;
    private final Dice dice;
    private final int longest;
    private int position;

    SplitStream(byte[] bytes, Dice dice) {
        this.bytes = bytes;
        this.dice = dice;
        this.longest = dice.oneOf(1, 2, 3, 7, 40, 300, 2000, 20_000);
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
        int count = Math.min(Math.min(length, bytes.length - position), dice.between(1, longest));
        System.arraycopy(bytes, position, target, offset, count);
        position += count;
        return count;
    }
}
