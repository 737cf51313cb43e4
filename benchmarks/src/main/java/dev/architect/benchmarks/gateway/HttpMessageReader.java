package dev.architect.benchmarks.gateway;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of one HTTP connection, one after the other, and keeps no more than one: as little work as possible, so that what is
 * measured is the other end. For one thread.
 */
final class HttpMessageReader {

    private static final byte[] HEAD_END = bytes("\r\n\r\n");
    private static final byte[] LINE_END = bytes("\r\n");
    private static final byte[] LENGTH = bytes("\r\ncontent-length:");
    private static final byte[] CHUNKED = bytes("\r\ntransfer-encoding: chunked");
    private static final int HEXADECIMAL = 16;

    private final InputStream in;
    private final byte @Nullable [] marker;
    private byte[] buffer = new byte[1 << 14];
    private int limit;
    private int end;
    private int scanned;
    private long markerNanos;

    /**
     * Creates a reader.
     *
     * @param marker bytes whose first arrival in a message is timed; null for none
     */
    HttpMessageReader(InputStream in, @Nullable String marker) {
        this.in = in;
        this.marker = marker == null ? null : bytes(marker);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Reads the next message, and forgets the one before.
     *
     * @return false when the connection has ended where a message could begin
     * @throws IOException when it ends within a message
     */
    boolean next() throws IOException {
        System.arraycopy(buffer, end, buffer, 0, limit - end);
        limit -= end;
        end = 0;
        scanned = 0;
        markerNanos = 0;
        if (limit > 0) {
            scan();
        }
        int body = -1;
        int from = 0;
        while (body < 0) {
            body = indexOf(HEAD_END, from, limit, false);
            if (body < 0) {
                from = Math.max(0, limit - HEAD_END.length);
                if (!fill()) {
                    if (limit == 0) {
                        return false;
                    }
                    throw new EOFException("the connection has ended within a head");
                }
            }
        }
        int length = indexOf(LENGTH, 0, body + 2, true);
        int start = body + HEAD_END.length;
        if (length >= 0) {
            int lineEnd = indexOf(LINE_END, length + LENGTH.length, body + 2, false);
            end = start + number(length + LENGTH.length, lineEnd, 10);
            need(end);
        } else if (indexOf(CHUNKED, 0, body + 2, true) >= 0) {
            end = chunks(start);
        } else {
            end = start;
        }
        return true;
    }

    private int chunks(int start) throws IOException {
        int at = start;
        while (true) {
            int line = indexOf(LINE_END, at, limit, false);
            while (line < 0) {
                need(limit + 1);
                line = indexOf(LINE_END, at, limit, false);
            }
            int size = number(at, line, HEXADECIMAL);
            at = line + LINE_END.length + size + LINE_END.length;
            need(at);
            if (size == 0) {
                return at;
            }
        }
    }

    /** The three digits after the version of an answer. */
    int status() {
        int space = indexOf(bytes(" "), 0, end, false);
        return number(space + 1, space + 4, 10);
    }

    /** Whether the message has {@code text}. */
    boolean contains(byte[] text) {
        return indexOf(text, 0, end, false) >= 0;
    }

    /** When the marker had arrived, by the monotonic clock; 0 when it has not. */
    long markerNanos() {
        return markerNanos;
    }

    /** The whole message. */
    String text() {
        return new String(buffer, 0, end, StandardCharsets.UTF_8);
    }

    private void need(int upTo) throws IOException {
        while (limit < upTo) {
            if (!fill()) {
                throw new EOFException("the connection has ended within a body");
            }
        }
    }

    private boolean fill() throws IOException {
        if (limit == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        int count = in.read(buffer, limit, buffer.length - limit);
        if (count < 0) {
            return false;
        }
        limit += count;
        scan();
        return true;
    }

    private void scan() {
        if (marker != null && markerNanos == 0) {
            if (indexOf(marker, scanned, limit, false) >= 0) {
                markerNanos = System.nanoTime();
            }
            scanned = Math.max(0, limit - marker.length);
        }
    }

    private int number(int from, int to, int radix) {
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = Character.digit(buffer[i], radix);
            if (digit >= 0) {
                number = number * radix + digit;
            }
        }
        return number;
    }

    private int indexOf(byte[] wanted, int from, int to, boolean ignoresCase) {
        for (int i = from; i <= to - wanted.length; i++) {
            int k = 0;
            while (k < wanted.length
                    && (buffer[i + k] == wanted[k]
                            || (ignoresCase && Character.toLowerCase((char) buffer[i + k]) == wanted[k]))) {
                k++;
            }
            if (k == wanted.length) {
                return i;
            }
        }
        return -1;
    }
}
