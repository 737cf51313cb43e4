package dev.architect.cluster.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads what {@link ByteWriter} wrote. Takes no more memory than there are bytes. Not safe for use by several threads. */
final class ByteReader {

    private static final int BYTE = 0xFF;

    private final byte[] bytes;
    private int at;

    ByteReader(byte[] bytes) {
        this.bytes = bytes;
    }

    int one() {
        if (at >= bytes.length) {
            throw new UnreadableMessageException("message ends after " + bytes.length + " bytes, expected more");
        }
        return bytes[at++] & BYTE;
    }

    int two() {
        return (one() << 8) | one();
    }

    int four() {
        return (two() << 16) | two();
    }

    long eight() {
        return ((long) four() << 32) | (four() & 0xFFFF_FFFFL);
    }

    String text() {
        int length = two();
        if (length > left()) {
            throw new UnreadableMessageException("text of " + length + " bytes, expected at most " + left());
        }
        try {
            // Not new String(...), which replaces what is no UTF-8: two different names could become one.
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, at, length))
                    .toString();
            at += length;
            return text;
        } catch (CharacterCodingException broken) {
            throw new UnreadableMessageException("text of " + length + " bytes is no UTF-8", broken);
        }
    }

    boolean hasMore() {
        return at < bytes.length;
    }

    private int left() {
        return bytes.length - at;
    }

    byte[] rest() {
        byte[] rest = new byte[left()];
        System.arraycopy(bytes, at, rest, 0, rest.length);
        at = bytes.length;
        return rest;
    }
}
