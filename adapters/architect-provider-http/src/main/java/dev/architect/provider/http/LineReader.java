package dev.architect.provider.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Lines of UTF-8 text that end with LF, CR LF or CR, however the bytes arrive; the last one may lack its end. A line is given
 * out as soon as its end was read: a CR does not wait for the LF that may follow. Not safe for use by several threads.
 */
final class LineReader {

    private static final int BUFFER_BYTES = 8192;
    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final char REPLACEMENT = '\uFFFD';

    private final InputStream in;
    private final int maxLineBytes;
    private final byte[] buffer = new byte[BUFFER_BYTES];

    /** What came of a line before the buffer was filled again. */
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream(0);

    private int position;
    private int filled;
    private int lineBytes;
    private boolean afterCarriageReturn;
    private boolean first = true;

    LineReader(InputStream in, int maxLineBytes) {
        this.in = in;
        this.maxLineBytes = maxLineBytes;
    }

    /** Returns the next line without its end, or null when there is none. Blocks. */
    @Nullable
    String next() throws IOException {
        begun.reset();
        while (position < filled || fill()) {
            int start = position;
            if (afterCarriageReturn) {
                afterCarriageReturn = false;
                if (buffer[start] == '\n') {
                    position++;
                    continue;
                }
            }
            int end = start;
            while (end < filled && buffer[end] != '\n' && buffer[end] != '\r') {
                end++;
            }
            if (begun.size() + end - start > maxLineBytes) {
                throw new BadReplyException("line is larger than " + maxLineBytes + " bytes (maxEventBytes)");
            }
            position = end;
            if (end < filled) {
                afterCarriageReturn = buffer[end] == '\r';
                position++;
                return line(start, end);
            }
            begun.write(buffer, start, end - start);
        }
        return begun.size() == 0 ? null : line(0, 0);
    }

    /** How many bytes the line had that was returned last. */
    int lineBytes() {
        return lineBytes;
    }

    private boolean fill() throws IOException {
        position = 0;
        filled = Math.max(0, in.read(buffer));
        return filled > 0;
    }

    private String line(int start, int end) throws BadReplyException {
        if (begun.size() == 0) {
            return text(buffer, start, end - start);
        }
        begun.write(buffer, start, end - start);
        byte[] whole = begun.toByteArray();
        return text(whole, 0, whole.length);
    }

    private String text(byte[] bytes, int start, int length) throws BadReplyException {
        lineBytes = length;
        String text = new String(bytes, start, length, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0) {
            checkUtf8(ByteBuffer.wrap(bytes, start, length));
        }
        boolean marked = first && !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK;
        first = false;
        return marked ? text.substring(1) : text;
    }

    /** Tells a replacement character that was sent from one that stands for bytes that are no text. */
    private static void checkUtf8(ByteBuffer bytes) throws BadReplyException {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(bytes);
        } catch (CharacterCodingException malformed) {
            throw new BadReplyException("line is not UTF-8");
        }
    }
}
