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

    private final InputStream in;
    private final int maxLineBytes;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int filled;
    private boolean afterCarriageReturn;
    private boolean first = true;

    LineReader(InputStream in, int maxLineBytes) {
        this.in = in;
        this.maxLineBytes = maxLineBytes;
    }

    /** Returns the next line without its end, or null when there is none. Blocks. */
    @Nullable
    String next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
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
            line.write(buffer, start, end - start);
            if (line.size() > maxLineBytes) {
                throw new BadReplyException("line is larger than " + maxLineBytes + " bytes");
            }
            position = end;
            if (end < filled) {
                afterCarriageReturn = buffer[end] == '\r';
                position++;
                return text(line);
            }
        }
        return line.size() == 0 ? null : text(line);
    }

    private boolean fill() throws IOException {
        position = 0;
        filled = Math.max(0, in.read(buffer));
        return filled > 0;
    }

    private String text(ByteArrayOutputStream line) throws BadReplyException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line.toByteArray()))
                    .toString();
            boolean marked = first && !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK;
            first = false;
            return marked ? text.substring(1) : text;
        } catch (CharacterCodingException malformed) {
            throw new BadReplyException("line is not UTF-8");
        }
    }
}
