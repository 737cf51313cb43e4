package dev.architect.provider.http.stream;

import dev.architect.provider.http.message.BadReplyException;
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
public final class LineReader {

    private static final int BUFFER_BYTES = 8192;

    /** The bytes of U+FEFF in UTF-8, as characters. */
    private static final String BYTE_ORDER_MARK = "\u00EF\u00BB\u00BF";

    private static final char REPLACEMENT = '\uFFFD';

    private final InputStream in;
    private final int maxLineBytes;
    private final byte[] buffer = new byte[BUFFER_BYTES];

    /** What came of a line before the buffer was filled again. */
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream(0);

    private int begunBytes;
    // Points into the buffer while a line lies in it whole, which most do: nothing is copied for them.
    private byte[] line = buffer;
    private int lineStart;
    private int lineEnd;
    private int position;
    private int filled;
    private boolean afterCarriageReturn;
    private boolean first = true;

    public LineReader(InputStream in, int maxLineBytes) {
        this.in = in;
        this.maxLineBytes = maxLineBytes;
    }

    /** Returns the next line without its end, or null when there is none. Blocks. */
    @Nullable
    String next() throws IOException {
        return advance() ? text(0) : null;
    }

    /** Goes to the next line; false when there is none. Blocks. */
    boolean advance() throws IOException {
        if (begunBytes > 0) {
            begun.reset();
            begunBytes = 0;
        }
        while (position < filled || fill()) {
            int start = position;
            if (afterCarriageReturn) {
                afterCarriageReturn = false;
                // This LF belongs to a CR whose line was already given out; alone it would count as an empty line and
                // end an event.
                if (buffer[start] == '\n') {
                    position++;
                    continue;
                }
            }
            int end = endOfLine(start);
            // Checked before the bytes are kept, so that a line without an end never fills the memory.
            if (begunBytes + end - start > maxLineBytes) {
                throw new BadReplyException("line is larger than " + maxLineBytes + " bytes (maxEventBytes)");
            }
            position = end;
            if (end < filled) {
                afterCarriageReturn = buffer[end] == '\r';
                position++;
                line(start, end);
                return true;
            }
            begun.write(buffer, start, end - start);
            begunBytes += end - start;
        }
        if (begunBytes > 0) {
            line(0, 0);
            return true;
        }
        return false;
    }

    /** How many bytes the line has. */
    int lineBytes() {
        return lineEnd - lineStart;
    }

    /** Whether the line begins with {@code prefix}, of which each character stands for one byte. */
    boolean startsWith(String prefix) {
        if (lineBytes() < prefix.length()) {
            return false;
        }
        for (int index = 0; index < prefix.length(); index++) {
            // Bytes are signed in Java; without the mask the byte order mark would never match.
            if ((line[lineStart + index] & 0xFF) != prefix.charAt(index)) {
                return false;
            }
        }
        return true;
    }

    /** Returns the byte of the line at {@code index}. */
    byte at(int index) {
        return line[lineStart + index];
    }

    /** Returns the line from its byte number {@code from} on. */
    String text(int from) throws BadReplyException {
        int start = lineStart + from;
        String text = new String(line, start, lineEnd - start, StandardCharsets.UTF_8);
        // The decoder of String replaces malformed bytes in silence. Only a text with replacements is decoded a second
        // time.
        if (text.indexOf(REPLACEMENT) >= 0) {
            checkUtf8(ByteBuffer.wrap(line, start, lineEnd - start));
        }
        return text;
    }

    private int endOfLine(int start) {
        byte[] bytes = buffer;
        int limit = filled;
        int end = start;
        // Most bytes are larger than both line ends: one comparison is enough for them.
        while (end < limit && (bytes[end] > '\r' || (bytes[end] != '\n' && bytes[end] != '\r'))) {
            end++;
        }
        return end;
    }

    private boolean fill() throws IOException {
        position = 0;
        filled = Math.max(0, in.read(buffer));
        return filled > 0;
    }

    private void line(int start, int end) {
        if (begunBytes == 0) {
            line = buffer;
            lineStart = start;
            lineEnd = end;
        } else {
            begun.write(buffer, start, end - start);
            line = begun.toByteArray();
            lineStart = 0;
            lineEnd = line.length;
        }
        if (first && startsWith(BYTE_ORDER_MARK)) {
            lineStart += BYTE_ORDER_MARK.length();
        }
        first = false;
    }

    /** Distinguishes a replacement character that was sent from one that replaces bytes that are no text. */
    private static void checkUtf8(ByteBuffer bytes) throws BadReplyException {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(bytes);
        } catch (CharacterCodingException malformed) {
            throw new BadReplyException("line is not UTF-8");
        }
    }
}
