package dev.architect.cluster.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes numbers, most significant byte first, and texts in UTF-8 behind their length. Not safe for use by several threads. */
final class ByteWriter {

    private static final int FIRST_SIZE = 64;

    /** The most bytes of a text, which a length of two bytes can state. */
    private static final int MAX_TEXT = 0xFFFF;

    private byte[] bytes = new byte[FIRST_SIZE];
    private int size;

    ByteWriter one(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
        return this;
    }

    ByteWriter two(int value) {
        return one(value >>> 8).one(value);
    }

    ByteWriter four(int value) {
        return two(value >>> 16).two(value);
    }

    ByteWriter eight(long value) {
        return four((int) (value >>> 32)).four((int) value);
    }

    ByteWriter text(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        if (encoded.length > MAX_TEXT) {
            throw new IllegalArgumentException("text has " + encoded.length + " bytes, expected at most " + MAX_TEXT);
        }
        return two(encoded.length).raw(encoded);
    }

    ByteWriter raw(byte[] added) {
        reserve(added.length);
        System.arraycopy(added, 0, bytes, size, added.length);
        size += added.length;
        return this;
    }

    int size() {
        return size;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    private void reserve(int count) {
        if (size + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + count));
        }
    }
}
